//! Judge0's numbers for how a program ended.

use serde_json::{Value, json};

use crate::contract::{RunReport, RunStatus, Verdict};

/// A status: its number and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status(pub(super) u8, &'static str);

pub(super) const IN_QUEUE: Status = Status(1, "In Queue");
pub(super) const PROCESSING: Status = Status(2, "Processing");
pub(super) const ACCEPTED: Status = Status(3, "Accepted");
pub(super) const WRONG_ANSWER: Status = Status(4, "Wrong Answer");
const TIME_LIMIT: Status = Status(5, "Time Limit Exceeded");
pub(super) const COMPILATION_ERROR: Status = Status(6, "Compilation Error");
const SIGSEGV: Status = Status(7, "Runtime Error (SIGSEGV)");
const SIGXFSZ: Status = Status(8, "Runtime Error (SIGXFSZ)");
const SIGFPE: Status = Status(9, "Runtime Error (SIGFPE)");
const SIGABRT: Status = Status(10, "Runtime Error (SIGABRT)");
const NON_ZERO: Status = Status(11, "Runtime Error (NZEC)");
const OTHER: Status = Status(12, "Runtime Error (Other)");
pub(super) const INTERNAL_ERROR: Status = Status(13, "Internal Error");
const EXEC_FORMAT: Status = Status(14, "Exec Format Error");

/// Every status.
pub(super) const ALL: [Status; 14] = [
    IN_QUEUE,
    PROCESSING,
    ACCEPTED,
    WRONG_ANSWER,
    TIME_LIMIT,
    COMPILATION_ERROR,
    SIGSEGV,
    SIGXFSZ,
    SIGFPE,
    SIGABRT,
    NON_ZERO,
    OTHER,
    INTERNAL_ERROR,
    EXEC_FORMAT,
];

impl Status {
    pub(super) fn document(self) -> Value {
        json!({ "id": self.0, "description": self.1 })
    }

    /// That of a run, before its output is compared with anything.
    pub(super) fn of_run(run: &RunReport) -> Self {
        match (run.status, run.signal.as_deref()) {
            (RunStatus::Rte, Some("SIGSEGV")) => SIGSEGV,
            (RunStatus::Rte, Some("SIGXFSZ")) => SIGXFSZ,
            (RunStatus::Rte, Some("SIGFPE")) => SIGFPE,
            (RunStatus::Rte, Some("SIGABRT")) => SIGABRT,
            (RunStatus::Rte, None) => NON_ZERO,
            (status, _signal) => Self::of_verdict(status.verdict()),
        }
    }

    /// That of a verdict. Judge0 has none for memory, which its programs do not survive either.
    pub(super) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ac => ACCEPTED,
            Verdict::Wa => WRONG_ANSWER,
            Verdict::Tle => TIME_LIMIT,
            Verdict::Ce => COMPILATION_ERROR,
            Verdict::Ole => SIGXFSZ,
            Verdict::Rte | Verdict::Mle | Verdict::Sv => OTHER,
            // Neither says anything about the program.
            Verdict::Je | Verdict::Cancelled | Verdict::Sk => INTERNAL_ERROR,
        }
    }
}
