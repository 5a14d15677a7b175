//! The other end of the queue: sending submissions and waiting for their answers.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use lapin::message::Delivery;
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Confirmation, Connection, Consumer};
use tokio::time::timeout;

use crate::broker::connection::{open, place};
use crate::broker::link::CLOSE_TIMEOUT;
use crate::broker::publish::unix_seconds;
use crate::broker::queues::depth;
use crate::broker::step::{STEP_TIMEOUT, StepError, within};
use crate::broker::submit_error::{LostError, NotTakenError, SubmitError};
use crate::broker::trace::carry;
use crate::config::BrokerSettings;
use crate::contract::{self, Judgement, Progress, Rejection, RunResult, SubmissionMessage};
use crate::telemetry::Span;

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

/// Sends submissions whose answers come to a [`SubmitClient`].
#[derive(Clone)]
pub struct SubmitSender {
    connection: Arc<Connection>,
    channel: Channel,
    exchange: String,
    queue: String,
    bulk_queue: String,
    reply_queue: String,
}

impl std::fmt::Debug for SubmitSender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubmitSender")
            .field("reply_queue", &self.reply_queue)
            .finish_non_exhaustive()
    }
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

impl SubmitSender {
    /// Sends a submission, and returns when the broker has it.
    ///
    /// # Errors
    /// As [`SubmitClient::send`].
    pub async fn send(&self, submission: &SubmissionMessage) -> Result<(), SubmitError> {
        self.send_to(&self.queue, submission).await
    }

    /// Sends a submission that may wait behind others, and returns when the broker has it.
    ///
    /// # Errors
    /// As [`SubmitClient::send`].
    pub async fn send_in_bulk(&self, submission: &SubmissionMessage) -> Result<(), SubmitError> {
        self.send_to(&self.bulk_queue, submission).await
    }

    /// How many submissions wait that no worker has in hand.
    ///
    /// # Errors
    /// When the broker does not answer, or no worker has ever declared the queue.
    pub async fn waiting(&self) -> Result<u64, SubmitError> {
        let found = within(depth(&self.connection, &self.queue)).await;
        let depth = found.map_err(LostError::from)?;
        let depth = depth.ok_or_else(|| LostError::NoQueue(self.queue.clone()))?;
        Ok(u64::from(depth.waiting))
    }

    async fn send_to(&self, queue: &str, submission: &SubmissionMessage) -> Result<(), SubmitError> {
        let span = Span::of_sending("send submission");
        span.note("messaging.system", "rabbitmq");
        span.note("messaging.destination.name", self.exchange.as_str());
        span.note("messaging.rabbitmq.destination.routing_key", queue);
        span.note("submission.id", submission.id.to_string().as_str());
        let sent = span.around(self.publish_to(queue, submission, &span)).await;
        if sent.is_err() {
            span.fail("RabbitMQ did not take the submission");
        }
        sent
    }

    async fn publish_to(&self, queue: &str, submission: &SubmissionMessage, span: &Span) -> Result<(), SubmitError> {
        let body = serde_json::to_vec(submission)?;
        let mut headers = FieldTable::default();
        carry(&span.context(), &mut headers);
        let properties = BasicProperties::default()
            .with_content_type("application/json".into())
            .with_delivery_mode(2)
            .with_message_id(submission.id.to_string().into())
            .with_correlation_id(submission.id.to_string().into())
            .with_type("assize.submission.v1".into())
            .with_timestamp(unix_seconds())
            .with_app_id(concat!("assize-submit/", env!("CARGO_PKG_VERSION")).into())
            .with_reply_to(self.reply_queue.as_str().into())
            .with_headers(headers);
        let options = BasicPublishOptions {
            mandatory: true,
            ..Default::default()
        };
        let (exchange, key) = (self.exchange.as_str().into(), queue.into());
        let publishing = async {
            self.channel
                .basic_publish(exchange, key, options, &body, properties)
                .await?
                .await
        };
        match timeout(STEP_TIMEOUT, publishing).await {
            Ok(confirmed) => Ok(self.taken(queue, confirmed)?),
            Err(_elapsed) => {
                self.give_up_silent_node().await;
                Err(NotTakenError::Unconfirmed(STEP_TIMEOUT).into())
            }
        }
    }

    /// Whether RabbitMQ has a message that it was offered for this queue.
    fn taken(&self, queue: &str, confirmed: Result<Confirmation, lapin::Error>) -> Result<(), NotTakenError> {
        match confirmed? {
            Confirmation::Ack(None) => Ok(()),
            Confirmation::Nack(None) => Err(NotTakenError::Nack),
            _ => Err(NotTakenError::NoQueue {
                exchange: self.exchange.clone(),
                queue: queue.to_owned(),
            }),
        }
    }

    /// A node that is cut off from its cluster answers, and confirms nothing. One that lacks memory or disk says so, and is
    /// waited for.
    async fn give_up_silent_node(&self) {
        if self.connection.status().blocked() {
            return;
        }
        let closing = self.connection.close(200, "no confirmation".into());
        if let Ok(Err(error)) = timeout(CLOSE_TIMEOUT, closing).await {
            tracing::debug!(%error, "the connection was lost before it could be closed");
        }
    }
}
