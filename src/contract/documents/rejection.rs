//! The answer to a message that cannot be judged.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use thiserror::Error;
use uuid::Uuid;

/// `type` of a rejection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum RejectionType {
    #[serde(rename = "assize.rejection.v1")]
    V1,
}

/// Says why a message was not judged. A copy of the message is kept for a while, for operators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "assize.rejection.v1")]
pub struct Rejection {
    #[serde(rename = "type")]
    version: RejectionType,
    /// Id of the submission, where it could be read.
    pub id: Option<Uuid>,
    /// Kind of the mistake, for programs.
    pub code: RejectionCode,
    /// Path of the offending field, such as `files[0].name`; absent when it is the message as a whole.
    pub field: Option<String>,
    /// What was wrong and what is expected, for people.
    pub reason: String,
    /// Worker that says so.
    pub worker: String,
    /// When.
    pub rejected_at: Timestamp,
}

/// Kind of a mistake in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RejectionCode {
    /// The body is no JSON text.
    NotJson,
    /// `type` is none that this worker knows.
    UnknownType,
    /// A field is missing, unknown, given twice or of the wrong type.
    Schema,
    /// Something is larger than allowed.
    TooLarge,
    /// A file name that is not a safe relative path, or is given twice.
    FileName,
    /// No file to start.
    EntryPoint,
    /// A limit that makes no sense.
    Limits,
    /// The worker is not configured for this language.
    UnknownLanguage,
    /// The worker does not know this problem, or not this revision.
    UnknownProblem,
    /// There is no test set of this name, or it is not kept any longer.
    UnknownTestSet,
    /// A submission with this id and another content was sent before.
    IdConflict,
    /// What only a later version knows: the rejection is read all the same.
    #[serde(other)]
    #[schemars(skip)]
    Other,
}

impl RejectionCode {
    /// Every code that is given.
    pub const ALL: [Self; 11] = [
        Self::NotJson,
        Self::UnknownType,
        Self::Schema,
        Self::TooLarge,
        Self::FileName,
        Self::EntryPoint,
        Self::Limits,
        Self::UnknownLanguage,
        Self::UnknownProblem,
        Self::UnknownTestSet,
        Self::IdConflict,
    ];

    /// The code on the wire and in routing keys.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A mistake in a message, before it is addressed to anybody.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{reason}", .field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default())]
pub struct Rejected {
    /// Id of the submission, where it could be read.
    pub id: Option<Uuid>,
    /// Kind of the mistake.
    pub code: RejectionCode,
    /// Path of the offending field.
    pub field: Option<String>,
    /// What was wrong and what is expected.
    pub reason: String,
}

/// The reason can quote the sender's message, and travels in a message header, whose size RabbitMQ bounds.
const LONGEST_REASON: usize = 1000;
const LONGEST_FIELD: usize = 200;

impl Rejected {
    /// Another content under an id that is taken.
    pub fn id_conflict(id: Uuid) -> Self {
        let reason =
            "another submission was sent with this id before; give each submission an id of its own".to_owned();
        Self {
            id: Some(id),
            ..Self::new(RejectionCode::IdConflict, Some("id".to_owned()), reason)
        }
    }

    /// A message at which the worker has failed.
    pub fn unreadable() -> Self {
        let reason = "the worker failed while it read the message; its log says where".to_owned();
        Self::new(RejectionCode::Schema, None, reason)
    }

    /// A mistake in a message whose id is not known yet.
    pub(in crate::contract) fn new(code: RejectionCode, field: Option<String>, reason: String) -> Self {
        Self {
            id: None,
            code,
            field,
            reason,
        }
    }

    /// The same, without control characters, and with what is too long to be read cut off.
    #[must_use]
    pub fn shortened(self) -> Self {
        Self {
            field: self.field.map(|field| cut(without_controls(field), LONGEST_FIELD)),
            reason: cut(without_controls(self.reason), LONGEST_REASON),
            ..self
        }
    }

    /// The document that the worker publishes.
    pub fn into_rejection(self, worker: &str) -> Rejection {
        let Self {
            id,
            code,
            field,
            reason,
        } = self;
        Rejection {
            version: RejectionType::V1,
            id,
            code,
            field,
            reason,
            worker: worker.to_owned(),
            rejected_at: Timestamp::now(),
        }
    }
}

/// What a text that is only shown becomes before it is stored or shown: control characters but tab and line feed are U+FFFD.
pub fn without_controls(text: String) -> String {
    let is_kept = |c: char| !c.is_control() || matches!(c, '\t' | '\n');
    if text.chars().all(is_kept) {
        return text;
    }
    text.chars()
        .map(|c| if is_kept(c) { c } else { char::REPLACEMENT_CHARACTER })
        .collect()
}

/// At most so many bytes, and an ellipsis where something is missing.
fn cut(mut text: String, most: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most - ELLIPSIS.len()));
        text.push_str(ELLIPSIS);
    }
    text
}
