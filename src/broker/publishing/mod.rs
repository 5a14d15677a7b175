//! Everything that goes out.

pub(super) mod channels;
pub(super) mod confirm;

use std::sync::Arc;

use futures::TryFutureExt as _;
use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, FieldTable};
use serde::Serialize;
use uuid::Uuid;

use crate::broker::connection::step::within;
use crate::broker::link::Link;
use crate::broker::message::copy::{add_history, cut, headers_of_a_copy, properties_of_a_copy};
use crate::broker::message::delivery::{Counts, REPLIED};
use crate::broker::message::trace::carry;
use crate::broker::message::unix_seconds;
use crate::broker::publishing::confirm::{MOST_NACKS, PublishError, PublishRequest};
use crate::broker::topology::declare_verdict_queue;
use crate::broker::{Broker, Delivery, KeepReason, KeptQueue};
use crate::contract::{Answer, Progress, Rejection, SecurityEvent};
use crate::telemetry::TraceContext;

/// Longest reason of a message that is kept, in bytes: the headers of a message fit into one frame.
const LONGEST_REASON: usize = 4 << 10;

/// Longest id of an answer in a header, in bytes: it is a UUID, unless a sender has written the header.
const LONGEST_ID: usize = 64;

const PERSISTENT: u8 = 2;
const TRANSIENT: u8 = 1;

impl Broker {
    /// Publishes a verdict, or the result of a program that was only run, to the verdict exchange and to the reply queue of
    /// its sender, and returns when the broker has it.
    ///
    /// # Errors
    /// When no queue takes it, or the worker shuts down.
    pub async fn publish_verdict(&self, delivery: &Delivery, answer: &Answer) -> Result<(), PublishError> {
        let key = format!("{}.{}.{}", answer.topic(), answer.language(), answer.code());
        let properties = self.properties(answer.kind(), answer.document_id(), PERSISTENT, delivery);
        self.answer(delivery, &key, properties, answer).await
    }

    /// Publishes a rejection to the verdict exchange and to the reply queue of its sender, and returns when the broker has it.
    ///
    /// # Errors
    /// When no queue takes it, or the worker shuts down.
    pub async fn publish_rejection(
        &self,
        delivery: &Delivery,
        code: &str,
        rejection: &Rejection,
    ) -> Result<(), PublishError> {
        let properties = self.properties("assize.rejection.v1", Uuid::now_v7(), PERSISTENT, delivery);
        self.answer(delivery, &format!("rejection.{code}"), properties, rejection)
            .await
    }

    /// Publishes progress to the consumers that there are now. It may be lost, and it is not waited for.
    pub async fn publish_progress(&self, delivery: &Delivery, progress: &Progress) {
        let Ok(body) = serde_json::to_vec(progress) else {
            return;
        };
        let Some(link) = self.current_link() else {
            return;
        };
        let properties = self.properties("assize.progress.v1", Uuid::now_v7(), TRANSIENT, delivery);
        let key = format!("progress.{}", progress.id);
        let to_exchange = (self.settings.verdict_exchange.as_str(), key.as_str());
        let to_asker = self.reply_queue(delivery).map(|queue| ("", queue));
        for (exchange, key) in [Some(to_exchange), to_asker].into_iter().flatten() {
            let options = BasicPublishOptions::default();
            // A channel without confirms: there is nothing to wait for.
            let sent = link
                .progress
                .basic_publish(exchange.into(), key.into(), options, &body, properties.clone())
                .await;
            if let Err(error) = sent {
                tracing::debug!(submission.id = %progress.id, %error, "a progress message was not sent");
            }
        }
    }

    /// Publishes a security event, and returns when the broker has it. That no queue takes it is no failure.
    ///
    /// # Errors
    /// When the worker shuts down.
    pub async fn publish_security_event(&self, delivery: &Delivery, event: &SecurityEvent) -> Result<(), PublishError> {
        let body = serde_json::to_vec(event)?;
        let (severity, kind) = (event.finding.severity.name(), event.finding.kind.name());
        let message = PublishRequest {
            exchange: &self.settings.verdict_exchange,
            key: &format!("security.{severity}.{kind}"),
            body: &body,
            properties: self.properties("assize.security.v1", event.id, PERSISTENT, delivery),
            mandatory: false,
            most_nacks: MOST_NACKS,
        };
        self.publish_confirmed(message).await
    }

    async fn answer(
        &self,
        delivery: &Delivery,
        key: &str,
        properties: BasicProperties,
        document: &impl Serialize,
    ) -> Result<(), PublishError> {
        let body = serde_json::to_vec(document)?;
        let has_reply = self.reply(delivery, &body, &properties).await?;
        let announce = || {
            self.publish_confirmed(PublishRequest {
                exchange: &self.settings.verdict_exchange,
                key,
                body: &body,
                properties: properties.clone(),
                mandatory: true,
                most_nacks: most_nacks(delivery),
            })
        };
        let mut announced = announce().await;
        if matches!(announced, Err(PublishError::Unroutable { .. })) && self.restores_verdict_queue().await {
            announced = announce().await;
        }
        match announced {
            // The sender has it; that no other queue is bound is the choice of its operator.
            Err(PublishError::Unroutable { .. }) if has_reply => Ok(()),
            other => other,
        }
    }

    /// Declares the queue for verdicts once more: where it and its bindings have been deleted, every answer would
    /// be offered in vain until the next link. Whether it is there.
    async fn restores_verdict_queue(&self) -> bool {
        let (queue, link) = (&self.settings.verdict_queue, self.current_link());
        let Some(link) = link.filter(|_link| !queue.is_empty()) else {
            return false;
        };
        let declaring = declare_verdict_queue(&link.publisher, &self.settings);
        match within(declaring.map_err(|error| error.source)).await {
            Ok(()) => {
                tracing::warn!(
                    queue,
                    "no queue took an answer; the one for verdicts was declared once more"
                );
                true
            }
            Err(error) => {
                tracing::error!(queue, %error, "the queue for verdicts cannot be declared once more");
                false
            }
        }
    }

    /// Puts an answer into the reply queue of its sender, and returns whether it is there. A queue that is gone, or full,
    /// is the affair of its sender: the answer is announced all the same.
    async fn reply(
        &self,
        delivery: &Delivery,
        body: &[u8],
        properties: &BasicProperties,
    ) -> Result<bool, PublishError> {
        let Some(queue) = self.reply_queue(delivery) else {
            return Ok(false);
        };
        let id = properties.message_id().as_ref().map(|id| id.as_str());
        if id.is_some() && delivery.replied().as_deref() == id {
            return Ok(true);
        }
        let reply = PublishRequest {
            exchange: "",
            key: queue,
            body,
            properties: properties.clone(),
            mandatory: true,
            most_nacks: most_nacks(delivery),
        };
        match self.publish_confirmed(reply).await {
            Ok(()) => {
                delivery.note_reply(id.unwrap_or_default());
                Ok(true)
            }
            Err(PublishError::Unroutable { .. }) => {
                tracing::info!(
                    reply_to = queue,
                    "the reply queue does not exist any more; the answer goes to the verdict exchange only"
                );
                Ok(false)
            }
            Err(error) if error.is_nack() => {
                tracing::warn!(
                    reply_to = queue,
                    "the reply queue refuses the answer; it goes to the verdict exchange only"
                );
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The queue that the sender wants to be answered in, unless it is one of the judge's own. An answer is no message for
    /// these: among what was put off it would stay at the head of the queue, since it has no time to live, and hold up all
    /// that is behind it (RabbitMQ's documentation of time-to-live: messages expire when they reach the head of a queue).
    fn reply_queue<'a>(&self, delivery: &'a Delivery) -> Option<&'a str> {
        let queue = delivery.reply_to()?;
        if self.settings.has_queue(queue) {
            tracing::debug!(
                reply_to = queue,
                submission.id = delivery.message_id().map(display),
                "the reply queue is one of the judge's own; the answer goes to the verdict exchange only"
            );
            return None;
        }
        Some(queue)
    }

    /// A copy that comes back to the work queue after a while, with these counts.
    pub(super) async fn put_off(&self, delivery: &Delivery, counts: Counts) -> Result<(), PublishError> {
        let mut headers = headers_of_a_copy(&delivery.properties);
        counts.write_to(&mut headers);
        if let Some(id) = delivery.replied() {
            headers.insert(REPLIED.into(), AMQPValue::LongString(cut(&id, LONGEST_ID).into()));
        }
        let properties = properties_of_a_copy(&delivery.properties, headers)
            .with_expiration(self.settings.later_ms.to_string().into());
        self.publish_confirmed(PublishRequest {
            exchange: &self.settings.later_exchange,
            key: delivery.queue(),
            body: &delivery.body,
            properties,
            mandatory: true,
            most_nacks: MOST_NACKS,
        })
        .await
    }

    /// Keeps a copy of a message that was rejected, if such are to be kept. Its sender was told why: where it cannot be kept,
    /// the worker goes on.
    pub(super) async fn keep_rejected(&self, delivery: &Delivery, reason: &KeepReason) -> Result<(), PublishError> {
        match self.keep(KeptQueue::Rejected, delivery, reason).await {
            Err(PublishError::Closed) => Err(PublishError::Closed),
            Err(error) => {
                tracing::warn!(
                    submission.id = delivery.message_id().map(display),
                    %error,
                    "a message that was rejected is not kept"
                );
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Keeps a copy with the reason, unless there is to be no such queue.
    pub(super) async fn keep(
        &self,
        queue: KeptQueue,
        delivery: &Delivery,
        reason: &KeepReason,
    ) -> Result<(), PublishError> {
        let Some(key) = queue.name(&self.settings) else {
            return Ok(());
        };
        let KeepReason {
            code,
            field,
            reason,
            attempt,
            history,
        } = reason;
        let mut headers = headers_of_a_copy(&delivery.properties);
        let mut note = |key: &str, value: &str| {
            headers.insert(key.into(), AMQPValue::LongString(value.into()));
        };
        note("x-assize-code", code);
        note("x-assize-reason", cut(reason, LONGEST_REASON));
        note("x-assize-field", field.as_deref().unwrap_or_default());
        note("x-assize-worker", &self.worker);
        note("x-assize-died-at", &format!("{:.0}", Timestamp::now()));
        note("x-assize-attempt", &attempt.to_string());
        note("x-assize-queue", delivery.queue());
        if !history.is_empty() {
            add_history(&mut headers, history.iter().cloned());
        }
        let properties = properties_of_a_copy(&delivery.properties, headers);
        self.publish_confirmed(PublishRequest {
            exchange: &self.settings.dead_letter_exchange,
            key,
            body: &delivery.body,
            properties,
            mandatory: true,
            most_nacks: MOST_NACKS,
        })
        .await
    }

    fn current_link(&self) -> Option<Arc<Link>> {
        self.link_now()
            .filter(|link| !link.broken.is_cancelled() && !link.is_blocked())
    }

    fn properties(&self, kind: &str, id: Uuid, delivery_mode: u8, delivery: &Delivery) -> BasicProperties {
        let mut headers = FieldTable::default();
        headers.insert("x-assize-worker".into(), AMQPValue::LongString((*self.worker).into()));
        carry(&TraceContext::current(), &mut headers);
        let properties = BasicProperties::default()
            .with_content_type("application/json".into())
            .with_delivery_mode(delivery_mode)
            .with_message_id(id.to_string().into())
            .with_type(kind.into())
            .with_timestamp(unix_seconds())
            .with_app_id(concat!("assize/", env!("CARGO_PKG_VERSION")).into())
            .with_headers(headers);
        match delivery.correlation_id() {
            Some(token) => properties.with_correlation_id(token.into()),
            None => properties,
        }
    }
}

/// How often a queue may refuse the answer to a delivery: once where it has done so before, so that answers to a queue that
/// stays full cost no slot its time.
fn most_nacks(delivery: &Delivery) -> u32 {
    if delivery.refused() == 0 { MOST_NACKS } else { 1 }
}
