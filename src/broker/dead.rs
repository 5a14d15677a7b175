//! What was given up: read, tried again, or thrown away.
//!
//! Messages are taken without being acknowledged, so that whatever happens to the reader, those that were not settled are
//! in the queue again when its connection ends, in the order in which they were.

use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Acker, BasicProperties, Channel, Confirmation, Connection};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::broker::connection::{open, place};
use crate::broker::copy::{HISTORY, add_history, headers_of_a_copy, lines_of, properties_of_a_copy, text_of};
use crate::broker::delivery::POSTPONED;
use crate::broker::step::{StepError, within};
use crate::config::BrokerSettings;

/// Headers that say how a message died; they end with its next life.
const DEATH_HEADERS: [&str; 8] = [
    POSTPONED,
    "x-assize-code",
    "x-assize-reason",
    "x-assize-field",
    "x-assize-worker",
    "x-assize-attempt",
    "x-assize-died-at",
    "x-assize-queue",
];

/// Dead letters that cannot be handled.
#[derive(Debug, Error)]
pub enum DeadLetterError {
    /// No connection, or it was lost.
    #[error("RabbitMQ at {broker}: {source}")]
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

/// A message that was given up.
#[derive(Debug)]
pub struct DeadLetter {
    /// Its `message_id`; for one that has none, `sha256-` and the beginning of the digest of its body.
    pub id: String,
    /// Short word for programs, such as `rejected` or `judge_error`; `delivery_limit` when RabbitMQ gave it up.
    pub code: String,
    /// For people.
    pub reason: String,
    /// Path of the offending field.
    pub field: Option<String>,
    /// The worker that gave it up.
    pub worker: Option<String>,
    /// Which attempt was the last one.
    pub attempt: Option<String>,
    /// When, as RFC 3339.
    pub died_at: Option<String>,
    /// Queue that it waited in.
    queue: Option<String>,
    /// What came of it before, the oldest first.
    pub history: Vec<String>,
    /// The message itself: untrusted bytes. Empty after [`DeadLetter::without_body`].
    pub body: Vec<u8>,
    /// Length of the message, in bytes.
    pub bytes: usize,
    properties: BasicProperties,
    acker: Acker,
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

impl DeadLetter {
    fn of(delivery: Delivery) -> Self {
        let Delivery {
            data,
            properties,
            acker,
            ..
        } = delivery;
        let headers = properties.headers().clone().unwrap_or_default();
        let header = |name: &str| text_of(headers.inner().get(name)?).filter(|text| !text.is_empty());
        let by_broker = header("x-first-death-reason");
        let unknown = "RabbitMQ gave it up: it was delivered too often, and no worker lived to say why";
        Self {
            id: match properties.message_id() {
                Some(id) if !id.as_str().is_empty() => id.to_string(),
                _ => digest(&data),
            },
            code: header("x-assize-code")
                .or(by_broker)
                .unwrap_or_else(|| "unknown".to_owned()),
            reason: header("x-assize-reason").unwrap_or_else(|| unknown.to_owned()),
            field: header("x-assize-field"),
            worker: header("x-assize-worker"),
            attempt: header("x-assize-attempt"),
            died_at: header("x-assize-died-at"),
            queue: header("x-assize-queue").or(header("x-first-death-queue")),
            history: lines_of(headers.inner().get(HISTORY)),
            bytes: data.len(),
            body: data,
            properties,
            acker,
        }
    }

    /// The same without the message itself, for who holds many. It can be discarded, and not requeued.
    #[must_use]
    pub fn without_body(self) -> Self {
        Self {
            body: Vec::new(),
            ..self
        }
    }

    /// How it died, in one line.
    pub fn exit_summary(&self) -> String {
        let when = self.died_at.as_deref().unwrap_or("at an unknown time");
        let attempt = self.attempt.as_deref().unwrap_or("?");
        let worker = self.worker.as_deref().unwrap_or("RabbitMQ");
        format!("{when} {} at attempt {attempt} by {worker}: {}", self.code, self.reason)
    }

    fn requeue_properties(&self) -> BasicProperties {
        let mut headers = FieldTable::default();
        for (name, value) in headers_of_a_copy(&self.properties).inner() {
            if !DEATH_HEADERS.contains(&name.as_str()) {
                headers.insert(name.clone(), value.clone());
            }
        }
        add_history(&mut headers, [self.exit_summary()]);
        properties_of_a_copy(&self.properties, headers)
    }
}

fn digest(body: &[u8]) -> String {
    let digest = hex::encode(Sha256::digest(body));
    format!("sha256-{}", &digest[..12])
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
