//! Security findings: what was noticed about a submission and matters to those who watch for attacks.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use crate::contract::{Answer, Metadata, ProblemRef, Verdict};

/// Kind of a finding.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SecurityKind {
    /// Seccomp killed the program for a system call that none makes in good faith.
    ForbiddenCall,
    /// The warm interpreter was killed or broken, or the box ended or broke its protocol under the program.
    Tampering,
    /// Python was asked for the network.
    NetworkAttempt,
    /// Python was asked for a file that is none of the program's business.
    FileAttempt,
    /// Python was asked to run another program.
    ProgramAttempt,
    /// The kernel refused processes or threads beyond the limit.
    ProcessLimit,
    /// Processes outlived the main one, and were killed.
    LeftProcesses,
    /// The kernel killed processes for memory.
    MemoryKill,
    /// More output than allowed.
    OutputFlood,
    /// The CPU limit was used up.
    CpuLimit,
}

impl SecurityKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::ForbiddenCall,
        Self::Tampering,
        Self::NetworkAttempt,
        Self::FileAttempt,
        Self::ProgramAttempt,
        Self::ProcessLimit,
        Self::LeftProcesses,
        Self::MemoryKill,
        Self::OutputFlood,
        Self::CpuLimit,
    ];

    /// The word on the wire and in routing keys.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// How much it says about an intent.
    pub fn severity(self) -> SecuritySeverity {
        match self {
            Self::ForbiddenCall | Self::Tampering => SecuritySeverity::Alert,
            Self::NetworkAttempt | Self::FileAttempt | Self::ProgramAttempt | Self::ProcessLimit => {
                SecuritySeverity::Warning
            }
            Self::LeftProcesses | Self::MemoryKill | Self::OutputFlood | Self::CpuLimit => SecuritySeverity::Notice,
        }
    }

    /// What notices findings of this kind.
    pub fn source(self) -> SecuritySource {
        match self {
            Self::NetworkAttempt | Self::FileAttempt | Self::ProgramAttempt => SecuritySource::Audit,
            _ => SecuritySource::Kernel,
        }
    }
}

/// How much a finding says about an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SecuritySeverity {
    /// Mistakes of beginners look like this.
    Notice,
    /// Seldom a mistake.
    Warning,
    /// Nothing that a program does in good faith.
    Alert,
}

impl SecuritySeverity {
    /// The word on the wire and in routing keys.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What noticed a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SecuritySource {
    /// The kernel, or the runner: a fact.
    Kernel,
    /// Audit hooks inside the interpreter: advice, which the program can avoid and can forge.
    Audit,
}

impl SecuritySource {
    /// The word on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Something that was noticed in the tests of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecurityFinding {
    /// What.
    pub kind: SecurityKind,
    /// How much it says about an intent.
    pub severity: SecuritySeverity,
    /// What noticed it.
    pub source: SecuritySource,
    /// In how many tests.
    pub tests: u64,
    /// Name of the first one.
    pub first_test: String,
    /// What is known of it, such as the call, the path or a number.
    pub detail: String,
    /// What the interpreter did last before it was killed, as far as it told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last_audit_events: Vec<String>,
}

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
    /// One event for each of these findings of an answer, with the same ids each time.
    pub(super) fn of(answer: &Answer, findings: &[SecurityFinding], metadata: &Metadata) -> Vec<Self> {
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
