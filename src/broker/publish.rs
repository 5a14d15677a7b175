//! Everything that goes out.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use lapin::options::BasicPublishOptions;
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Confirmation};
use serde::Serialize;
use thiserror::Error;
use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::broker::dead::add_history;
use crate::broker::delivery::headers_for_a_copy;
use crate::broker::link::Link;
use crate::broker::{Broker, DeadLetterReason, Delivery};
use crate::contract::{Judgement, Progress, Rejection, SecurityEvent};

/// Pause before a message is offered again that the broker did not take.
const PAUSE: Duration = Duration::from_millis(500);

const PERSISTENT: u8 = 2;
const TRANSIENT: u8 = 1;

/// A message that could not be published.
#[derive(Debug, Error)]
pub enum PublishError {
    /// No queue takes it.
    #[error("nobody takes {key} from the exchange {exchange} ({reply}); bind a queue to it")]
    Unroutable {
        /// The exchange.
        exchange: String,
        /// The routing key.
        key: String,
        /// What the broker says.
        reply: String,
    },
    /// The worker shuts down.
    #[error("the connection to RabbitMQ was closed")]
    Closed,
    /// It does not serialise.
    #[error("cannot write the message: {0}")]
    Json(#[from] serde_json::Error),
}

/// A message on its way out.
struct Outgoing<'a> {
    exchange: &'a str,
    key: &'a str,
    body: &'a [u8],
    properties: BasicProperties,
    /// Whether a message that no queue takes is an error.
    mandatory: bool,
}

impl Broker {
    /// Publishes a verdict to the verdict exchange and to whoever asked, and returns when the broker has it.
    ///
    /// # Errors
    /// When no queue takes it, or the worker shuts down.
    pub async fn publish_verdict(&self, delivery: &Delivery, judgement: &Judgement) -> Result<(), PublishError> {
        let key = format!("verdict.{}.{}", judgement.language, judgement.verdict);
        self.answer(delivery, &key, "assize.verdict.v1", judgement.verdict_id, judgement)
            .await
    }

    /// Publishes a rejection to the verdict exchange and to whoever asked, and returns when the broker has it.
    ///
    /// # Errors
    /// When no queue takes it, or the worker shuts down.
    pub async fn publish_rejection(
        &self,
        delivery: &Delivery,
        code: &str,
        rejection: &Rejection,
    ) -> Result<(), PublishError> {
        let id = Uuid::now_v7();
        self.answer(
            delivery,
            &format!("rejection.{code}"),
            "assize.rejection.v1",
            id,
            rejection,
        )
        .await
    }

    /// Publishes progress to whoever listens now. It may be lost, and it waits for nobody.
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
        let to_asker = delivery.reply_to().map(|queue| ("", queue));
        for (exchange, key) in [Some(to_exchange), to_asker].into_iter().flatten() {
            let options = BasicPublishOptions::default();
            let sent = link
                .publishing
                .basic_publish(exchange.into(), key.into(), options, &body, properties.clone())
                .await;
            match sent {
                // The client library keeps a confirmation that nobody takes as long as the channel lives; taken, it ends
                // with the broker's answer or with the channel. Nobody waits for it: the next test goes on.
                Ok(confirmation) => drop(tokio::spawn(confirmation)),
                Err(error) => tracing::debug!(%error, "progress was lost"),
            }
        }
    }

    /// Publishes a security event, and returns when the broker has it. That nobody listens is no failure.
    ///
    /// # Errors
    /// When the worker shuts down.
    pub async fn publish_security_event(&self, delivery: &Delivery, event: &SecurityEvent) -> Result<(), PublishError> {
        let body = serde_json::to_vec(event)?;
        let (severity, kind) = (event.finding.severity.name(), event.finding.kind.name());
        let message = Outgoing {
            exchange: &self.settings.verdict_exchange,
            key: &format!("security.{severity}.{kind}"),
            body: &body,
            properties: self.properties("assize.security.v1", event.id, PERSISTENT, delivery),
            mandatory: false,
        };
        self.publish_confirmed(message).await
    }

    async fn answer(
        &self,
        delivery: &Delivery,
        key: &str,
        kind: &str,
        id: Uuid,
        document: &impl Serialize,
    ) -> Result<(), PublishError> {
        let body = serde_json::to_vec(document)?;
        let properties = self.properties(kind, id, PERSISTENT, delivery);
        let mut answered = false;
        if let Some(queue) = delivery.reply_to() {
            let reply = Outgoing {
                exchange: "",
                key: queue,
                body: &body,
                properties: properties.clone(),
                mandatory: true,
            };
            match self.publish_confirmed(reply).await {
                Ok(()) => answered = true,
                Err(PublishError::Unroutable { .. }) => tracing::info!(reply_to = queue, "nobody waits for the answer"),
                Err(error) => return Err(error),
            }
        }
        let announcement = Outgoing {
            exchange: &self.settings.verdict_exchange,
            key,
            body: &body,
            properties,
            mandatory: true,
        };
        match self.publish_confirmed(announcement).await {
            // Whoever asked has it; that nobody else listens is their choice.
            Err(PublishError::Unroutable { .. }) if answered => Ok(()),
            other => other,
        }
    }

    /// A copy that comes back to the work queue after a while.
    pub(super) async fn put_off(&self, delivery: &Delivery) -> Result<(), PublishError> {
        let properties = delivery
            .properties
            .clone()
            .with_headers(headers_for_a_copy(&delivery.properties))
            .with_expiration(self.settings.later_ms.to_string().into())
            .with_delivery_mode(PERSISTENT);
        self.publish_confirmed(Outgoing {
            exchange: &self.settings.later_exchange,
            key: &delivery.queue,
            body: &delivery.body,
            properties,
            mandatory: true,
        })
        .await
    }

    pub(super) async fn keep_dead_letter(
        &self,
        delivery: &Delivery,
        reason: &DeadLetterReason,
    ) -> Result<(), PublishError> {
        let DeadLetterReason {
            code,
            field,
            reason,
            attempt,
            history,
        } = reason;
        let mut headers = headers_for_a_copy(&delivery.properties);
        let mut note = |key: &str, value: &str| {
            headers.insert(key.into(), AMQPValue::LongString(value.into()));
        };
        note("x-assize-code", code);
        note("x-assize-reason", reason);
        note("x-assize-field", field.as_deref().unwrap_or_default());
        note("x-assize-worker", &self.worker);
        note("x-assize-died-at", &format!("{:.0}", Timestamp::now()));
        note("x-assize-attempt", &attempt.to_string());
        note("x-assize-queue", &delivery.queue);
        if !history.is_empty() {
            add_history(&mut headers, history.iter().cloned());
        }
        let properties = delivery
            .properties
            .clone()
            .with_headers(headers)
            .with_delivery_mode(PERSISTENT);
        let (exchange, key) = (&self.settings.dead_letter_exchange, &self.settings.dead_letter_queue);
        self.publish_confirmed(Outgoing {
            exchange,
            key,
            body: &delivery.body,
            properties,
            mandatory: true,
        })
        .await
    }

    /// Offers a message until the broker has it, over as many links as it takes.
    async fn publish_confirmed(&self, message: Outgoing<'_>) -> Result<(), PublishError> {
        let patience = Duration::from_millis(self.settings.confirm_timeout_ms);
        loop {
            let link = self.link().await.ok_or(PublishError::Closed)?;
            match offer_patiently(&link, &message, patience).await {
                Ok(Ok(Confirmation::Ack(None))) => return Ok(()),
                Ok(Ok(Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned)))) => {
                    return Err(PublishError::Unroutable {
                        exchange: message.exchange.to_owned(),
                        key: message.key.to_owned(),
                        reply: returned.reply_text.to_string(),
                    });
                }
                Ok(Ok(Confirmation::Nack(None))) => tracing::warn!(key = message.key, "RabbitMQ refused a message"),
                Ok(Ok(Confirmation::NotRequested)) => lost(&link, "confirms are off"),
                Ok(Err(error)) => lost(&link, &error.to_string()),
                Err(_elapsed) => lost(&link, "no confirmation in time"),
            }
            sleep(PAUSE).await;
        }
    }

    fn current_link(&self) -> Option<Arc<Link>> {
        self.link_now()
            .filter(|link| !link.broken.is_cancelled() && !link.is_blocked())
    }

    fn properties(&self, kind: &str, id: Uuid, delivery_mode: u8, delivery: &Delivery) -> BasicProperties {
        let mut headers = FieldTable::default();
        headers.insert("x-assize-worker".into(), AMQPValue::LongString((*self.worker).into()));
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

async fn offer(link: &Link, message: &Outgoing<'_>) -> Result<Confirmation, lapin::Error> {
    let options = BasicPublishOptions {
        mandatory: message.mandatory,
        ..Default::default()
    };
    let (exchange, key) = (message.exchange.into(), message.key.into());
    link.publishing
        .basic_publish(exchange, key, options, message.body, message.properties.clone())
        .await?
        .await
}

/// A broker that is short of memory or disk blocks who publishes, for as long as it is. Then waiting is all that helps:
/// over a new connection it would block again, and what is in hand would be delivered once more each time.
async fn offer_patiently(
    link: &Link,
    message: &Outgoing<'_>,
    patience: Duration,
) -> Result<Result<Confirmation, lapin::Error>, Elapsed> {
    let mut offering = pin!(offer(link, message));
    loop {
        match timeout(patience, &mut offering).await {
            Err(_elapsed) if link.is_blocked() => {}
            other => return other,
        }
    }
}

/// The link is of no more use; the task that keeps it makes another.
fn lost(link: &Link, reason: &str) {
    tracing::warn!(reason, "publishing failed; it is tried again over a new connection");
    link.broken.cancel();
}

pub(super) fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
