//! Cheap submissions, and the verdict that each must get.

use assize::contract::{InlineTest, RequestedLimits, SubmissionMessage, Verdict};

use crate::flow::to_sum;

const RIGHT: &str = "print(sum(map(int, input().split())))";

/// A program, the limits that it requests, and what must come of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    pub(crate) expected: Verdict,
    source: &'static str,
    limits: RequestedLimits,
}

impl Program {
    const fn new(expected: Verdict, source: &'static str) -> Self {
        Self {
            expected,
            source,
            limits: RequestedLimits {
                cpu_ms: None,
                wall_ms: None,
                memory_bytes: None,
                output_bytes: None,
                processes: None,
            },
        }
    }

    /// A submission of it that brings two small tests along.
    pub(crate) fn submission(&self) -> SubmissionMessage {
        let test = |input: &str, answer: &str| InlineTest {
            input: Some(input.to_owned()),
            answer: Some(answer.to_owned()),

            ..InlineTest::default()
        };
        let mut message = to_sum(self.source);
        message.problem = None;
        message.tests = Some(vec![test("1 2\n", "3\n"), test("20 22\n", "42\n")]);
        message.limits = self.limits;
        message
    }
}

/// A program of every verdict that a submission can have, most of them twice.
pub(crate) fn programs() -> Vec<Program> {
    let limited = |expected, source, limits| Program {
        limits,
        ..Program::new(expected, source)
    };
    let nothing = RequestedLimits::default();
    let little_time = RequestedLimits {
        cpu_ms: Some(100),
        ..nothing
    };
    let little_patience = RequestedLimits {
        wall_ms: Some(300),
        ..nothing
    };
    let little_memory = RequestedLimits {
        memory_bytes: Some(64 << 20),
        ..nothing
    };
    let little_output = RequestedLimits {
        output_bytes: Some(1000),
        ..nothing
    };
    vec![
        Program::new(Verdict::Ac, RIGHT),
        Program::new(Verdict::Ac, "a, b = map(int, input().split())\nprint(a + b)"),
        Program::new(Verdict::Wa, "print(3)"),
        Program::new(Verdict::Wa, "pass"),
        Program::new(Verdict::Rte, "print(1 // 0)"),
        Program::new(Verdict::Rte, "import sys\nsys.exit(7)"),
        Program::new(Verdict::Ce, "print("),
        Program::new(
            Verdict::Ac,
            "import math\nprint(int(math.fsum(map(int, input().split()))))",
        ),
        limited(Verdict::Tle, "while True: pass", little_time),
        limited(Verdict::Tle, "import time\ntime.sleep(60)", little_patience),
        limited(Verdict::Mle, "x = bytearray(200 << 20)\nprint(len(x))", little_memory),
        limited(Verdict::Ole, "print('x' * 100_000)", little_output),
        Program::new(Verdict::Sv, "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)"),
        Program::new(Verdict::Ac, RIGHT),
        Program::new(Verdict::Wa, "print(input())"),
    ]
}
