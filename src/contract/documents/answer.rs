//! The one answer to a submission: a verdict, or the result of a program that was only run.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::contract::{Judgement, LimitKind, ProblemRef, RunResult, SandboxInfo, Verdict};

/// What answers a submission.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// The verdict on a program that was judged.
    Verdict(Judgement),
    /// The result of a program that was only run.
    Result(RunResult),
}

/// One test or run, as a row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerRow<'a> {
    /// Its name.
    pub name: &'a str,
    /// Code of its verdict or status.
    pub code: &'static str,
    /// CPU time, in milliseconds.
    pub cpu_ms: u64,
    /// Time on the wall, in milliseconds.
    pub wall_ms: u64,
    /// As much of it as the program starved, in milliseconds, where that can be measured.
    pub starved_ms: Option<u64>,
    /// Peak memory, in bytes.
    pub memory_bytes: u64,
    /// Exit code, unless a signal ended it.
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<&'a str>,
    /// The limit that was exceeded.
    pub limit: Option<LimitKind>,
}

impl Answer {
    /// The verdict, if it is one.
    pub fn into_verdict(self) -> Option<Judgement> {
        match self {
            Self::Verdict(judgement) => Some(judgement),
            Self::Result(_) => None,
        }
    }

    /// The result, if it is one.
    pub fn into_result(self) -> Option<RunResult> {
        match self {
            Self::Verdict(_) => None,
            Self::Result(result) => Some(result),
        }
    }

    /// Id of the submission.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Verdict(it) => it.id,
            Self::Result(it) => it.id,
        }
    }

    /// Identifies the document.
    pub fn document_id(&self) -> Uuid {
        match self {
            Self::Verdict(it) => it.verdict_id,
            Self::Result(it) => it.result_id,
        }
    }

    /// `type` of the document.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Verdict(_) => "assize.verdict.v1",
            Self::Result(_) => "assize.result.v1",
        }
    }

    /// The first part of its routing keys.
    pub fn topic(&self) -> &'static str {
        match self {
            Self::Verdict(_) => "verdict",
            Self::Result(_) => "result",
        }
    }

    /// Code of the verdict or status.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Verdict(it) => it.verdict.code(),
            Self::Result(it) => it.status.code(),
        }
    }

    /// The verdict; of a result the one that fits.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Verdict(it) => it.verdict,
            Self::Result(it) => it.status.verdict(),
        }
    }

    /// Points, for a scoring problem.
    pub fn score(&self) -> Option<f64> {
        match self {
            Self::Verdict(it) => it.score,
            Self::Result(_) => None,
        }
    }

    /// Language of the submission.
    pub fn language(&self) -> &str {
        match self {
            Self::Verdict(it) => &it.language,
            Self::Result(it) => &it.language,
        }
    }

    /// The problem with its revision.
    pub fn problem(&self) -> Option<&ProblemRef> {
        match self {
            Self::Verdict(it) => it.problem.as_ref(),
            Self::Result(_) => None,
        }
    }

    /// In what it was judged.
    pub fn sandbox(&self) -> &SandboxInfo {
        match self {
            Self::Verdict(it) => &it.sandbox,
            Self::Result(it) => &it.sandbox,
        }
    }

    /// Name of the worker.
    pub fn worker(&self) -> &str {
        match self {
            Self::Verdict(it) => &it.worker.id,
            Self::Result(it) => &it.worker.id,
        }
    }

    /// The request to judge once more that it answers.
    pub fn rejudge(&self) -> Option<Uuid> {
        match self {
            Self::Verdict(it) => it.rejudge,
            Self::Result(it) => it.rejudge,
        }
    }

    /// When the worker took the submission.
    pub fn received_at(&self) -> Timestamp {
        match self {
            Self::Verdict(it) => it.received_at,
            Self::Result(it) => it.received_at,
        }
    }

    /// When it was reached.
    pub fn judged_at(&self) -> Timestamp {
        match self {
            Self::Verdict(it) => it.judged_at,
            Self::Result(it) => it.finished_at,
        }
    }

    /// Its tests or runs, in order.
    pub fn rows(&self) -> Vec<AnswerRow<'_>> {
        match self {
            Self::Verdict(it) => it.tests.iter().map(AnswerRow::from).collect(),
            Self::Result(it) => it.runs.iter().map(AnswerRow::from).collect(),
        }
    }

    /// CPU time of all tests or runs, in milliseconds.
    pub fn cpu_ms(&self) -> u64 {
        self.rows().iter().map(|row| row.cpu_ms).sum()
    }

    /// Time in which all tests or runs starved, in milliseconds.
    pub fn starved_ms(&self) -> u64 {
        self.rows().iter().filter_map(|row| row.starved_ms).sum()
    }

    /// The same, as the answer of this attempt.
    #[must_use]
    pub fn of_attempt(self, attempt: Option<u32>) -> Self {
        match self {
            Self::Verdict(it) => Self::Verdict(it.of_attempt(attempt)),
            Self::Result(it) => Self::Result(it.of_attempt(attempt)),
        }
    }

    /// The same in at most `most` bytes of JSON, as far as shorter texts can make it so.
    #[must_use]
    pub fn within(self, most: usize) -> Self {
        match self {
            Self::Verdict(it) => Self::Verdict(it.within(most)),
            Self::Result(it) => Self::Result(it.within(most)),
        }
    }
}

impl<'a> From<&'a crate::contract::TestVerdict> for AnswerRow<'a> {
    fn from(test: &'a crate::contract::TestVerdict) -> Self {
        Self {
            name: &test.name,
            code: test.verdict.code(),
            cpu_ms: test.cpu_ms,
            wall_ms: test.wall_ms,
            starved_ms: test.starved_ms,
            memory_bytes: test.memory_bytes,
            exit_code: test.exit_code,
            signal: test.signal.as_deref(),
            limit: test.limit,
        }
    }
}

impl<'a> From<&'a crate::contract::RunReport> for AnswerRow<'a> {
    fn from(run: &'a crate::contract::RunReport) -> Self {
        Self {
            name: &run.name,
            code: run.status.code(),
            cpu_ms: run.cpu_ms,
            wall_ms: run.wall_ms,
            starved_ms: run.starved_ms,
            memory_bytes: run.memory_bytes,
            exit_code: run.exit_code,
            signal: run.signal.as_deref(),
            limit: run.limit,
        }
    }
}

/// The type of a document says which of the two it is.
impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = serde_json::Value::deserialize(deserializer)?;
        let read = match document.get("type").and_then(serde_json::Value::as_str) {
            Some("assize.result.v1") => serde_json::from_value(document).map(Self::Result),
            _ => serde_json::from_value(document).map(Self::Verdict),
        };
        read.map_err(D::Error::custom)
    }
}
