//! The one place that decides a verdict, from facts.

mod circumstances;
pub(super) mod document;
pub(super) mod excerpt;
mod findings;
pub(super) mod limit_message;
pub(super) mod result_document;
pub(in crate::judge) mod signal;
pub(super) mod test_verdict;

use crate::contract::{LimitKind, Limits, Verdict};
use crate::judge::validation::fault::ValidatorFault;
use crate::sandbox::{Ended, RunFacts, Stopped};
pub use signal::signal_name;

/// What an output validator decided about the output of a submission.
#[derive(Debug, Clone, PartialEq)]
pub enum ValidatorResult {
    /// The output is right.
    Accepted,
    /// The program had to end with an exception, and did.
    AcceptedException,
    /// The output is wrong.
    Rejected,
    /// It did not do its work, and how it failed.
    Failed(ValidatorFault),
}

/// Which of the two programs of a test decided first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstToExit {
    /// The submission: the validator was told that its output had ended.
    Submission,
    /// The validator: it ended by what the submission had written until then.
    Validator,
}

/// What is decided about a test.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// A verdict.
    Verdict {
        /// The verdict.
        verdict: Verdict,
        /// The limit that was exceeded, if that is the reason.
        limit: Option<LimitKind>,
    },
    /// Nothing, since the validator failed.
    ValidatorFailed(ValidatorFault),
}

impl Decision {
    fn new(verdict: Verdict) -> Self {
        Self::Verdict { verdict, limit: None }
    }

    fn exceeded(verdict: Verdict, limit: LimitKind) -> Self {
        Self::Verdict {
            verdict,
            limit: Some(limit),
        }
    }
}

/// The verdict on one test. The first of these that holds, in this order:
///
/// 0. What the validator of an interactive problem decided, if it rejected (or failed) before the submission ended
///    (`decided_first`): what happens to the submission after that is a consequence.
/// 1. `SV`: seccomp killed the program (`SIGSYS`, `seccomp(2)`).
/// 2. `MLE`: the kernel killed something for memory, or the peak reached the limit.
/// 3. `TLE`: the CPU or the wall limit was exceeded.
/// 4. `OLE`: more output than allowed.
/// 5. `MLE`: Python ended with its own `MemoryError`.
/// 6. `RTE`: killed by a signal, or another exit code than 0, unless an exception was expected and came.
/// 7. `WA` or `AC`: what the output validator says.
pub fn verdict_of(
    facts: &RunFacts,
    limits: &Limits,
    validator_result: &ValidatorResult,
    decided_first: bool,
) -> Decision {
    let by_validator = match validator_result {
        ValidatorResult::Accepted | ValidatorResult::AcceptedException => Decision::new(Verdict::Ac),
        ValidatorResult::Rejected => Decision::new(Verdict::Wa),
        ValidatorResult::Failed(fault) => Decision::ValidatorFailed(fault.clone()),
    };
    if decided_first && *validator_result != ValidatorResult::Accepted {
        return by_validator;
    }
    let failed = match facts.ended {
        Ended::Exit(0) => false,
        Ended::Exit(1) if *validator_result == ValidatorResult::AcceptedException => false,
        // It wrote on to a validator that had accepted and left.
        Ended::Signal(SIGPIPE) if decided_first => false,
        Ended::Exit(1 | LAST_WRITE_FAILED) if decided_first && last_exception(facts) == b"BrokenPipeError" => false,
        _ => true,
    };
    if facts.stopped.is_none() && facts.ended == Ended::Signal(SIGSYS) {
        Decision::new(Verdict::Sv)
    } else if facts.had_memory_kill() || facts.memory_peak.bytes >= limits.memory_bytes {
        Decision::exceeded(Verdict::Mle, LimitKind::Memory)
    } else if let Some(limit) = time_limit_exceeded(facts, limits) {
        Decision::exceeded(Verdict::Tle, limit)
    } else if matches!(facts.stopped, Some(Stopped::Output(_))) {
        Decision::exceeded(Verdict::Ole, LimitKind::Output)
    } else if failed && last_exception(facts).ends_with(b"MemoryError") {
        Decision::exceeded(Verdict::Mle, LimitKind::Memory)
    } else if failed {
        Decision::new(Verdict::Rte)
    } else {
        by_validator
    }
}

/// Python's exit code where what is left in a stream cannot be written at the end (`Py_FinalizeEx`, "Initialization,
/// Finalization, and Threads" of its C API). It ignores `SIGPIPE`.
const LAST_WRITE_FAILED: i32 = 120;

/// `SIGPIPE` (`signal(7)`).
const SIGPIPE: i32 = 13;

/// `SIGSYS`, with the same number on x86_64 and aarch64 (`signal(7)`).
pub(super) const SIGSYS: i32 = 31;

/// Programs may go on a little beyond the limits, so the figures count too.
pub(super) fn time_limit_exceeded(facts: &RunFacts, limits: &Limits) -> Option<LimitKind> {
    if facts.stopped == Some(Stopped::Cpu) || facts.cpu.us > limits.cpu_ms.saturating_mul(1000) {
        Some(LimitKind::Cpu)
    } else if facts.stopped == Some(Stopped::Wall) || facts.counted_wall_us() > limits.wall_ms.saturating_mul(1000) {
        Some(LimitKind::Wall)
    } else {
        None
    }
}

/// The last line of a traceback is the exception: its class, such as `MemoryError`, or a subclass of it such as that of NumPy.
fn last_exception(facts: &RunFacts) -> &[u8] {
    let end = if facts.stderr_tail.is_empty() {
        &facts.stderr_head
    } else {
        &facts.stderr_tail
    };
    let end = end.trim_ascii_end();
    let line = end.rsplit(|byte| *byte == b'\n').next().unwrap_or(end);
    line.split(|byte| *byte == b':').next().unwrap_or(line)
}

#[cfg(test)]
mod tests;
