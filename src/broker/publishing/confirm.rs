//! Offers a message until RabbitMQ has confirmed it, or has refused it for good.

use std::pin::pin;
use std::time::Duration;

use lapin::options::BasicPublishOptions;
use lapin::{BasicProperties, Confirmation, ErrorKind};
use thiserror::Error;
use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};

use crate::broker::Broker;
use crate::broker::link::Link;
use crate::broker::publishing::channels::ChannelPlace;

/// Pause before a message is offered again that the broker did not take.
const PAUSE: Duration = Duration::from_millis(500);

/// How often RabbitMQ may refuse the same message, by an error on its channel, before it is given up.
const MOST_ERRORS: u32 = 3;

/// How often RabbitMQ may say of the same message that it does not have it before it is given up: a queue that is full and
/// refuses messages stays so until it is consumed.
pub(super) const MOST_NACKS: u32 = 3;

/// How often RabbitMQ may leave the same message unconfirmed before it is given up.
const MOST_SILENCES: u32 = 20;

/// A message that could not be published.
#[derive(Debug, Error)]
pub enum PublishError {
    /// No queue takes it.
    #[error("no queue takes {key} from the exchange {exchange} ({reply}); bind a queue to it")]
    Unroutable {
        /// The exchange.
        exchange: String,
        /// The routing key.
        key: String,
        /// What the broker says.
        reply: String,
    },
    /// It is larger than RabbitMQ allows.
    #[error(
        "the message {key} has {bytes} bytes, and RabbitMQ takes at most {limit}; \
         set max_message_size of RabbitMQ higher, or broker.max_verdict_bytes lower"
    )]
    TooLarge {
        /// The routing key.
        key: String,
        /// Its length.
        bytes: usize,
        /// What RabbitMQ allows.
        limit: usize,
    },
    /// RabbitMQ refused it again and again.
    #[error("RabbitMQ did not take the message {key}: {source}; see RabbitMQ's log")]
    Refused {
        /// The routing key.
        key: String,
        /// How it did so last.
        source: Refusal,
    },
    /// The worker shuts down.
    #[error("the connection to RabbitMQ was closed")]
    Closed,
    /// It does not serialise.
    #[error("cannot write the message: {0}")]
    Json(#[from] serde_json::Error),
}

/// How RabbitMQ did not take a message that was offered once.
#[derive(Debug, Error)]
pub enum Refusal {
    /// By an error on its channel, or the connection was lost.
    #[error(transparent)]
    Amqp(#[from] lapin::Error),
    /// It said that it does not have it: a queue that it goes to refuses it (RabbitMQ's documentation of queue length
    /// limits).
    #[error("a queue that it goes to refuses it, as one does that is full and has the overflow reject-publish")]
    Nack,
    /// It confirms nothing over this channel.
    #[error("confirms are off")]
    ConfirmsOff,
    /// It said nothing.
    #[error("RabbitMQ did not confirm the message in time")]
    Unconfirmed,
}

impl PublishError {
    /// Offering the same message once more cannot help.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::Json(_))
    }

    /// A queue refuses the message.
    pub(in crate::broker) fn is_nack(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                source: Refusal::Nack,
                ..
            }
        )
    }
}

/// A message on its way out.
pub(super) struct PublishRequest<'a> {
    pub(super) exchange: &'a str,
    pub(super) key: &'a str,
    pub(super) body: &'a [u8],
    pub(super) properties: BasicProperties,
    /// Whether a message that no queue takes is an error.
    pub(super) mandatory: bool,
    /// How often a queue may refuse it before it is given up.
    pub(super) most_nacks: u32,
}

/// How often a message was not taken, by what happened.
#[derive(Default)]
struct Failures {
    errors: u32,
    nacks: u32,
    silences: u32,
}

impl Broker {
    /// Offers a message until the broker has it, over as many links as it takes. A broker that is away is waited for; one
    /// that refuses the message is not asked without end.
    pub(super) async fn publish_confirmed(&self, message: PublishRequest<'_>) -> Result<(), PublishError> {
        let patience = Duration::from_millis(self.settings.confirm_timeout_ms);
        let mut failures = Failures::default();
        loop {
            let link = self.link().await.ok_or(PublishError::Closed)?;
            let refusal = match offer_patiently(&link, &message, patience).await {
                Ok(Ok(Confirmation::Ack(None))) => return Ok(()),
                Ok(Ok(Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned)))) => {
                    return Err(PublishError::Unroutable {
                        exchange: message.exchange.to_owned(),
                        key: message.key.to_owned(),
                        reply: returned.reply_text.to_string(),
                    });
                }
                Ok(Err(error)) => failures.error(&link, &message, error)?,
                Ok(Ok(Confirmation::Nack(None))) => failures.nack(),
                Ok(Ok(Confirmation::NotRequested)) => {
                    link.broken.cancel();
                    failures.silence(Refusal::ConfirmsOff)
                }
                Err(_elapsed) => {
                    link.broken.cancel();
                    failures.silence(Refusal::Unconfirmed)
                }
            };
            if failures.are_too_many(message.most_nacks) {
                return Err(PublishError::Refused {
                    key: message.key.to_owned(),
                    source: refusal,
                });
            }
            tracing::warn!(
                key = message.key,
                reason = %refusal,
                "a message was not published; it is offered again"
            );
            sleep(PAUSE).await;
        }
    }
}

impl Failures {
    /// The link is of no more use; its supervisor makes another.
    fn error(
        &mut self,
        link: &Link,
        message: &PublishRequest<'_>,
        error: lapin::Error,
    ) -> Result<Refusal, PublishError> {
        link.broken.cancel();
        if let Some(limit) = size_limit(&error).filter(|limit| message.body.len() > *limit) {
            return Err(PublishError::TooLarge {
                key: message.key.to_owned(),
                bytes: message.body.len(),
                limit,
            });
        }
        // A connection that was lost is no word on the message.
        self.errors += u32::from(error.is_amqp_soft_error());
        Ok(error.into())
    }

    fn silence(&mut self, refusal: Refusal) -> Refusal {
        self.silences += 1;
        refusal
    }

    /// The link is as good as before.
    fn nack(&mut self) -> Refusal {
        self.nacks += 1;
        Refusal::Nack
    }

    fn are_too_many(&self, most_nacks: u32) -> bool {
        self.errors >= MOST_ERRORS || self.nacks >= most_nacks || self.silences >= MOST_SILENCES
    }
}

/// The limit that RabbitMQ names when it closes the channel over which a larger message came.
fn size_limit(error: &lapin::Error) -> Option<usize> {
    let ErrorKind::ProtocolError(error) = error.kind() else {
        return None;
    };
    size_limit_in(error.get_message().as_str())
}

fn size_limit_in(text: &str) -> Option<usize> {
    let (_, limit) = text.split_once("larger than configured max size ")?;
    let end = limit.find(|c: char| !c.is_ascii_digit()).unwrap_or(limit.len());
    limit[..end].parse().ok()
}

async fn offer(link: &Link, place: ChannelPlace, message: &PublishRequest<'_>) -> Result<Confirmation, lapin::Error> {
    let options = BasicPublishOptions {
        mandatory: message.mandatory,
        ..Default::default()
    };
    let (exchange, key) = (message.exchange.into(), message.key.into());
    let lent = place.lend(&link.publisher).await?;
    let published = lent
        .channel
        .basic_publish(exchange, key, options, message.body, message.properties.clone());
    let confirmed = published.await?.await?;
    lent.give_back();
    Ok(confirmed)
}

/// A broker that is short of memory or disk blocks who publishes, for as long as it is. Then waiting is all that helps:
/// over a new connection it would block again, and what is in hand would be delivered once more each time. Waiting for room
/// beside other messages is no silence of the broker: each of those has its own deadline.
async fn offer_patiently(
    link: &Link,
    message: &PublishRequest<'_>,
    patience: Duration,
) -> Result<Result<Confirmation, lapin::Error>, Elapsed> {
    let place = link.publishing.place().await;
    let mut offering = pin!(offer(link, place, message));
    loop {
        match timeout(patience, &mut offering).await {
            Err(_elapsed) if link.is_blocked() => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_read_from_what_rabbitmq_says() {
        let text = "PRECONDITION_FAILED - message size 22000000 is larger than configured max size 16777216";
        assert_eq!(size_limit_in(text), Some(16_777_216));
        assert_eq!(size_limit_in("PRECONDITION_FAILED - inequivalent arg"), None);
    }
}
