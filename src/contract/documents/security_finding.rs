//! Security findings: what was noticed about a submission and matters to those who watch for attacks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

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
    /// What only a later version knows: an answer is read all the same.
    #[serde(other)]
    #[schemars(skip)]
    Other,
}

impl SecurityKind {
    /// Every kind that is found.
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
            Self::LeftProcesses | Self::MemoryKill | Self::OutputFlood | Self::CpuLimit | Self::Other => {
                SecuritySeverity::Notice
            }
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
