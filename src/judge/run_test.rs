//! One test: the program runs, and its output is checked while it comes.

use std::fs::File;
use std::io::{self, Cursor, Read};

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::config::{JudgeSettings, Settings};
use crate::contract::{Excerpt, Limits, Verdict};
use crate::judge::JudgeError;
use crate::judge::boxes::Boxes;
use crate::judge::checker::{AnswerError, CheckOutcome, StandardChecker, StandardFlags};
use crate::judge::excerpt::ExcerptKeeper;
use crate::judge::plan::{Plan, PlannedTest, TestData};
use crate::judge::verdict::{Checked, verdict_of};
use crate::sandbox::{
    BoxError, CpuTime, Ended, Input, MemoryPeak, Program, RunFacts, RunLimits, RunRequest, RunStreams, Session,
};

/// Pieces of output that may wait for the checker.
const PIECES_UNDER_WAY: usize = 8;

/// A test that ran.
#[derive(Debug)]
pub(super) struct TestRun {
    pub(super) verdict: Verdict,
    pub(super) facts: RunFacts,
    pub(super) stdout: Excerpt,
    pub(super) message: Option<String>,
}

/// What was made of the program's standard output.
struct Watched {
    stdout: Excerpt,
    outcome: Option<CheckOutcome>,
}

enum AttemptError {
    Box(BoxError),
    Ours(JudgeError),
}

/// Runs one test, in another box where one is lost.
pub(super) async fn run_test(
    boxes: &mut Boxes<'_>,
    plan: &Plan,
    test: &PlannedTest,
    settings: &JudgeSettings,
) -> Result<TestRun, JudgeError> {
    let request = RunRequest {
        program: Program::Exec {
            argv: command(&plan.language.run, "{entry}", &[&plan.entry]),
            env: plan.language.env.clone(),
        },
        limits: run_limits(&plan.limits, boxes.settings()),
    };
    loop {
        let session = boxes.ready(&test.name).await?;
        match attempt(session, &request, test, settings).await {
            Ok((facts, watched)) => {
                if facts.oom_kills > 0 {
                    boxes.retire();
                }
                return Ok(judged(facts, watched, &plan.limits));
            }
            Err(AttemptError::Ours(error)) => return Err(error),
            Err(AttemptError::Box(error)) => {
                if boxes.lose(error, &test.name).await?.out_of_memory {
                    let watched = Watched {
                        stdout: Excerpt::default(),
                        outcome: None,
                    };
                    return Ok(judged(memory_kill(&plan.limits), watched, &plan.limits));
                }
            }
        }
    }
}

async fn attempt(
    session: &mut Session,
    request: &RunRequest,
    test: &PlannedTest,
    settings: &JudgeSettings,
) -> Result<(RunFacts, Watched), AttemptError> {
    let cannot_read = |what: &str, error: &dyn std::fmt::Display| {
        AttemptError::Ours(JudgeError::Problem {
            problem: test.name.clone(),
            reason: format!("cannot read the {what}: {error}"),
        })
    };
    let input = open_input(&test.input)
        .await
        .map_err(|error| cannot_read("input", &error))?;
    let (sender, receiver) = mpsc::channel(PIECES_UNDER_WAY);
    let (answer, flags, keep) = (test.answer.clone(), test.flags, settings.excerpt_bytes);
    let watching = spawn_blocking(move || watch(receiver, answer, flags, keep));
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let facts = session.run(request, streams).await.map_err(AttemptError::Box)?;
    let watched = watching
        .await
        .map_err(|error| AttemptError::Ours(JudgeError::Internal(error.to_string())))?
        .map_err(|error| cannot_read("answer", &error))?;
    Ok((facts, watched))
}

/// Checks the output while it comes, in constant memory.
fn watch(
    mut pieces: mpsc::Receiver<Bytes>,
    answer: Option<TestData>,
    flags: StandardFlags,
    keep: usize,
) -> Result<Watched, AnswerError> {
    let mut stdout = ExcerptKeeper::new(keep);
    let mut checker = match answer {
        Some(answer) => Some(StandardChecker::new(flags, open_answer(answer)?)),
        None => None,
    };
    while let Some(piece) = pieces.blocking_recv() {
        stdout.push(&piece);
        if let Some(checker) = &mut checker {
            checker.push(&piece)?;
        }
    }
    let outcome = checker.map(StandardChecker::finish).transpose()?;
    Ok(Watched {
        stdout: stdout.finish(),
        outcome,
    })
}

fn judged(facts: RunFacts, watched: Watched, limits: &Limits) -> TestRun {
    let Watched { stdout, outcome } = watched;
    let accepted = outcome.as_ref().is_none_or(|outcome| outcome.accepted);
    let checked = if accepted { Checked::Accepted } else { Checked::Wrong };
    let verdict = verdict_of(&facts, limits, checked);
    let message = outcome
        .filter(|_| verdict == Verdict::Wa)
        .and_then(|outcome| outcome.team_message);
    TestRun {
        verdict,
        facts,
        stdout,
        message,
    }
}

/// The facts of a run that took its box down with it.
fn memory_kill(limits: &Limits) -> RunFacts {
    use crate::sandbox::Figure::Cgroup;
    RunFacts {
        ended: Ended::Signal(9),
        stopped: None,
        cpu: CpuTime { us: 0, source: Cgroup },
        wall_us: 0,
        memory_peak: MemoryPeak {
            bytes: limits.memory_bytes,
            source: Cgroup,
        },
        oom_kills: 1,
        stdout_bytes: 0,
        stderr_bytes: 0,
        stderr_head: Vec::new(),
        stderr_tail: Vec::new(),
        leftovers: 0,
    }
}

async fn open_input(data: &TestData) -> io::Result<Input> {
    Ok(match data {
        TestData::Bytes(bytes) => Input::Bytes(bytes.clone()),
        TestData::File(path) => Input::File(tokio::fs::File::open(path).await?),
    })
}

fn open_answer(data: TestData) -> io::Result<Box<dyn Read + Send>> {
    Ok(match data {
        TestData::Bytes(bytes) => Box::new(Cursor::new(bytes)),
        TestData::File(path) => Box::new(File::open(path)?),
    })
}

/// Fills the file names into a command of the language table.
pub(super) fn command(template: &[String], placeholder: &str, files: &[&str]) -> Vec<String> {
    // A name that begins with a dash must not be taken for an option.
    let name = |file: &&str| {
        if file.starts_with('-') {
            format!("./{file}")
        } else {
            (*file).to_owned()
        }
    };
    let mut argv = Vec::new();
    for word in template {
        if word == placeholder {
            argv.extend(files.iter().map(name));
        } else {
            argv.push(word.clone());
        }
    }
    argv
}

/// The limits as the runner takes them.
pub(super) fn run_limits(limits: &Limits, settings: &Settings) -> RunLimits {
    RunLimits {
        cpu_us: limits.cpu_ms.saturating_mul(1000),
        wall_us: limits.wall_ms.saturating_mul(1000),
        memory_bytes: limits.memory_bytes,
        output_bytes: limits.output_bytes,
        file_bytes: settings.limits.file_bytes,
        open_files: settings.limits.open_files,
        cpus: settings.sandbox.cpus,
        stderr_keep: u32::try_from(settings.judge.excerpt_bytes).unwrap_or(u32::MAX),
    }
}
