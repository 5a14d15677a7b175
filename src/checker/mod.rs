//! Checkers: they decide whether the output of one run answers one test case.
//!
//! A checker works outside the box, next to the judge's answer, which never enters a submission's box. It sees the
//! output as it streams by and holds none of it.

pub mod standard;

pub use standard::{AnswerError, FlagError, StandardChecker, StandardFlags};

/// What a checker found out about one output.
///
/// The two messages carry the names that the problem package format gives them (`judgemessage.txt`, `teammessage.txt`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOutcome {
    /// Whether the output is a correct answer to the test case.
    pub accepted: bool,
    /// For judges only: why and where the output was rejected, with what was expected. It quotes the judge's answer.
    pub judge_message: Option<String>,
    /// For the author of the submission: where the output was rejected. It never quotes the judge's answer.
    pub team_message: Option<String>,
}

impl CheckOutcome {
    /// The outcome of a correct output, which needs no explanation.
    #[must_use]
    pub const fn accepted() -> Self {
        Self {
            accepted: true,
            judge_message: None,
            team_message: None,
        }
    }

    /// The outcome of a wrong output: one message for judges, one without the answer for the team.
    #[must_use]
    pub const fn rejected(judge_message: String, team_message: String) -> Self {
        Self {
            accepted: false,
            judge_message: Some(judge_message),
            team_message: Some(team_message),
        }
    }
}
