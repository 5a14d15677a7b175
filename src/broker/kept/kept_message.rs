//! A message that is not judged any more, and why.

use lapin::message::Delivery;
use lapin::types::FieldTable;
use lapin::{Acker, BasicProperties};
use sha2::{Digest as _, Sha256};

use crate::broker::kept::death::Death;
use crate::broker::message::copy::{HISTORY, add_history, headers_of_a_copy, lines_of, properties_of_a_copy, text_of};
use crate::broker::message::delivery::{FAILED, POSTPONED, REFUSED, REPLIED};
use crate::contract::{RejectionCode, Request};

/// Headers that say how a message died; they end with its next life.
const DEATH_HEADERS: [&str; 11] = [
    FAILED,
    POSTPONED,
    REFUSED,
    REPLIED,
    "x-assize-code",
    "x-assize-reason",
    "x-assize-field",
    "x-assize-worker",
    "x-assize-attempt",
    "x-assize-died-at",
    "x-assize-queue",
];

/// Why a message is kept; the headers of the copy say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepReason {
    /// Short word for programs, such as `schema` or `judge_error`.
    pub code: String,
    /// Path of the offending field.
    pub field: Option<String>,
    /// For people.
    pub reason: String,
    /// Which attempt it was, from 1.
    pub attempt: u64,
    /// What came of the attempts before, a line each.
    pub history: Vec<String>,
}

/// A message that was given up or rejected.
#[derive(Debug)]
pub struct KeptMessage {
    /// Its `message_id`; for one that has none, `sha256-` and the beginning of the digest of its body.
    pub id: String,
    /// Short word for programs, such as `schema` or `judge_error`; `delivery_limit` or `expired` when RabbitMQ gave it up.
    pub code: String,
    /// For people.
    pub reason: String,
    /// Path of the offending field.
    pub field: Option<String>,
    /// The worker that keeps it.
    pub worker: Option<String>,
    /// Which attempt was the last one.
    pub attempt: Option<String>,
    /// When, as RFC 3339.
    pub died_at: Option<String>,
    /// Queue that it waited in.
    pub(super) queue: Option<String>,
    /// What came of it before, the oldest first.
    pub history: Vec<String>,
    /// The message itself: untrusted bytes. Empty after [`KeptMessage::without_body`].
    pub body: Vec<u8>,
    /// Length of the message, in bytes.
    pub bytes: usize,
    /// What the message asks for, where that can be read.
    request: Option<Request>,
    properties: BasicProperties,
    pub(super) acker: Acker,
}

impl KeptMessage {
    pub(super) fn of(delivery: Delivery) -> Self {
        let Delivery {
            data,
            properties,
            acker,
            ..
        } = delivery;
        let headers = properties.headers().clone().unwrap_or_default();
        let header = |name: &str| text_of(headers.inner().get(name)?).filter(|text| !text.is_empty());
        let by_broker = Death::last_of(&headers);
        Self {
            id: match properties.message_id() {
                Some(id) if !id.as_str().is_empty() => id.to_string(),
                _ => digest(&data),
            },
            code: header("x-assize-code")
                .or(by_broker.reason.clone())
                .unwrap_or_else(|| "unknown".to_owned()),
            reason: header("x-assize-reason").unwrap_or_else(|| by_broker.in_words().to_owned()),
            field: header("x-assize-field"),
            worker: header("x-assize-worker"),
            attempt: header("x-assize-attempt"),
            died_at: header("x-assize-died-at"),
            queue: header("x-assize-queue").or(by_broker.queue),
            history: lines_of(headers.inner().get(HISTORY)),
            bytes: data.len(),
            request: Request::of_message(&data),
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

    /// What is answered no more once it is dropped. Where another submission has its id, that one is answered all the same.
    pub fn request(&self) -> Option<Request> {
        self.request
            .filter(|_request| self.code != RejectionCode::IdConflict.name())
    }

    /// How it died, in one line.
    pub fn exit_summary(&self) -> String {
        let when = self.died_at.as_deref().unwrap_or("at an unknown time");
        let attempt = self.attempt.as_deref().unwrap_or("?");
        let worker = self.worker.as_deref().unwrap_or("RabbitMQ");
        format!("{when} {} at attempt {attempt} by {worker}: {}", self.code, self.reason)
    }

    pub(super) fn requeue_properties(&self) -> BasicProperties {
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
