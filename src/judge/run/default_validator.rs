//! A test whose output the default validator checks, here in the worker and while it comes.

use std::io::Read;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::checker::{AnswerError, CheckOutcome, StandardChecker, StandardFlags};
use crate::contract::Excerpt;
use crate::judge::JudgeError;
use crate::judge::plan::test_data::{TestData, open_answer};
use crate::judge::plan::{Plan, PlannedTest};
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::outcome::TestOutcome;
use crate::judge::validation::feedback::Feedback;
use crate::judge::verdict::excerpt::ExcerptCollector;
use crate::judge::verdict::{FirstToExit, ValidatorResult};
use crate::sandbox::{Input, RunFacts, RunRequest, RunStreams, Session};

/// Runs the submission in `session` with this input; at most `keep` bytes of its output are kept.
pub(super) async fn run(
    session: &mut Session,
    (request, input): (&RunRequest, Input),
    plan: &Plan,
    test: &PlannedTest,
    keep: usize,
) -> Result<TestOutcome, AttemptError> {
    let unreadable = |error| AttemptError::unreadable(plan, &test.name, error);
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let checking = check_output(receiver, test.answer.clone(), test.flags, keep);
    let (facts, checked) = tokio::join!(session.run(request, streams), checking);
    let facts = facts.map_err(AttemptError::Box)?;
    let checked = checked.map_err(JudgeError::Task)?;
    let (stdout, checked) = checked.map_err(|AnswerError(error)| unreadable(error))?;
    Ok(outcome(facts, stdout, checked.unwrap_or(CheckOutcome::accepted())))
}

fn outcome(facts: RunFacts, stdout: Excerpt, checked: CheckOutcome) -> TestOutcome {
    let CheckOutcome {
        accepted,
        judge_message,
        team_message,
    } = checked;
    TestOutcome {
        stdout: Excerpt {
            bytes: facts.stdout_bytes,
            ..stdout
        },
        facts,
        first: FirstToExit::Submission,
        validator_result: if accepted {
            ValidatorResult::Accepted
        } else {
            ValidatorResult::Rejected
        },
        feedback: Feedback {
            judge_message,
            team_message,
            ..Feedback::default()
        },
        transcript: None,
        captured: None,
        value: None,
    }
}

pub(super) type Checked = Result<(Excerpt, Option<CheckOutcome>), AnswerError>;

/// Checks the output while it comes, in constant memory. Where the answer is a file, on a thread that may wait for it.
pub(super) async fn check_output(
    mut pieces: mpsc::Receiver<Bytes>,
    answer: Option<TestData>,
    flags: StandardFlags,
    keep: usize,
) -> Result<Checked, JoinError> {
    if let Some(answer @ TestData::File(_)) = answer {
        return spawn_blocking(move || {
            let mut check = OutputCheck::new(Some(answer), flags, keep)?;
            while let Some(piece) = pieces.blocking_recv() {
                check.push(&piece)?;
            }
            check.finish()
        })
        .await;
    }
    Ok(async {
        let mut check = OutputCheck::new(answer, flags, keep)?;
        while let Some(piece) = pieces.recv().await {
            check.push(&piece)?;
        }
        check.finish()
    }
    .await)
}

/// Output on its way into the excerpt and past the checker.
struct OutputCheck {
    stdout: ExcerptCollector,
    checker: Option<StandardChecker<Box<dyn Read + Send>>>,
}

impl OutputCheck {
    fn new(answer: Option<TestData>, flags: StandardFlags, keep: usize) -> Result<Self, AnswerError> {
        let checker = match answer {
            Some(answer) => Some(StandardChecker::new(flags, open_answer(answer)?)),
            None => None,
        };
        Ok(Self {
            stdout: ExcerptCollector::new(keep),
            checker,
        })
    }

    fn push(&mut self, piece: &[u8]) -> Result<(), AnswerError> {
        self.stdout.push(piece);
        match &mut self.checker {
            Some(checker) => checker.push(piece),
            None => Ok(()),
        }
    }

    fn finish(self) -> Checked {
        let outcome = self.checker.map(StandardChecker::finish).transpose()?;
        Ok((self.stdout.finish(), outcome))
    }
}
