//! The one place that decides a verdict, from facts.

pub(super) mod document;
pub(super) mod excerpt;
mod findings;

use crate::contract::{Limits, Verdict};
use crate::sandbox::{Ended, RunFacts, Stopped};

/// What an output validator decided about the output of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidatorResult {
    /// The output is right.
    Accepted,
    /// The output is wrong.
    Rejected,
    /// It did not do its work, and why.
    Failed(String),
}

/// Who ended first, the submission or the validator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstToExit {
    /// The submission.
    Submission,
    /// The validator.
    Validator,
}

/// What is decided about a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This.
    Verdict(Verdict),
    /// Nothing, since the validator failed.
    ValidatorFailed(String),
}

/// The verdict on one test. The first of these that holds, in this order:
///
/// 0. What the validator of an interactive problem said, if it rejected (or failed) before the submission ended
///    (`decided_first`): what happens to the submission after that is its doing.
/// 1. `SV`: seccomp killed the program (`SIGSYS`, `seccomp(2)`).
/// 2. `MLE`: the kernel killed something for memory, or the peak reached the limit.
/// 3. `TLE`: the CPU or the wall limit was reached.
/// 4. `OLE`: more output than allowed.
/// 5. `MLE`: Python ended with its own `MemoryError`.
/// 6. `RTE`: killed by a signal, or another exit code than 0.
/// 7. `WA` or `AC`: what the output validator says.
pub fn verdict_of(
    facts: &RunFacts,
    limits: &Limits,
    validator_result: &ValidatorResult,
    decided_first: bool,
) -> Decision {
    let by_validator = match validator_result {
        ValidatorResult::Accepted => Decision::Verdict(Verdict::Ac),
        ValidatorResult::Rejected => Decision::Verdict(Verdict::Wa),
        ValidatorResult::Failed(reason) => Decision::ValidatorFailed(reason.clone()),
    };
    if decided_first && *validator_result != ValidatorResult::Accepted {
        return by_validator;
    }
    let failed = match facts.ended {
        Ended::Exit(0) => false,
        // It wrote on to a validator that had accepted and left.
        Ended::Signal(SIGPIPE) if decided_first => false,
        _ => true,
    };
    Decision::Verdict(if facts.stopped.is_none() && facts.ended == Ended::Signal(SIGSYS) {
        Verdict::Sv
    } else if facts.had_memory_kill() || facts.memory_peak.bytes >= limits.memory_bytes {
        Verdict::Mle
    } else if matches!(facts.stopped, Some(Stopped::Cpu | Stopped::Wall)) || over_time(facts, limits) {
        Verdict::Tle
    } else if matches!(facts.stopped, Some(Stopped::Output(_))) {
        Verdict::Ole
    } else if failed && ended_with_memory_error(facts) {
        Verdict::Mle
    } else if failed {
        Verdict::Rte
    } else {
        return by_validator;
    })
}

/// `SIGPIPE` (`signal(7)`).
const SIGPIPE: i32 = 13;

/// `SIGSYS`, with the same number on x86_64 and aarch64 (`signal(7)`).
pub(super) const SIGSYS: i32 = 31;

fn over_time(facts: &RunFacts, limits: &Limits) -> bool {
    facts.cpu.us > limits.cpu_ms.saturating_mul(1000)
}

/// The last line of a traceback is the exception: `MemoryError`, or a subclass such as that of NumPy.
fn ended_with_memory_error(facts: &RunFacts) -> bool {
    let end = if facts.stderr_tail.is_empty() {
        &facts.stderr_head
    } else {
        &facts.stderr_tail
    };
    let end = end.trim_ascii_end();
    let line = end.rsplit(|byte| *byte == b'\n').next().unwrap_or(end);
    let exception = line.split(|byte| *byte == b':').next().unwrap_or(line);
    exception.ends_with(b"MemoryError")
}

/// Name of a signal on Linux, as `signal(7)` has it.
pub fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        16 => "SIGSTKFLT",
        17 => "SIGCHLD",
        18 => "SIGCONT",
        19 => "SIGSTOP",
        20 => "SIGTSTP",
        21 => "SIGTTIN",
        22 => "SIGTTOU",
        23 => "SIGURG",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        26 => "SIGVTALRM",
        27 => "SIGPROF",
        28 => "SIGWINCH",
        29 => "SIGIO",
        30 => "SIGPWR",
        31 => "SIGSYS",
        other => return format!("SIG{other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{CpuTime, Figure, MemoryPeak, Stream};

    const ARBITRARY_LIMITS: Limits = Limits {
        cpu_ms: 1000,
        wall_ms: 3000,
        memory_bytes: 256 << 20,
        output_bytes: 1 << 20,
        processes: 64,
    };

    fn clean_exit() -> RunFacts {
        RunFacts {
            ended: Ended::Exit(0),
            stopped: None,
            cpu: CpuTime {
                us: 20_000,
                source: Figure::Cgroup,
            },
            wall_us: 30_000,
            memory_peak: MemoryPeak {
                bytes: 10 << 20,
                source: Figure::Rusage,
            },
            memory_kills: Some(0),
            stdout_bytes: 2,
            stderr_bytes: 0,
            stderr_head: Vec::new(),
            stderr_tail: Vec::new(),
            refused_processes: Some(0),
            leftovers: 0,
            audit: Vec::new(),
            zygote_lost: false,
        }
    }

    type Change = fn(&mut RunFacts);

    #[test]
    fn the_first_fact_that_holds_decides() {
        let rows: [(&str, Change, Verdict, Verdict); 14] = [
            ("clean exit", |_| {}, Verdict::Ac, Verdict::Wa),
            ("exit code", |f| f.ended = Ended::Exit(1), Verdict::Rte, Verdict::Rte),
            ("signal", |f| f.ended = Ended::Signal(11), Verdict::Rte, Verdict::Rte),
            ("seccomp", |f| f.ended = Ended::Signal(31), Verdict::Sv, Verdict::Sv),
            (
                "cpu limit",
                |f| f.stopped = Some(Stopped::Cpu),
                Verdict::Tle,
                Verdict::Tle,
            ),
            (
                "wall limit",
                |f| f.stopped = Some(Stopped::Wall),
                Verdict::Tle,
                Verdict::Tle,
            ),
            (
                "just over the cpu limit",
                |f| f.cpu.us = 1_000_001,
                Verdict::Tle,
                Verdict::Tle,
            ),
            (
                "exactly the cpu limit",
                |f| f.cpu.us = 1_000_000,
                Verdict::Ac,
                Verdict::Wa,
            ),
            (
                "flood",
                |f| f.stopped = Some(Stopped::Output(Stream::Stderr)),
                Verdict::Ole,
                Verdict::Ole,
            ),
            (
                "memory kill of a child",
                |f| f.memory_kills = Some(1),
                Verdict::Mle,
                Verdict::Mle,
            ),
            (
                "peak at the limit",
                |f| f.memory_peak.bytes = 256 << 20,
                Verdict::Mle,
                Verdict::Mle,
            ),
            (
                "memory kill while over time",
                |f| {
                    f.memory_kills = Some(1);
                    f.stopped = Some(Stopped::Cpu);
                },
                Verdict::Mle,
                Verdict::Mle,
            ),
            (
                "MemoryError",
                |f| {
                    f.ended = Ended::Exit(1);
                    f.stderr_head = b"Traceback (most recent call last):\nMemoryError\n".to_vec();
                },
                Verdict::Mle,
                Verdict::Mle,
            ),
            (
                "MemoryError of numpy behind a long traceback",
                |f| {
                    f.ended = Ended::Exit(1);
                    f.stderr_head = b"Traceback".to_vec();
                    f.stderr_tail =
                        b"x\nnumpy._core._exceptions._ArrayMemoryError: Unable to allocate 1. TiB\n".to_vec();
                },
                Verdict::Mle,
                Verdict::Mle,
            ),
        ];
        for (what, change, with_right_output, with_wrong_output) in rows {
            let mut facts = clean_exit();
            change(&mut facts);
            let decided =
                |validator_result: ValidatorResult| verdict_of(&facts, &ARBITRARY_LIMITS, &validator_result, false);
            assert_eq!(
                decided(ValidatorResult::Accepted),
                Decision::Verdict(with_right_output),
                "{what}"
            );
            assert_eq!(
                decided(ValidatorResult::Rejected),
                Decision::Verdict(with_wrong_output),
                "{what}"
            );
        }
    }

    #[test]
    fn in_an_interactive_problem_who_ended_first_decides() {
        let failed = || ValidatorResult::Failed("it crashed".to_owned());
        let rows = [
            (
                "rejected, then SIGPIPE",
                Ended::Signal(13),
                ValidatorResult::Rejected,
                true,
                Decision::Verdict(Verdict::Wa),
            ),
            (
                "rejected, then an exception",
                Ended::Exit(1),
                ValidatorResult::Rejected,
                true,
                Decision::Verdict(Verdict::Wa),
            ),
            (
                "accepted, then SIGPIPE",
                Ended::Signal(13),
                ValidatorResult::Accepted,
                true,
                Decision::Verdict(Verdict::Ac),
            ),
            (
                "accepted, then an exception",
                Ended::Exit(1),
                ValidatorResult::Accepted,
                true,
                Decision::Verdict(Verdict::Rte),
            ),
            (
                "an exception, then rejected",
                Ended::Exit(1),
                ValidatorResult::Rejected,
                false,
                Decision::Verdict(Verdict::Rte),
            ),
            (
                "a crashed validator",
                Ended::Exit(0),
                failed(),
                true,
                Decision::ValidatorFailed("it crashed".to_owned()),
            ),
            (
                "an exception, then a crashed validator",
                Ended::Exit(1),
                failed(),
                false,
                Decision::Verdict(Verdict::Rte),
            ),
        ];
        for (what, ended, validator_result, decided_first, decision) in rows {
            let facts = RunFacts { ended, ..clean_exit() };
            assert_eq!(
                verdict_of(&facts, &ARBITRARY_LIMITS, &validator_result, decided_first),
                decision,
                "{what}"
            );
        }
    }
}
