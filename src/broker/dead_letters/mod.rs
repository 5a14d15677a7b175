//! What was given up: read, tried again, or thrown away.
//!
//! Messages are taken without being acknowledged, so that whatever happens to the reader, those that were not settled are
//! in the queue again when its connection ends, in the order in which they were.

pub(super) mod letter;

use lapin::options::{
    BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Confirmation, Connection};
use thiserror::Error;

use crate::broker::connection::step::{StepError, within};
use crate::broker::connection::{open, place};
use crate::broker::dead_letters::letter::DeadLetter;
use crate::config::BrokerSettings;

/// Dead letters that cannot be handled.
#[derive(Debug, Error)]
pub enum DeadLetterError {
    /// No connection, or it was lost.
    #[error("RabbitMQ at {broker}: {source}; is it running, and is the setting broker.url right?")]
    Broker {
        /// Address without the password.
        broker: String,
        /// What went wrong.
        source: StepError,
    },
    /// Its queue does not take it.
    #[error("the queue {queue} does not take a dead letter; start a worker first, which declares it")]
    NotTaken {
        /// Name of the queue.
        queue: String,
    },
}

/// The queue of dead letters, held by this connection.
#[derive(Debug)]
pub struct DeadLetters {
    connection: Connection,
    channel: Channel,
    settings: BrokerSettings,
}

impl DeadLetters {
    /// Connects.
    ///
    /// # Errors
    /// When the broker cannot be reached.
    pub async fn open(settings: &BrokerSettings) -> Result<Self, DeadLetterError> {
        let connecting = async {
            let connection = open(settings, "assize dead").await?;
            let channel = connection.create_channel().await?;
            channel.confirm_select(ConfirmSelectOptions::default()).await?;
            Ok::<_, StepError>((connection, channel))
        };
        let (connection, channel) = step(settings, connecting).await?;
        Ok(Self {
            connection,
            channel,
            settings: settings.clone(),
        })
    }

    /// Dead letters in the queue that no connection holds now.
    ///
    /// # Errors
    /// When the connection is lost, or there is no such queue.
    pub async fn count(&self) -> Result<u32, DeadLetterError> {
        let queue = self.settings.dead_letter_queue.as_str().into();
        let passive = QueueDeclareOptions {
            passive: true,
            ..Default::default()
        };
        let asking = self.channel.queue_declare(queue, passive, FieldTable::default());
        Ok(step(&self.settings, asking).await?.message_count())
    }

    /// The next dead letter that this connection has not seen.
    ///
    /// # Errors
    /// When the connection is lost, or there is no such queue.
    pub async fn next(&self) -> Result<Option<DeadLetter>, DeadLetterError> {
        let queue = self.settings.dead_letter_queue.as_str().into();
        let getting = self.channel.basic_get(queue, BasicGetOptions { no_ack: false });
        let got = step(&self.settings, getting).await?;
        Ok(got.map(|message| DeadLetter::of(message.delivery)))
    }

    /// Sends it to the queue again that it waited in, with a line more in its history, and its attempts counted from the start.
    ///
    /// # Errors
    /// When the queue does not take it; it stays what it is then.
    pub async fn requeue(&self, letter: &DeadLetter) -> Result<(), DeadLetterError> {
        let options = BasicPublishOptions {
            mandatory: true,
            ..Default::default()
        };
        let queue = letter.queue.as_ref().unwrap_or(&self.settings.queue);
        let (exchange, key) = (self.settings.exchange.as_str().into(), queue.as_str().into());
        let publishing = async {
            self.channel
                .basic_publish(exchange, key, options, &letter.body, letter.requeue_properties())
                .await?
                .await
        };
        match step(&self.settings, publishing).await? {
            Confirmation::Ack(None) => self.discard(letter).await,
            _ => Err(DeadLetterError::NotTaken { queue: queue.clone() }),
        }
    }

    /// Takes it out of the queue for good.
    ///
    /// # Errors
    /// When the connection is lost; it is in the queue still.
    pub async fn discard(&self, letter: &DeadLetter) -> Result<(), DeadLetterError> {
        let acked = letter.acker.ack(BasicAckOptions::default());
        step(&self.settings, acked).await.map(drop)
    }

    /// Lets go of the rest.
    ///
    /// # Errors
    /// When the connection was lost before; what was settled may then be in the queue still.
    pub async fn close(self) -> Result<(), DeadLetterError> {
        step(&self.settings, self.connection.close(200, "bye".into())).await
    }
}

async fn step<T, E>(settings: &BrokerSettings, doing: impl Future<Output = Result<T, E>>) -> Result<T, DeadLetterError>
where
    StepError: From<E>,
{
    within(doing).await.map_err(|source| DeadLetterError::Broker {
        broker: place(settings),
        source,
    })
}
