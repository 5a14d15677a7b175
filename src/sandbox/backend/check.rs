//! A check of a backend or of its host: what the doctor and `/readyz` show.

use serde::Serialize;

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, such as `docker socket`.
    pub check: &'static str,
    /// How it is.
    pub state: CheckState,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// It could be better; submissions can be judged.
    Warn,
    /// No stranger's program may run here.
    Fail,
}

impl Check {
    /// It is as it should be.
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            state: CheckState::Ok,
            found: found.into(),
            remedy: None,
        }
    }

    /// It could be better.
    pub fn warn(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            check,
            state: CheckState::Warn,
            found: found.into(),
            remedy: Some(remedy.into()),
        }
    }

    /// It must not stay so.
    pub fn fail(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            state: CheckState::Fail,
            ..Self::warn(check, found, remedy)
        }
    }

    /// Whether no stranger's program may run because of it.
    pub fn has_failed(&self) -> bool {
        self.state == CheckState::Fail
    }
}
