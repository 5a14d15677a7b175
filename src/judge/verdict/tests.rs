//! Which fact decides.

use super::*;
use crate::judge::validation::fault::FaultReason;
use crate::sandbox::Stream;

const ARBITRARY_LIMITS: Limits = Limits {
    cpu_ms: 1000,
    wall_ms: 3000,
    memory_bytes: 256 << 20,
    output_bytes: 1 << 20,
    processes: 64,
};

fn clean_exit() -> RunFacts {
    RunFacts {
        stdout_bytes: 2,
        ..RunFacts::ended(Ended::Exit(0))
    }
}

fn verdict_in(decision: Decision) -> Option<Verdict> {
    match decision {
        Decision::Verdict { verdict, .. } => Some(verdict),
        Decision::ValidatorFailed(_) => None,
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
                f.stderr_tail = b"x\nnumpy._core._exceptions._ArrayMemoryError: Unable to allocate 1. TiB\n".to_vec();
            },
            Verdict::Mle,
            Verdict::Mle,
        ),
    ];
    for (what, change, with_right_output, with_wrong_output) in rows {
        let mut facts = clean_exit();
        change(&mut facts);
        let decided = |validator_result: ValidatorResult| {
            verdict_in(verdict_of(&facts, &ARBITRARY_LIMITS, &validator_result, false))
        };
        assert_eq!(decided(ValidatorResult::Accepted), Some(with_right_output), "{what}");
        assert_eq!(decided(ValidatorResult::Rejected), Some(with_wrong_output), "{what}");
    }
}

#[test]
fn in_an_interactive_problem_who_ended_first_decides() {
    let crash = || ValidatorFault::from(FaultReason::Signal(11));
    let failed = || ValidatorResult::Failed(crash());
    let rows = [
        (
            "rejected, then SIGPIPE",
            Ended::Signal(13),
            ValidatorResult::Rejected,
            true,
            Decision::new(Verdict::Wa),
        ),
        (
            "rejected, then an exception",
            Ended::Exit(1),
            ValidatorResult::Rejected,
            true,
            Decision::new(Verdict::Wa),
        ),
        (
            "accepted, then SIGPIPE",
            Ended::Signal(13),
            ValidatorResult::Accepted,
            true,
            Decision::new(Verdict::Ac),
        ),
        (
            "accepted, then an exception",
            Ended::Exit(1),
            ValidatorResult::Accepted,
            true,
            Decision::new(Verdict::Rte),
        ),
        (
            "an exception, then rejected",
            Ended::Exit(1),
            ValidatorResult::Rejected,
            false,
            Decision::new(Verdict::Rte),
        ),
        (
            "a crashed validator",
            Ended::Exit(0),
            failed(),
            true,
            Decision::ValidatorFailed(crash()),
        ),
        (
            "an exception, then a crashed validator",
            Ended::Exit(1),
            failed(),
            false,
            Decision::new(Verdict::Rte),
        ),
    ];
    let ended_with = |ended, stderr: &[u8]| RunFacts {
        ended,
        stderr_head: stderr.to_vec(),
        ..clean_exit()
    };
    // Python ignores SIGPIPE, and says the same by an exception.
    let by_python = [
        (
            Ended::Exit(1),
            &b"Traceback\nBrokenPipeError: [Errno 32] Broken pipe\n"[..],
            Verdict::Ac,
        ),
        (
            Ended::Exit(120),
            b"Exception ignored in: <_io.TextIOWrapper>\nBrokenPipeError: [Errno 32] Broken pipe\n",
            Verdict::Ac,
        ),
        (Ended::Exit(1), b"BrokenPipeError\nKeyError: 1\n", Verdict::Rte),
        (
            Ended::Exit(2),
            b"BrokenPipeError: [Errno 32] Broken pipe\n",
            Verdict::Rte,
        ),
    ];
    for (ended, stderr, expected) in by_python {
        let facts = ended_with(ended, stderr);
        let decided = |decided_first| verdict_of(&facts, &ARBITRARY_LIMITS, &ValidatorResult::Accepted, decided_first);
        assert_eq!(
            decided(true),
            Decision::new(expected),
            "{}",
            String::from_utf8_lossy(stderr)
        );
        assert_eq!(
            decided(false),
            Decision::new(Verdict::Rte),
            "the submission ended first"
        );
    }
    for (what, ended, validator_result, decided_first, decision) in rows {
        let facts = RunFacts { ended, ..clean_exit() };
        assert_eq!(
            verdict_of(&facts, &ARBITRARY_LIMITS, &validator_result, decided_first),
            decision,
            "{what}"
        );
    }
}

#[test]
fn a_verdict_says_which_limit_was_exceeded() {
    let rows: [(&str, Change, Option<LimitKind>); 7] = [
        (
            "stopped by CPU time",
            |f| f.stopped = Some(Stopped::Cpu),
            Some(LimitKind::Cpu),
        ),
        (
            "stopped by the clock",
            |f| f.stopped = Some(Stopped::Wall),
            Some(LimitKind::Wall),
        ),
        (
            "ended beyond the CPU limit",
            |f| f.cpu.us = 1_050_000,
            Some(LimitKind::Cpu),
        ),
        (
            "ended beyond the wall limit",
            |f| f.wall_us = 3_100_000,
            Some(LimitKind::Wall),
        ),
        (
            "killed for memory",
            |f| f.memory_kills = Some(1),
            Some(LimitKind::Memory),
        ),
        (
            "a flood",
            |f| f.stopped = Some(Stopped::Output(Stream::Stdout)),
            Some(LimitKind::Output),
        ),
        ("a clean exit", |_| {}, None),
    ];
    for (what, change, expected) in rows {
        let mut facts = clean_exit();
        change(&mut facts);
        let decision = verdict_of(&facts, &ARBITRARY_LIMITS, &ValidatorResult::Accepted, false);
        let Decision::Verdict { limit, .. } = decision else {
            panic!("{what}: {decision:?}");
        };
        assert_eq!(limit, expected, "{what}");
    }
}
