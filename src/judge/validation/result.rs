//! What a validator decided, by how it ended.

use crate::judge::validation::fault::{FaultReason, ValidatorFault, quoted_stderr};
use crate::judge::verdict::ValidatorResult;
use crate::sandbox::{Ended, RunFacts, Stopped};

/// Exit code 42 accepts, 43 rejects, and everything else is a validator that failed.
pub(super) fn validator_result(facts: &RunFacts) -> ValidatorResult {
    let reason = match (facts.stopped, facts.ended) {
        _ if facts.had_memory_kill() => FaultReason::Memory,
        (None, Ended::Exit(42)) => return ValidatorResult::Accepted,
        (None, Ended::Exit(43)) => return ValidatorResult::Rejected,
        (None, Ended::Exit(code)) => FaultReason::ExitCode(code),
        (None, Ended::Signal(signal)) => FaultReason::Signal(signal),
        (Some(Stopped::Cpu | Stopped::Wall), _) => FaultReason::Time,
        (Some(Stopped::Output(_)), _) => FaultReason::Output,
        (Some(Stopped::Asked | Stopped::Starved), _) => FaultReason::Stopped,
    };
    ValidatorResult::Failed(ValidatorFault {
        reason,
        stderr: quoted_stderr(facts),
    })
}
