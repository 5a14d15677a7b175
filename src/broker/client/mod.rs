//! The other end of the queue: sending submissions and waiting for their answers.

pub(super) mod cancel;
pub(super) mod error;
pub(super) mod sender;

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, Consumer};
use tokio::time::timeout;

use crate::broker::client::error::{LostError, SubmitError};
use crate::broker::client::sender::SubmitSender;
use crate::broker::connection::step::{STEP_TIMEOUT, StepError, within};
use crate::broker::connection::{open, place};
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

/// A connection with a queue of its own for answers.
pub struct SubmitClient {
    connection: Arc<Connection>,
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

/// A connection, and the queue on it that answers come to.
struct ReplyQueue {
    connection: Connection,
    channel: Channel,
    name: String,
    replies: Consumer,
}

async fn open_reply_queue(settings: &BrokerSettings) -> Result<ReplyQueue, StepError> {
    let connection = open(settings, "assize submit").await?;
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    let options = QueueDeclareOptions {
        exclusive: true,
        auto_delete: true,
        ..Default::default()
    };
    let queue = channel.queue_declare("".into(), options, FieldTable::default()).await?;
    let options = BasicConsumeOptions {
        no_ack: true,
        ..Default::default()
    };
    let replies = channel
        .basic_consume(queue.name().clone(), "answers".into(), options, FieldTable::default())
        .await?;
    Ok(ReplyQueue {
        connection,
        channel,
        name: queue.name().to_string(),
        replies,
    })
}

impl SubmitClient {
    /// Connects, and makes a queue for the answers that goes away with the connection.
    ///
    /// # Errors
    /// When the broker cannot be reached.
    pub async fn connect(settings: &BrokerSettings) -> Result<Self, SubmitError> {
        let opened = within(open_reply_queue(settings)).await;
        let ReplyQueue {
            connection,
            channel,
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
            channel,
            exchange: settings.exchange.clone(),
            queue: settings.queue.clone(),
            bulk_queue: settings.bulk_queue.clone(),
            reply_queue,
        };
        Ok(Self {
            connection,
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
        let delivery = self.next_delivery().await?;
        let kind = delivery
            .properties
            .kind()
            .as_ref()
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default();
        Ok(match kind.as_str() {
            "assize.progress.v1" => Reply::Progress(contract::document(&delivery.data)?),
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
                Some(event) = self.events.next() => if let lapin::Event::Error(error) = event {
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
