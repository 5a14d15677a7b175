//! What a validator decided, by how it ended.

use crate::judge::validation::fault::{FaultReason, ValidatorFault, quoted_stderr};
use crate::judge::verdict::ValidatorResult;
use crate::sandbox::{Ended, RunFacts, Stopped};

/// Exit code 42 accepts, 43 rejects, and everything else is a validator that failed.
pub(super) fn validator_result(facts: &RunFacts) -> ValidatorResult {
    let reason = match exit_code(facts) {
        Ok(42) => return ValidatorResult::Accepted,
        Ok(43) => return ValidatorResult::Rejected,
        Ok(code) => FaultReason::ExitCode(code),
        Err(reason) => reason,
    };
    ValidatorResult::Failed(ValidatorFault {
        reason,
        stderr: quoted_stderr(facts),
    })
}

/// The exit code of a program of a package that ended by itself.
pub(in crate::judge) fn exit_code(facts: &RunFacts) -> Result<i32, FaultReason> {
    Err(match (facts.stopped, facts.ended) {
        _ if facts.had_memory_kill() => FaultReason::Memory,
        (None, Ended::Exit(code)) => return Ok(code),
        (None, Ended::Signal(signal)) => FaultReason::Signal(signal),
        (Some(Stopped::Cpu | Stopped::Wall), _) => FaultReason::Time,
        (Some(Stopped::Output(_)), _) => FaultReason::Output,
        (Some(Stopped::Asked | Stopped::Starved), _) => FaultReason::Stopped,
    })
}
