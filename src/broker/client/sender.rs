//! Sends submissions, and waits until RabbitMQ has them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lapin::options::BasicPublishOptions;
use lapin::types::{FieldTable, ShortString};
use lapin::{BasicProperties, Confirmation, Connection};
use tokio::time::{Instant, timeout};

use crate::broker::client::error::{LostError, NotTakenError, SubmitError};
use crate::broker::client::publishing_channel::PublishingChannel;
use crate::broker::connection::CLOSE_TIMEOUT;
use crate::broker::connection::step::{STEP_TIMEOUT, within};
use crate::broker::message::trace::carry;
use crate::broker::message::unix_seconds;
use crate::broker::publishing::channels::{ChannelPlace, PublishingChannels};
use crate::broker::topology::queues::depth;
use crate::contract::SubmissionMessage;
use crate::telemetry::Span;

/// How long a queue counts as there that was found: it may be deleted.
const QUEUE_KNOWN: Duration = Duration::from_secs(5);

/// How long a submission waits for room beside those that are on their way. With the deadline of its own confirmation it is
/// sent, or refused, within half a minute.
const ROOM_TIMEOUT: Duration = Duration::from_secs(10);

/// When the queue of submissions was there last, as far as that is known.
#[derive(Debug, Clone, Default)]
pub(super) struct QueueSeen(Arc<Mutex<Option<Instant>>>);

impl QueueSeen {
    fn is_recent(&self) -> bool {
        let seen = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.is_some_and(|seen| seen.elapsed() < QUEUE_KNOWN)
    }

    fn note(&self, is_there: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = is_there.then(Instant::now);
    }
}

/// A message on its way out.
struct Message {
    exchange: ShortString,
    key: ShortString,
    body: Vec<u8>,
    properties: BasicProperties,
}

/// Sends submissions, whose answers come to a [`SubmitClient`](crate::broker::SubmitClient).
#[derive(Clone)]
pub struct SubmitSender {
    pub(super) connection: Arc<Connection>,
    pub(super) channels: Arc<PublishingChannels>,
    /// Cancellations are sent over one channel, whose errors fail no submission.
    pub(super) cancelling: Arc<PublishingChannel>,
    pub(super) control_exchange: String,
    pub(super) cancel_queue: String,
    pub(super) queue_seen: QueueSeen,
    pub(super) exchange: String,
    pub(super) queue: String,
    pub(super) bulk_queue: String,
    pub(super) later_queue: String,
    pub(super) reply_queue: String,
}

impl std::fmt::Debug for SubmitSender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubmitSender")
            .field("reply_queue", &self.reply_queue)
            .finish_non_exhaustive()
    }
}

impl SubmitSender {
    /// Sends a submission, and returns when the broker has it.
    ///
    /// # Errors
    /// As [`SubmitClient::send`](crate::broker::SubmitClient::send).
    pub async fn send(&self, submission: &SubmissionMessage) -> Result<(), SubmitError> {
        self.send_to(&self.queue, submission).await
    }

    /// Sends a submission that may wait behind others, and returns when the broker has it.
    ///
    /// # Errors
    /// As [`SubmitClient::send`](crate::broker::SubmitClient::send).
    pub async fn send_in_bulk(&self, submission: &SubmissionMessage) -> Result<(), SubmitError> {
        self.send_to(&self.bulk_queue, submission).await
    }

    /// How many submissions wait that no worker has in hand: those that may wait behind others and those that were put off
    /// included. In queues that no worker has declared yet nothing waits.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn waiting(&self) -> Result<u64, SubmitError> {
        let mut waiting = 0;
        for queue in [&self.queue, &self.bulk_queue, &self.later_queue] {
            waiting += self.waiting_in(queue).await?.unwrap_or(0);
        }
        Ok(waiting)
    }

    /// Whether there is a queue for submissions: the first worker declares it. Once it was found, or has taken a submission, it
    /// is not asked for within some seconds.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn has_queue(&self) -> Result<bool, SubmitError> {
        self.check_takes_messages()?;
        if self.queue_seen.is_recent() {
            return Ok(true);
        }
        let is_there = self.waiting_in(&self.queue).await?.is_some();
        self.queue_seen.note(is_there);
        Ok(is_there)
    }

    async fn waiting_in(&self, queue: &str) -> Result<Option<u64>, SubmitError> {
        self.check_takes_messages()?;
        let found = within(depth(&self.connection, queue)).await;
        let found = found.map_err(LostError::from)?;
        Ok(found.map(|depth| u64::from(depth.waiting)))
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
        self.check_takes_messages()?;
        let message = Message {
            exchange: self.exchange.as_str().into(),
            key: queue.into(),
            body: serde_json::to_vec(submission)?,
            properties: self.properties(submission, span),
        };
        let place = timeout(ROOM_TIMEOUT, self.channels.place()).await;
        let place = place.map_err(|_elapsed| NotTakenError::NoRoom(ROOM_TIMEOUT))?;
        self.check_takes_messages()?;
        // In a task of its own, which holds the channel until RabbitMQ confirms or the connection is lost: a channel that is
        // closed while the connection is blocked is closed before what it has to send.
        let sending = tokio::spawn(send_over(place, Arc::clone(&self.connection), message));
        let Ok(Ok(confirmed)) = timeout(STEP_TIMEOUT, sending).await else {
            self.give_up_silent_node().await;
            return Err(NotTakenError::Unconfirmed(STEP_TIMEOUT).into());
        };
        let taken = self.taken(queue, confirmed);
        if queue == self.queue {
            self.queue_seen.note(taken.is_ok());
        }
        Ok(taken?)
    }

    fn properties(&self, submission: &SubmissionMessage, span: &Span) -> BasicProperties {
        let mut headers = FieldTable::default();
        carry(&span.context(), &mut headers);
        BasicProperties::default()
            .with_content_type("application/json".into())
            .with_delivery_mode(2)
            .with_message_id(submission.id.to_string().into())
            .with_correlation_id(submission.id.to_string().into())
            .with_type("assize.submission.v1".into())
            .with_timestamp(unix_seconds())
            .with_app_id(concat!("assize-submit/", env!("CARGO_PKG_VERSION")).into())
            .with_reply_to(self.reply_queue.as_str().into())
            .with_headers(headers)
    }

    /// Refuses what would wait within the client for as long as RabbitMQ lacks memory or disk: also a question, which takes
    /// one of the numbers of channels.
    ///
    /// # Errors
    /// While it does.
    pub fn check_takes_messages(&self) -> Result<(), SubmitError> {
        match self.connection.status().blocked() {
            true => Err(SubmitError::Blocked),
            false => Ok(()),
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
    pub(super) async fn give_up_silent_node(&self) {
        if self.connection.status().blocked() {
            return;
        }
        let closing = self.connection.close(200, "no confirmation".into());
        if let Ok(Err(error)) = timeout(CLOSE_TIMEOUT, closing).await {
            tracing::debug!(%error, "the connection was lost before it could be closed");
        }
    }
}

/// Sends a message, and returns what RabbitMQ says of it.
async fn send_over(
    place: ChannelPlace,
    connection: Arc<Connection>,
    message: Message,
) -> Result<Confirmation, lapin::Error> {
    let options = BasicPublishOptions {
        mandatory: true,
        ..Default::default()
    };
    let Message {
        exchange,
        key,
        body,
        properties,
    } = message;
    let lent = place.lend(&connection).await?;
    let published = lent.channel.basic_publish(exchange, key, options, &body, properties);
    let confirmed = published.await?.await?;
    lent.give_back();
    Ok(confirmed)
}
