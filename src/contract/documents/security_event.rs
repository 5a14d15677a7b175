//! Security events: findings as they are published.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contract::{Answer, Metadata, ProblemRef, SecurityFinding, Verdict};

/// `type` of a security event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
enum SecurityEventType {
    #[default]
    #[serde(rename = "assize.security.v1")]
    V1,
}

/// A finding as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "assize.security.v1")]
pub struct SecurityEvent {
    /// Always `assize.security.v1`.
    #[serde(rename = "type")]
    version: SecurityEventType,
    /// Identifies this event: the `message_id` under which it is published.
    pub id: Uuid,
    /// Id of the submission.
    pub submission: Uuid,
    /// What was noticed.
    #[serde(flatten)]
    pub finding: SecurityFinding,
    /// The verdict on the submission.
    pub verdict: Verdict,
    /// Language of the submission.
    pub language: String,
    /// Its problem.
    pub problem: Option<ProblemRef>,
    /// Worker that noticed it.
    pub worker: String,
    /// When the submission was judged.
    pub at: Timestamp,
    /// Free data of the submission, such as who sent it.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

impl SecurityEvent {
    /// One event for each security finding of an answer, with the same ids each time.
    pub fn all_of(answer: &Answer) -> Vec<Self> {
        let (findings, metadata) = match answer {
            Answer::Verdict(it) => (&it.security, &it.metadata),
            Answer::Result(it) => (&it.security, &it.metadata),
        };
        let event = |finding: &SecurityFinding| Self {
            version: SecurityEventType::V1,
            id: Uuid::new_v5(&answer.document_id(), finding.kind.name().as_bytes()),
            submission: answer.id(),
            finding: finding.clone(),
            verdict: answer.verdict(),
            language: answer.language().to_owned(),
            problem: answer.problem().cloned(),
            worker: answer.worker().to_owned(),
            at: answer.judged_at(),
            metadata: metadata.clone(),
        };
        findings.iter().map(event).collect()
    }
}
