//! The result document: what a program that was only run did and printed.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use crate::contract::documents::payload::Payload;
use crate::contract::{LimitKind, Limits, Metadata, SandboxInfo, SecurityFinding, Verdict, WorkerInfo};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
#[serde(rename_all = "UPPERCASE")]
pub enum RunStatus {
    /// It ended with exit code 0, within its limits.
    Ok,
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
    /// Judge error. Never the fault of the program.
    Je,
    /// It was cancelled.
    Cancelled,
}

impl RunStatus {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The status in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Ok => "ended with exit code 0",
            other => other.verdict().describe(),
        }
    }

    /// The verdict that a test of a problem would have had that accepts every output.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Ok => Verdict::Ac,
            Self::Tle => Verdict::Tle,
            Self::Mle => Verdict::Mle,
            Self::Ole => Verdict::Ole,
            Self::Rte => Verdict::Rte,
            Self::Ce => Verdict::Ce,
            Self::Sv => Verdict::Sv,
            Self::Je => Verdict::Je,
            Self::Cancelled => Verdict::Cancelled,
        }
    }
}

impl From<Verdict> for RunStatus {
    /// Nothing rejects the output of a program that is only run, so `WA` and `SK` would be faults of ours.
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ac => Self::Ok,
            Verdict::Tle => Self::Tle,
            Verdict::Mle => Self::Mle,
            Verdict::Ole => Self::Ole,
            Verdict::Rte => Self::Rte,
            Verdict::Ce => Self::Ce,
            Verdict::Sv => Self::Sv,
            Verdict::Cancelled => Self::Cancelled,
            Verdict::Je | Verdict::Wa | Verdict::Sk => Self::Je,
        }
    }
}

/// `type` of a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ResultType {
    /// The only version so far.
    #[default]
    #[serde(rename = "assize.result.v1")]
    V1,
}

/// What became of a program that was only run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "assize.result.v1")]
pub struct RunResult {
    /// Always `assize.result.v1`.
    #[serde(rename = "type")]
    pub version: ResultType,
    /// Identifies this document: the `message_id` under which it is published, each time the same.
    pub result_id: Uuid,
    /// Id of the submission.
    pub id: Uuid,
    /// Which attempt at the submission came to this result, from 1; absent where attempts are not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The request to run once more that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejudge: Option<Uuid>,
    /// How the first run ended that did not end well; `OK` when all did.
    pub status: RunStatus,
    /// What is to be said about it: the compiler's message, the limit that was exceeded, or why the judge failed.
    pub message: Option<String>,
    /// Language of the program.
    pub language: String,
    /// One entry per input, in order. Empty when the program did not compile or was not run.
    pub runs: Vec<RunReport>,
    /// Limits of each run.
    pub limits: Limits,
    /// Security findings, for those who watch for attacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<SecurityFinding>,
    /// Who ran it.
    pub worker: WorkerInfo,
    /// In what it was run.
    pub sandbox: SandboxInfo,
    /// When the worker took the submission.
    pub received_at: Timestamp,
    /// When its first box was given to it; absent where it got none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When the last run had ended.
    pub finished_at: Timestamp,
    /// Free data of the submission.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunReport {
    /// Name of the input, else its number, from 1.
    pub name: String,
    /// How it ended.
    pub status: RunStatus,
    /// The limit that was exceeded, where the status is `TLE`, `MLE` or `OLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitKind>,
    /// A sentence with what was used of that limit, and the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// CPU time of all processes, in milliseconds.
    pub cpu_ms: u64,
    /// Time on the wall, in milliseconds.
    pub wall_ms: u64,
    /// As much of `wall_ms` as the program was ready to run while the host gave its CPUs to others, in milliseconds. It does
    /// not count against the wall limit. Absent where it cannot be measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starved_ms: Option<u64>,
    /// Peak memory, in bytes.
    pub memory_bytes: u64,
    /// Exit code, unless a signal ended it.
    pub exit_code: Option<i32>,
    /// Name of the signal that ended it, such as `SIGSEGV`.
    pub signal: Option<String>,
    /// Standard output.
    pub stdout: Payload,
    /// Standard error. Where it is longer than the judge keeps, its middle is left out.
    pub stderr: Payload,
    /// What was found of the files to fetch, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FetchedFile>,
}

/// What a program left behind at a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FetchedFile {
    /// The path that was asked for.
    pub path: String,
    /// The regular file that was there; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Payload>,
}

impl RunResult {
    /// The same, as the result of this attempt; see [`crate::contract::Judgement::of_attempt`].
    #[must_use]
    pub fn of_attempt(self, attempt: Option<u32>) -> Self {
        let name = attempt.map_or(String::new(), |number| format!("#{number}"));
        Self {
            result_id: Uuid::new_v5(&self.id, format!("assize.result.v1{name}").as_bytes()),
            attempt,
            ..self
        }
    }

    /// The same document in at most `most` bytes of JSON, as far as shorter outputs can make it so: all are cut to the same
    /// length, which is halved until the document fits. Facts are never left out.
    #[must_use]
    pub fn within(mut self, most: usize) -> Self {
        let mut longest = most;
        while longest > 0 && self.json_bytes() > most {
            let found = self.payloads().map(|payload| payload.json_bytes()).max();
            longest = (longest / 2).min(found.unwrap_or(0));
            self.payloads().for_each(|payload| payload.cut(longest));
        }
        self
    }

    fn json_bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }

    fn payloads(&mut self) -> impl Iterator<Item = &mut Payload> {
        self.runs.iter_mut().flat_map(|run| {
            let files = run.files.iter_mut().filter_map(|file| file.content.as_mut());
            [&mut run.stdout, &mut run.stderr].into_iter().chain(files)
        })
    }
}
