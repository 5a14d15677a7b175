//! What becomes of a delivery.

use lapin::options::{BasicAckOptions, BasicNackOptions, BasicRejectOptions};
use strum::IntoStaticStr;

use crate::broker::connection::step::within;
use crate::broker::{Broker, Delivery, KeepReason, KeptQueue, PublishError};

/// What becomes of a delivery.
#[derive(Debug, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Settlement {
    /// It was answered.
    Ack,
    /// Judging failed; another worker shall try, and the attempt counts.
    Retry,
    /// It was not tried; another worker shall.
    HandBack,
    /// Another worker has it in hand: it comes again in a while, and no attempt is used up.
    Later,
    /// This worker does not know its problem yet: it comes again in a while, and is counted.
    Postpone,
    /// It becomes a dead letter, with the reason.
    DeadLetter(KeepReason),
    /// It cannot be judged as its sender wrote it, who was told: a copy is kept for a while, with the reason.
    Rejected(KeepReason),
}

impl Settlement {
    /// A word for it.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

impl Broker {
    /// Settles a delivery. If it cannot be settled, it will be delivered again, and judging is idempotent.
    ///
    /// # Errors
    /// When the copy cannot be published; the delivery is then not settled.
    pub async fn settle(&self, delivery: &Delivery, settlement: Settlement) -> Result<(), PublishError> {
        // Reject counts as an attempt on every version; nack does from 4.3 on no longer.
        let settled = match settlement {
            Settlement::Ack => within(delivery.acker.ack(BasicAckOptions::default())).await,
            Settlement::Retry => within(delivery.acker.reject(BasicRejectOptions { requeue: true })).await,
            Settlement::HandBack => {
                let back = BasicNackOptions {
                    requeue: true,
                    multiple: false,
                };
                within(delivery.acker.nack(back)).await
            }
            Settlement::Later => {
                self.put_off(delivery, delivery.postponed()).await?;
                within(delivery.acker.ack(BasicAckOptions::default())).await
            }
            Settlement::Postpone => {
                self.put_off(delivery, delivery.postponed() + 1).await?;
                within(delivery.acker.ack(BasicAckOptions::default())).await
            }
            Settlement::DeadLetter(reason) => {
                self.keep(KeptQueue::Dead, delivery, &reason).await?;
                within(delivery.acker.ack(BasicAckOptions::default())).await
            }
            Settlement::Rejected(reason) => {
                self.keep_rejected(delivery, &reason).await?;
                within(delivery.acker.ack(BasicAckOptions::default())).await
            }
        };
        match settled {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(
                    submission.id = delivery.message_id().map(display),
                    "a message cannot be settled: its connection is gone; RabbitMQ delivers it again"
                )
            }
            Err(error) => {
                tracing::warn!(submission.id = delivery.message_id().map(display), %error, "a message cannot be settled; RabbitMQ delivers it again")
            }
        }
        Ok(())
    }
}
