//! The run of one test becomes its part of the verdict document.

use std::fs::File;
use std::io::{self, Read as _};

use crate::contract::{Excerpt, Limits, TestVerdict, Verdict};
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{PlannedTest, ShownData};
use crate::judge::run::TestRun;
use crate::judge::verdict::excerpt::{Room, excerpt, stderr_excerpt};
use crate::judge::verdict::limit_message::limit_message;
use crate::judge::verdict::signal_name;
use crate::sandbox::Ended;

/// How much of a test is shown.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct Show {
    /// One excerpt at most, in bytes.
    pub(in crate::judge) excerpt_bytes: usize,
    /// All excerpts of a test together, in bytes of JSON.
    pub(in crate::judge) test_bytes: usize,
    /// Whether the output of secret tests is shown.
    pub(in crate::judge) secret_output: bool,
    /// Whether the validator's messages to judges about secret tests are shown.
    pub(in crate::judge) judge_messages: bool,
}

/// What is said about a test. Without a run it was skipped.
pub(super) fn test_verdict(test: &PlannedTest, run: Option<TestRun>, limits: &Limits, show: &Show) -> TestVerdict {
    let mut room = Room::new(show.test_bytes);
    match run {
        Some(run) => {
            let message = run.limit.map(|limit| limit_message(limit, &run.facts, limits));
            let verdict = TestVerdict {
                message,
                ..of_run(test, run, show, &mut room)
            };
            let verdict = with_reason(verdict, test, &mut room);
            with_sample_data(verdict, test, show, &mut room)
        }
        None => with_sample_data(with_reason(skipped(test), test, &mut room), test, show, &mut room),
    }
}

/// A test that was skipped by the tests themselves says why.
fn with_reason(verdict: TestVerdict, test: &PlannedTest, room: &mut Room) -> TestVerdict {
    let reason = test.skip_reason.clone().filter(|_| verdict.verdict == Verdict::Sk);
    TestVerdict {
        skip_reason: reason.map(|reason| room.fit_text(reason)),
        ..verdict
    }
}

fn skipped(test: &PlannedTest) -> TestVerdict {
    TestVerdict {
        name: test.name.clone(),
        sample: test.sample,
        verdict: Verdict::Sk,
        limit: None,
        message: None,
        skip_reason: None,
        score: None,
        cpu_ms: 0,
        wall_ms: 0,
        starved_ms: None,
        memory_bytes: 0,
        exit_code: None,
        signal: None,
        stdout: Excerpt::default(),
        value: None,
        stderr: Excerpt::default(),
        checker_message: None,
        judge_message: None,
        transcript: None,
        input: None,
        answer: None,
    }
}

fn of_run(test: &PlannedTest, run: TestRun, show: &Show, room: &mut Room) -> TestVerdict {
    let (exit_code, signal) = match run.facts.ended {
        Ended::Exit(code) => (Some(code), None),
        Ended::Signal(signal) => (None, Some(signal_name(signal))),
    };
    let shows_output = test.sample || show.secret_output;
    // It may quote the answer.
    let shows_judge_messages = test.sample || show.judge_messages;
    let mut output = |excerpt: Excerpt| {
        if shows_output {
            room.fit(excerpt)
        } else {
            Excerpt {
                text: String::new(),
                ..excerpt
            }
        }
    };
    TestVerdict {
        verdict: run.result.verdict,
        limit: run.limit,
        score: run.result.score,
        cpu_ms: run.facts.cpu.us.div_ceil(1000),
        wall_ms: run.facts.wall_us.div_ceil(1000),
        starved_ms: run.facts.starved_us.map(|us| us / 1000),
        memory_bytes: run.facts.memory_peak.bytes,
        exit_code,
        signal,
        stdout: output(run.stdout),
        value: run.value.map(&mut output),
        stderr: output(stderr_excerpt(&run.facts)),
        checker_message: run.team_message.map(|message| room.fit_text(message)),
        judge_message: run
            .judge_message
            .filter(|_| shows_judge_messages)
            .map(|message| room.fit_text(message)),
        transcript: run
            .transcript
            .filter(|_| shows_judge_messages)
            .map(|transcript| room.fit(transcript)),
        ..skipped(test)
    }
}

/// The input and the answer of a sample are public, as far as the package shows them.
fn with_sample_data(verdict: TestVerdict, test: &PlannedTest, show: &Show, room: &mut Room) -> TestVerdict {
    if !test.sample {
        return verdict;
    }
    if let Some(call) = &test.call {
        return TestVerdict {
            input: Some(room.fit(whole(&call.call))),
            answer: Some(room.fit(whole(&call.answer))),
            ..verdict
        };
    }
    let mut start = |data: &TestData| start_of(data, show.excerpt_bytes).ok().map(|start| room.fit(start));
    let (input, answer) = match &test.shown {
        ShownData::Own => (&test.input, test.answer.as_ref()),
        ShownData::Instead { input, answer } => (input, answer.as_ref()),
        ShownData::Nothing => return verdict,
    };
    TestVerdict {
        input: start(input),
        answer: answer.and_then(start),
        ..verdict
    }
}

fn whole(text: &str) -> Excerpt {
    excerpt(text.as_bytes(), text.len() as u64)
}

/// The start of a test's data. Samples are small, so reading a piece of one here does not block the runtime.
fn start_of(data: &TestData, bytes: usize) -> io::Result<Excerpt> {
    match data {
        TestData::Bytes(whole) => Ok(excerpt(&whole[..whole.len().min(bytes)], whole.len() as u64)),
        TestData::File(path) => {
            let file = File::open(path)?;
            let length = file.metadata()?.len();
            let mut start = Vec::new();
            file.take(bytes as u64).read_to_end(&mut start)?;
            Ok(excerpt(&start, length))
        }
    }
}
