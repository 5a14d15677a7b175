//! What was given up or rejected: read, tried again, or thrown away.
//!
//! Messages are taken without being acknowledged, so that whatever happens to the reader, those that were not settled are
//! in the queue again when its connection ends, in the order in which they were.

mod death;
pub(super) mod kept_message;
pub(super) mod kept_queue;

use lapin::options::{
    BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Confirmation, Connection};
use thiserror::Error;

use crate::broker::connection::step::{StepError, within};
use crate::broker::connection::{open, place};
use crate::broker::kept::kept_message::KeptMessage;
use crate::broker::kept::kept_queue::KeptQueue;
use crate::broker::topology::queues::depth;
use crate::config::BrokerSettings;

/// Messages that cannot be handled.
#[derive(Debug, Error)]
pub enum KeptError {
    /// No connection, or it was lost.
    #[error("RabbitMQ at {broker}: {source}{}", source.advice())]
    Broker {
        /// Address without the password.
        broker: String,
        /// What went wrong.
        source: StepError,
    },
    /// Its queue does not take it.
    #[error("the queue {queue} does not take the message; start a worker first, which declares it")]
    NotTaken {
        /// Name of the queue.
        queue: String,
    },
    /// No worker has declared its queue yet.
    #[error(
        "RabbitMQ has no queue {queue}; the first worker declares it: is its name in [broker] that of the workers?"
    )]
    NoQueue {
        /// Name of the queue.
        queue: String,
    },
    /// There is to be no such queue.
    #[error("no rejected messages are kept: the setting broker.rejected_queue is empty")]
    Off,
}

/// A queue of messages that are kept, held by this connection.
#[derive(Debug)]
pub struct KeptMessages {
    connection: Connection,
    channel: Channel,
    queue: String,
    settings: BrokerSettings,
}

impl KeptMessages {
    /// Connects.
    ///
    /// # Errors
    /// When there is no such queue, or is to be none, or the broker cannot be reached.
    pub async fn open(settings: &BrokerSettings, queue: KeptQueue) -> Result<Self, KeptError> {
        let queue = queue.name(settings).ok_or(KeptError::Off)?.to_owned();
        let connecting = async {
            let connection = open(settings, "assize kept messages").await?;
            let channel = connection.create_channel().await?;
            channel.confirm_select(ConfirmSelectOptions::default()).await?;
            Ok::<_, StepError>((connection, channel))
        };
        let (connection, channel) = step(settings, connecting).await?;
        if step(settings, depth(&connection, &queue)).await?.is_none() {
            return Err(KeptError::NoQueue { queue });
        }
        Ok(Self {
            connection,
            channel,
            queue,
            settings: settings.clone(),
        })
    }

    /// Messages in the queue that no connection holds now.
    ///
    /// # Errors
    /// When the connection is lost, or there is no such queue.
    pub async fn count(&self) -> Result<u32, KeptError> {
        let queue = self.queue.as_str().into();
        let passive = QueueDeclareOptions {
            passive: true,
            ..Default::default()
        };
        let asking = self.channel.queue_declare(queue, passive, FieldTable::default());
        Ok(step(&self.settings, asking).await?.message_count())
    }

    /// The next message that this connection has not seen.
    ///
    /// # Errors
    /// When the connection is lost, or there is no such queue.
    pub async fn next(&self) -> Result<Option<KeptMessage>, KeptError> {
        let queue = self.queue.as_str().into();
        let getting = self.channel.basic_get(queue, BasicGetOptions { no_ack: false });
        let got = step(&self.settings, getting).await?;
        Ok(got.map(|message| KeptMessage::of(message.delivery)))
    }

    /// Sends it to the queue again that it waited in, with a line more in its history, and its attempts counted from the start.
    ///
    /// # Errors
    /// When the queue does not take it; it stays what it is then.
    pub async fn requeue(&self, message: &KeptMessage) -> Result<(), KeptError> {
        let options = BasicPublishOptions {
            mandatory: true,
            ..Default::default()
        };
        let queue = message.queue.as_ref().unwrap_or(&self.settings.queue);
        let (exchange, key) = (self.settings.exchange.as_str().into(), queue.as_str().into());
        let publishing = async {
            self.channel
                .basic_publish(exchange, key, options, &message.body, message.requeue_properties())
                .await?
                .await
        };
        match step(&self.settings, publishing).await? {
            Confirmation::Ack(None) => self.discard(message).await,
            _ => Err(KeptError::NotTaken { queue: queue.clone() }),
        }
    }

    /// Takes it out of the queue for good.
    ///
    /// # Errors
    /// When the connection is lost; it is in the queue still.
    pub async fn discard(&self, message: &KeptMessage) -> Result<(), KeptError> {
        let acked = message.acker.ack(BasicAckOptions::default());
        step(&self.settings, acked).await.map(drop)
    }

    /// Lets go of the rest.
    ///
    /// # Errors
    /// When the connection was lost before; what was settled may then be in the queue still.
    pub async fn close(self) -> Result<(), KeptError> {
        step(&self.settings, self.connection.close(200, "bye".into())).await
    }
}

async fn step<T, E>(settings: &BrokerSettings, doing: impl Future<Output = Result<T, E>>) -> Result<T, KeptError>
where
    StepError: From<E>,
{
    within(doing).await.map_err(|source| KeptError::Broker {
        broker: place(settings),
        source,
    })
}
