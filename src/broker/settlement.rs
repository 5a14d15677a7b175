//! What becomes of a delivery.

use std::time::Duration;

use lapin::options::{BasicAckOptions, BasicNackOptions, BasicRejectOptions};
use strum::IntoStaticStr;
use tokio::time::sleep;

use crate::broker::connection::step::within;
use crate::broker::message::delivery::Counts;
use crate::broker::{Broker, Delivery, KeepReason, KeptQueue, PublishError};

/// How long a message is held of which no copy can be published, so that one that comes again at once makes no haste.
const RELEASE_PAUSE: Duration = Duration::from_secs(5);

/// What becomes of a delivery.
#[derive(Debug, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Settlement {
    /// It was answered.
    Ack,
    /// A worker failed with it: it comes again in a while, and the attempt counts.
    Retry,
    /// It was not tried; another worker shall at once.
    HandBack,
    /// Another worker has it in hand: it comes again in a while, and no attempt is used up.
    Later,
    /// No queue takes its answer, which is stored: it comes again in a while, and is counted.
    OfferAgain,
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

    /// What a copy that is put off in the place of the message counts; `None` where there is no such copy.
    fn put_off(&self, mut counts: Counts) -> Option<Counts> {
        let counted = match self {
            Self::Retry => &mut counts.failed,
            Self::OfferAgain => &mut counts.refused,
            Self::Postpone => &mut counts.postponed,
            Self::Later => return Some(counts),
            Self::Ack | Self::HandBack | Self::DeadLetter(_) | Self::Rejected(_) => return None,
        };
        *counted = counted.saturating_add(1);
        Some(counts)
    }
}

impl Broker {
    /// Settles a delivery. If it cannot be settled, it will be delivered again, and judging is idempotent.
    ///
    /// # Errors
    /// When the copy cannot be published; the delivery is then released after a pause, or comes again over another link.
    pub async fn settle(&self, delivery: &Delivery, settlement: Settlement) -> Result<(), PublishError> {
        let settled = self.try_to_settle(delivery, settlement).await;
        if let Err(error) = &settled
            && !matches!(error, PublishError::Closed)
        {
            sleep(RELEASE_PAUSE).await;
            release(delivery, error).await;
        }
        settled
    }

    async fn try_to_settle(&self, delivery: &Delivery, settlement: Settlement) -> Result<(), PublishError> {
        match settlement.put_off(delivery.counts()) {
            // The message comes again by itself: with a copy there would be two of it.
            Some(_counts) if delivery.is_lost() => return Ok(()),
            Some(counts) => self.put_off(delivery, counts).await?,
            None => self.keep_copy(delivery, &settlement).await?,
        }
        let settled = match settlement {
            Settlement::HandBack => {
                let back = BasicNackOptions {
                    requeue: true,
                    multiple: false,
                };
                within(delivery.acker.nack(back)).await
            }
            _ => within(delivery.acker.ack(BasicAckOptions::default())).await,
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
                tracing::warn!(submission.id = delivery.message_id().map(display), %error, "a message cannot be settled; RabbitMQ delivers it again");
                delivery.origin.broken.cancel();
            }
        }
        Ok(())
    }

    /// Publishes the copy that is kept of a message that is not judged any more.
    async fn keep_copy(&self, delivery: &Delivery, settlement: &Settlement) -> Result<(), PublishError> {
        match settlement {
            Settlement::DeadLetter(reason) => self.keep(KeptQueue::Dead, delivery, reason).await,
            Settlement::Rejected(reason) => self.keep_rejected(delivery, reason).await,
            _ => Ok(()),
        }
    }
}

/// Lets go of a message of which no copy can be published. Unsettled, it would keep its consumer, which has one message at
/// a time, until RabbitMQ's `consumer_timeout`.
async fn release(delivery: &Delivery, error: &PublishError) {
    if error.is_nack() {
        // The queues are there, and one refuses this message. Reject counts towards the delivery limit on every version, which
        // is the end of it; nack does from 4.3 on no longer.
        let back = delivery.acker.reject(BasicRejectOptions { requeue: true });
        if within(back).await.is_ok() {
            return;
        }
    }
    // A queue or a binding may be gone, which are declared with the next link.
    delivery.origin.broken.cancel();
}
