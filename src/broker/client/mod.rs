//! The other end of the queue: sending submissions and waiting for their answers.

pub(super) mod cancel;
pub(super) mod error;
mod publishing_channel;
pub(super) mod sender;

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, Consumer, ExchangeKind};
use tokio::time::timeout;

use crate::broker::client::error::{LostError, SubmitError};
use crate::broker::client::sender::{QueueSeen, SubmitSender};
use crate::broker::connection::step::{STEP_TIMEOUT, StepError, within};
use crate::broker::connection::{open, place};
use crate::broker::publishing::channels::PublishingChannels;
use crate::broker::topology::declaring::exchange;
use crate::config::BrokerSettings;
use crate::contract::{self, Judgement, Progress, Rejection, RunResult, SubmissionMessage};

/// What comes back for a submission.
#[derive(Debug)]
pub enum Reply {
    /// A test has finished.
    Progress(Progress),
    /// The verdict.
    Verdict(Box<Judgement>),
    /// The result of a program that was only run.
    Result(Box<RunResult>),
    /// The submission was not judged.
    Rejection(Rejection),
}

/// The routing keys of all progress.
const ALL_PROGRESS: &str = "progress.*";

/// `type` of progress.
const PROGRESS: &str = "assize.progress.v1";

/// A connection with a queue of its own for answers.
pub struct SubmitClient {
    connection: Arc<Connection>,
    /// It hears the progress of all submissions, so what is sent to its queue for its own is heard twice.
    follows_all: bool,
    sender: SubmitSender,
    replies: Consumer,
    /// Of the connection: the consumer of one that is lost does not always end.
    events: BoxStream<'static, lapin::Event>,
}

impl std::fmt::Debug for SubmitClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubmitClient")
            .field("reply_queue", &self.sender.reply_queue)
            .finish_non_exhaustive()
    }
}

/// A connection, the channels over which it publishes, and the queue on it that answers come to.
struct ReplyQueue {
    connection: Connection,
    channels: Arc<PublishingChannels>,
    name: String,
    replies: Consumer,
}

/// Connects, and consumes a queue for answers; for the progress of all submissions, too, if it `follows_all`.
async fn open_reply_queue(settings: &BrokerSettings, follows_all: bool) -> Result<ReplyQueue, StepError> {
    let connection = open(settings, "assize submit").await?;
    let channel = connection.create_channel().await?;
    let options = QueueDeclareOptions {
        exclusive: true,
        auto_delete: true,
        ..Default::default()
    };
    let queue = channel.queue_declare("".into(), options, FieldTable::default()).await?;
    if follows_all {
        follow_all(&channel, settings, queue.name().as_str()).await?;
    }
    let options = BasicConsumeOptions {
        no_ack: true,
        ..Default::default()
    };
    let replies = channel
        .basic_consume(queue.name().clone(), "answers".into(), options, FieldTable::default())
        .await?;
    Ok(ReplyQueue {
        channels: PublishingChannels::of(&connection).await?,
        connection,
        name: queue.name().to_string(),
        replies,
    })
}

/// Binds a queue to the progress of all submissions. There may have been no worker yet, which declares the exchange.
async fn follow_all(channel: &Channel, settings: &BrokerSettings, queue: &str) -> Result<(), lapin::Error> {
    let name = &settings.verdict_exchange;
    let declared = exchange(channel, name, ExchangeKind::Topic).await;
    declared.map_err(|error| error.source)?;
    let (bind, none) = (QueueBindOptions::default(), FieldTable::default());
    channel
        .queue_bind(queue.into(), name.as_str().into(), ALL_PROGRESS.into(), bind, none)
        .await
}

impl SubmitClient {
    /// Connects, and makes a queue for the answers that goes away with the connection.
    ///
    /// # Errors
    /// When the broker cannot be reached.
    pub async fn connect(settings: &BrokerSettings) -> Result<Self, SubmitError> {
        Self::open(settings, false).await
    }

    /// The same, and hears the progress of all submissions, whichever client sent them. Where its user may not, it hears
    /// that of its own.
    ///
    /// # Errors
    /// When the broker cannot be reached.
    pub async fn connect_to_follow_all(settings: &BrokerSettings) -> Result<Self, SubmitError> {
        match Self::open(settings, true).await {
            Err(SubmitError::Unreachable {
                source: StepError::Amqp(error),
                ..
            }) if error.is_amqp_soft_error() => {
                tracing::warn!(%error, "the progress of submissions that others have sent is not heard");
                Self::connect(settings).await
            }
            opened => opened,
        }
    }

    async fn open(settings: &BrokerSettings, follows_all: bool) -> Result<Self, SubmitError> {
        let opened = within(open_reply_queue(settings, follows_all)).await;
        let ReplyQueue {
            connection,
            channels,
            name: reply_queue,
            replies,
        } = opened.map_err(|source| SubmitError::Unreachable {
            broker: place(settings),
            source,
        })?;
        let events = connection.events_listener().boxed();
        let connection = Arc::new(connection);
        let sender = SubmitSender {
            connection: Arc::clone(&connection),
            channels,
            cancelling: Arc::default(),
            control_exchange: settings.control_exchange.clone(),
            cancel_queue: settings.cancel_queue.clone(),
            queue_seen: QueueSeen::default(),
            exchange: settings.exchange.clone(),
            queue: settings.queue.clone(),
            bulk_queue: settings.bulk_queue.clone(),
            later_queue: settings.later_queue.clone(),
            reply_queue,
        };
        Ok(Self {
            connection,
            follows_all,
            sender,
            replies,
            events,
        })
    }

    /// What sends, for other tasks than the one that waits for answers.
    pub fn sender(&self) -> SubmitSender {
        self.sender.clone()
    }

    /// Sends a submission, and returns when the broker has it.
    ///
    /// # Errors
    /// When the broker does not take it, such as when no worker has ever declared the queue.
    pub async fn send(&self, submission: &SubmissionMessage) -> Result<(), SubmitError> {
        self.sender.send(submission).await
    }

    /// Sends a submission that may wait behind others.
    ///
    /// # Errors
    /// As [`SubmitClient::send`].
    pub async fn send_in_bulk(&self, submission: &SubmissionMessage) -> Result<(), SubmitError> {
        self.sender.send_in_bulk(submission).await
    }

    /// The next answer to any of the submissions.
    ///
    /// # Errors
    /// When the connection is lost, or something comes that is no answer.
    pub async fn next(&mut self) -> Result<Reply, SubmitError> {
        let mut delivery = self.next_delivery().await?;
        while self.follows_all && kind(&delivery) == PROGRESS && delivery.exchange.as_str().is_empty() {
            delivery = self.next_delivery().await?;
        }
        Ok(match kind(&delivery) {
            PROGRESS => Reply::Progress(contract::document(&delivery.data)?),
            "assize.result.v1" => Reply::Result(Box::new(contract::document(&delivery.data)?)),
            "assize.rejection.v1" => Reply::Rejection(contract::document(&delivery.data)?),
            _ => Reply::Verdict(Box::new(contract::document(&delivery.data)?)),
        })
    }

    async fn next_delivery(&mut self) -> Result<Delivery, SubmitError> {
        loop {
            tokio::select! {
                biased;
                delivery = self.replies.next() => return match delivery {
                    Some(Ok(delivery)) => Ok(delivery),
                    Some(Err(error)) => Err(LostError::from(error).into()),
                    None => Err(LostError::ConsumerEnded.into()),
                },
                // An error of one channel, such as where a queue is asked for that is not there, costs that channel only.
                Some(event) = self.events.next() => if let lapin::Event::Error(error) = event
                    && !error.is_amqp_soft_error()
                {
                    return Err(LostError::from(error).into());
                },
            }
        }
    }

    /// Closes the connection; the queue for the answers goes away.
    pub async fn close(self) {
        let closing = self.connection.close(200, "bye".into());
        if let Ok(Err(error)) = timeout(STEP_TIMEOUT, closing).await {
            tracing::debug!(%error, "RabbitMQ was gone before the connection could be closed");
        }
    }
}

/// The type of a message.
fn kind(delivery: &Delivery) -> &str {
    let kind = delivery.properties.kind().as_ref();
    kind.map(|kind| kind.as_str()).unwrap_or_default()
}
