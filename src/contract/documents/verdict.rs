//! The verdict document: everything that is said about a judged submission.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use crate::contract::{LimitKind, Limits, Metadata, ProblemRef, SecurityFinding};

/// A verdict on a submission or on one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// Accepted.
    Ac,
    /// Wrong answer.
    Wa,
    /// Time limit exceeded, on the CPU or on the wall.
    Tle,
    /// Memory limit exceeded.
    Mle,
    /// Output limit exceeded.
    Ole,
    /// Run-time error: another exit code than 0, or killed by a signal.
    Rte,
    /// Does not compile.
    Ce,
    /// Security violation: killed by seccomp.
    Sv,
    /// Judge error. Never the fault of the submission.
    Je,
    /// A test that was not run.
    Sk,
    /// The submission was cancelled.
    Cancelled,
}

impl Verdict {
    /// Every verdict, in the order in which tables show them.
    pub const ALL: [Self; 11] = [
        Self::Ac,
        Self::Wa,
        Self::Tle,
        Self::Mle,
        Self::Ole,
        Self::Rte,
        Self::Ce,
        Self::Sv,
        Self::Je,
        Self::Sk,
        Self::Cancelled,
    ];

    /// The code on the wire.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The code in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Ac => "accepted",
            Self::Wa => "wrong answer",
            Self::Tle => "time limit exceeded",
            Self::Mle => "memory limit exceeded",
            Self::Ole => "output limit exceeded",
            Self::Rte => "run-time error",
            Self::Ce => "does not compile",
            Self::Sv => "security violation",
            Self::Je => "judge error",
            Self::Sk => "skipped",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// `type` of a verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum VerdictType {
    /// The only version so far.
    #[default]
    #[serde(rename = "assize.verdict.v1")]
    V1,
}

/// The verdict on a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "assize.verdict.v1")]
pub struct Judgement {
    /// Always `assize.verdict.v1`.
    #[serde(rename = "type")]
    pub version: VerdictType,
    /// Identifies this document: the `message_id` under which it is published, each time the same.
    pub verdict_id: Uuid,
    /// Id of the submission.
    pub id: Uuid,
    /// Which attempt at the submission came to this verdict, from 1; absent where attempts are not counted, without a
    /// database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The request to judge once more that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejudge: Option<Uuid>,
    /// The verdict.
    pub verdict: Verdict,
    /// Points, for a scoring problem.
    pub score: Option<f64>,
    /// What is to be said about the verdict as a whole: the compiler's message, which limit was exceeded by how much, or
    /// why the judge failed.
    pub message: Option<String>,
    /// Language of the submission.
    pub language: String,
    /// The problem with the revision that was judged; absent when the tests came with the submission.
    pub problem: Option<ProblemRef>,
    /// One entry per test, in order.
    pub tests: Vec<TestVerdict>,
    /// One entry per test group of a scoring problem, parents before their children.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupVerdict>,
    /// Sums over the tests.
    pub totals: Totals,
    /// Limits under which each test ran.
    pub limits: Limits,
    /// Security findings, for those who watch for attacks. They do not change the verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<SecurityFinding>,
    /// The worker that judged.
    pub worker: WorkerInfo,
    /// In what it was judged.
    pub sandbox: SandboxInfo,
    /// When the worker took the submission.
    pub received_at: Timestamp,
    /// When its first box was given to it; absent where it got none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When the verdict was reached.
    pub judged_at: Timestamp,
    /// Free data of the submission.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

impl Judgement {
    /// The same, as what this attempt came to. Each attempt has a document of its own, so that a later one
    /// is not taken for a copy of an earlier.
    #[must_use]
    pub fn of_attempt(self, attempt: Option<u32>) -> Self {
        let name = attempt.map_or(String::new(), |number| format!("#{number}"));
        Self {
            verdict_id: Uuid::new_v5(&self.id, format!("assize.verdict.v1{name}").as_bytes()),
            attempt,
            ..self
        }
    }
}

/// The verdict on one test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TestVerdict {
    /// Name of the test, such as `secret/01-small`.
    pub name: String,
    /// Whether it is a sample, which contestants may see.
    pub sample: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// The limit that was exceeded, where the verdict is TLE, MLE or OLE; the figures are in `cpu_ms`, `wall_ms` (without
    /// `starved_ms`) and `memory_bytes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitKind>,
    /// A sentence with what was used of that limit, and the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Why the tests themselves have skipped it (`SK`), as a skip or an expected failure of unit tests. It is excused: neither
    /// for nor against the submission. Absent in a test that was not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_reason: Option<String>,
    /// Points that the output validator gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// CPU time of all processes, in milliseconds.
    pub cpu_ms: u64,
    /// Time on the wall, in milliseconds.
    pub wall_ms: u64,
    /// As much of `wall_ms` as the program was ready to run while the host gave its CPUs to others, in milliseconds. It does
    /// not count against the wall limit. Absent where it cannot be measured, or nothing ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starved_ms: Option<u64>,
    /// Peak memory, in bytes.
    pub memory_bytes: u64,
    /// Exit code, unless a signal ended it or it did not run.
    pub exit_code: Option<i32>,
    /// Name of the signal that ended it, such as `SIGSEGV`.
    pub signal: Option<String>,
    /// Start of standard output.
    pub stdout: Excerpt,
    /// What the called function returned or raised, as Python writes it; absent where none was called or nothing came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Excerpt>,
    /// Standard error, its middle cut out where it is long.
    pub stderr: Excerpt,
    /// What the output validator says to the contestant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checker_message: Option<String>,
    /// What the output validator says to judges; of secret tests only where the worker is told to show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge_message: Option<String>,
    /// What submission (`>`) and validator (`<`) of an interactive problem said; shown like `judge_message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Excerpt>,
    /// Start of the input, or the call; samples only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Excerpt>,
    /// Start of the expected output, or what is expected of the call; samples only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Excerpt>,
}

/// A piece of text out of a longer one. Bytes that are no UTF-8 are shown as U+FFFD.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Excerpt {
    /// What is shown.
    pub text: String,
    /// Length of the whole, in bytes.
    pub bytes: u64,
    /// The whole is longer than what is shown.
    pub truncated: bool,
}

/// The verdict on a test group of a scoring problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupVerdict {
    /// Path of the group, such as `secret/group1`.
    pub name: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Its points.
    pub score: Option<f64>,
}

/// Sums over the tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Tests of the problem.
    pub tests: u64,
    /// Those that were accepted.
    pub passed: u64,
    /// Those that were not run.
    pub skipped: u64,
    /// CPU time of all tests together, in milliseconds.
    pub cpu_ms: u64,
    /// CPU time of the slowest test, in milliseconds.
    pub max_cpu_ms: u64,
    /// Peak memory of the hungriest test, in bytes.
    pub max_memory_bytes: u64,
}

/// A worker that judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkerInfo {
    /// Configured id of the worker.
    pub id: String,
    /// Version of Assize.
    pub version: String,
}

/// In what a submission was judged, so that a verdict can be explained a year later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SandboxInfo {
    /// What made the boxes, such as `docker`.
    pub backend: String,
    /// The program that walls a box in, such as `runc`.
    pub runtime: String,
    /// SHA-256 of the backend's filter of system calls, such as `sha256:4beab6…`; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Digest of the kernel that boxes have to themselves, such as `sha256:80634c…`; absent where it is the host's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// What the submission's programs found around them; absent where no box was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentInfo>,
    /// Where CPU times and memory peaks come from; absent where no box was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<FigureSources>,
}

/// What a program finds around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnvironmentInfo {
    /// Its name in the settings, such as `python3`.
    pub name: String,
    /// Digest of what the name stood for, such as that of an image.
    pub digest: String,
    /// What is in it with its versions, such as `python` and `numpy`.
    pub versions: BTreeMap<String, String>,
}

/// Where figures come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FigureSources {
    /// Of CPU times.
    pub cpu: FigureSource,
    /// Of memory peaks.
    pub memory: FigureSource,
    /// Whether `starved_ms` of tests can be measured. Without it a busy host can use up a wall limit.
    #[serde(default)]
    pub starvation: bool,
}

/// Where a figure was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FigureSource {
    /// The control group of the box: everything in it.
    Cgroup,
    /// The processes that ended and were waited for (`getrusage(2)`).
    Rusage,
}
