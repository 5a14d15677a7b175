//! What is published while a submission is judged.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contract::Verdict;

/// `type` of a progress message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum ProgressType {
    #[serde(rename = "assize.progress.v1")]
    V1,
}

/// What is done with a submission before its first test has finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgressStage {
    /// A compiler makes a program of it, or looks whether it compiles.
    Compiling,
    /// It compiles, and its tests are run.
    Running,
}

impl ProgressStage {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compiling => "compiling",
            Self::Running => "running",
        }
    }
}

/// One test has finished. Progress is advice: it may be lost, and each attempt at a submission starts from zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "assize.progress.v1")]
pub struct Progress {
    #[serde(rename = "type")]
    version: ProgressType,
    /// Id of the submission.
    pub id: Uuid,
    /// Name of the test that has finished.
    pub test: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Its CPU time, in milliseconds.
    pub cpu_ms: u64,
    /// Tests finished so far, this one included.
    pub finished: u64,
    /// Tests of the problem.
    pub tests: u64,
    /// What is done now, where no test has finished yet: `finished` is 0 then, `test` empty and `verdict` SK. It is told of a
    /// submission that a compiler is started for, and of one at which another attempt begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<ProgressStage>,
    /// Which attempt at the submission this is of, from 1: what comes of an attempt before the newest one is late. Absent
    /// where attempts are not counted, without a database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The request to judge once more that is judged, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejudge: Option<Uuid>,
    /// When.
    pub at: Timestamp,
}

impl Progress {
    /// A test that has finished at this moment, before it is counted; see [`Progress::counted`].
    pub fn now(id: Uuid, test: String, verdict: Verdict, cpu_ms: u64) -> Self {
        Self {
            version: ProgressType::V1,
            id,
            test,
            verdict,
            cpu_ms,
            finished: 0,
            tests: 0,
            stage: None,
            attempt: None,
            rejudge: None,
            at: Timestamp::now(),
        }
    }

    /// What is done now, before the first test has finished.
    pub fn of_stage(id: Uuid, stage: ProgressStage) -> Self {
        Self {
            stage: Some(stage),
            ..Self::now(id, String::new(), Verdict::Sk, 0)
        }
    }

    /// The same, of this attempt, at this request to judge once more.
    #[must_use]
    pub fn of_attempt(self, attempt: Option<u32>, rejudge: Option<Uuid>) -> Self {
        Self {
            attempt,
            rejudge,
            ..self
        }
    }

    /// The same with the number of tests that have finished, and of all tests.
    #[must_use]
    pub fn counted(self, finished: u64, tests: u64) -> Self {
        Self {
            finished,
            tests,
            ..self
        }
    }
}
