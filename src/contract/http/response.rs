//! What the HTTP service answers: the state of a submission, its own status, and why it cannot serve a request.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contract::{Judgement, Rejection, RunResult, TestSetHash};

/// How far a submission has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It waits for a slot.
    Queued,
    /// A compiler is at work on it. Lists say `running` of it.
    Compiling,
    /// A slot has taken it, and its tests are run.
    Running,
    /// It has its answer.
    Done,
    /// It cannot be judged, and why is said.
    Rejected,
}

/// A submission as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionState {
    /// Its id.
    pub id: Uuid,
    /// How far it has come.
    pub state: Stage,
    /// How many submissions that came over HTTP wait before it, where that is known; 10,000 stands for more, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u64>,
    /// Which attempt at the submission is under way, from 1, once that is known: `finished` begins anew with each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Tests that have finished.
    pub finished: u64,
    /// Tests in all, once one has finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<u64>,
    /// The answer to a program that was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Judgement>,
    /// The answer to a program that was only run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<RunResult>,
    /// Why it is not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejection: Option<Rejection>,
}

/// A submission that is judged once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejudgeAccepted {
    /// Its id.
    pub id: Uuid,
    /// The request: the new verdict names it in `rejudge`. Until then the one before is shown.
    pub rejudge: Uuid,
}

/// What is sent to the `callback_url` of a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallbackEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: CallbackKind,
    /// When.
    pub timestamp: Timestamp,
    /// The submission with its answer, as it is shown when it is asked for.
    pub data: SubmissionState,
}

/// What a callback is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CallbackKind {
    /// A submission has its verdict or its result.
    #[serde(rename = "submission.done")]
    Done,
    /// A submission cannot be judged.
    #[serde(rename = "submission.rejected")]
    Rejected,
}

/// What became of one of many submissions that came in one body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum BatchEntry {
    /// It was accepted.
    Accepted(Box<SubmissionState>),
    /// It was not.
    Refused(ErrorDocument),
}

/// Why a request was not served, as `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorDocument {
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Kind of the mistake, for programs: a code of a rejection, or `unauthorized`, `forbidden`, `not_found`, `busy`,
    /// `unavailable`, `too_many_requests`, `callback_url`, `not_kept`, `timeout`, `media_type`, `method`, `host`,
    /// `package`, `cannot_keep`.
    pub code: String,
    /// Path of the offending field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was wrong and what to do.
    pub detail: String,
    /// Id of the submission, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
}

/// A language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageInfo {
    /// Its name in submissions.
    pub name: String,
    /// It is the one of submissions that name none.
    pub default: bool,
    /// Extensions of its source files, without the dot.
    pub extensions: Vec<String>,
    /// File that is started where nothing else is said.
    pub entry_point: String,
    /// Environment that its programs run in.
    pub environment: String,
    /// What is in that environment with its versions: what the settings record, or a program that ran in it has shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<BTreeMap<String, String>>,
    /// Libraries that start fast when a program imports them.
    pub libraries: Vec<String>,
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemInfo {
    /// Its id in submissions.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The newest revision.
    pub revision: String,
    /// Its tests.
    pub tests: u64,
    /// Whether submissions get a score.
    pub scoring: bool,
    /// Whether submissions talk with a validator.
    pub interactive: bool,
    /// What its tests are.
    pub tested_by: ProblemTests,
}

/// What the tests of a problem are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProblemTests {
    /// Inputs of a program, each with what it has to print.
    Inputs,
    /// Calls of functions of the program, or asserts about them.
    Functions,
    /// Modules for pytest.
    UnitTests,
}

/// A problem whose package is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptProblem {
    /// The problem, with the revision that was made of the archive.
    pub problem: ProblemInfo,
    /// What is odd about the package.
    pub warnings: Vec<String>,
}

/// Ids of problems, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemList {
    /// The ids.
    pub problems: Vec<String>,
}

/// A test set that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestSetInfo {
    /// Its name, which submissions give in `test_set`: the SHA-256 of the bytes that were sent.
    pub test_set: TestSetHash,
    /// Its tests.
    pub tests: u64,
    /// Its size, in bytes of JSON.
    pub bytes: u64,
}

/// A queue of RabbitMQ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueueState {
    /// Its name.
    pub name: String,
    /// What it is for, in a word, such as `work`, `bulk`, `later` or `dead`.
    pub purpose: String,
    /// Messages that wait in it; absent: there is no such queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u64>,
    /// Who consumes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumers: Option<u64>,
}

/// A worker, as it said itself a few seconds ago.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkerState {
    /// Its name.
    pub id: String,
    /// Its version of Assize.
    pub version: String,
    /// Whether it judges now.
    pub ready: bool,
    /// Submissions that it can judge at once.
    pub slots: u64,
    /// Those that it judges.
    pub running: u64,
    /// How long ago it said so, in seconds.
    pub silent_s: f64,
    /// How long the latest submission had waited when it came, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited_s: Option<f64>,
    /// Why it is not ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// How the service is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceStatus {
    /// Version of Assize.
    pub version: String,
    /// Whether it judges by itself, without a broker and a database.
    pub standalone: bool,
    /// Submissions that can be judged at once, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slots: Option<u64>,
    /// Submissions that are being judged, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<u64>,
    /// Submissions that wait, those that may wait behind others and those that were put off included.
    pub queued: u64,
    /// Submissions that may wait, where that is bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u64>,
    /// The queues, for a token that may read all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueState>,
    /// The workers, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<WorkerState>,
}
