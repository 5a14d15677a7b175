//! What the jailer finds about itself and its host.

use serde::{Deserialize, Serialize};

/// Something that was looked at, such as a line of `assize doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What was looked at.
    pub subject: Subject,
    /// How it is.
    pub state: FindingState,
    /// What was found.
    pub found: String,
    /// What to do about it; empty where it is as it should be.
    pub remedy: String,
}

/// What can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The program nsjail.
    Nsjail,
    /// Control groups, and the limits that they set.
    Groups,
    /// User namespaces of the kernel.
    UserNamespaces,
    /// The filter of system calls.
    Seccomp,
    /// Rights of the jailer itself.
    Rights,
    /// The root directory of an environment.
    Root,
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// As it should be.
    Ok,
    /// It could be better; boxes can be started.
    Warn,
    /// No box may be started.
    Fail,
}

impl Finding {
    /// It is as it should be.
    pub fn ok(subject: Subject, found: impl Into<String>) -> Self {
        Self {
            subject,
            state: FindingState::Ok,
            found: found.into(),
            remedy: String::new(),
        }
    }

    /// It could be better.
    pub fn warn(subject: Subject, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            subject,
            state: FindingState::Warn,
            found: found.into(),
            remedy: remedy.into(),
        }
    }

    /// It must not stay so.
    pub fn fail(subject: Subject, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            state: FindingState::Fail,
            ..Self::warn(subject, found, remedy)
        }
    }

    /// Whether no box may be started because of it.
    pub fn has_failed(&self) -> bool {
        self.state == FindingState::Fail
    }
}
