//! One test: the program runs, and its output is checked while it comes.

pub(super) mod attempt;
pub(super) mod compile;
pub(super) mod request;
pub(super) mod tests;

use std::io::Read;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::contract::{Excerpt, Limits, Verdict};
use crate::judge::JudgeError;
use crate::judge::boxes::Boxes;
use crate::judge::checker::{AnswerError, CheckOutcome, StandardChecker, StandardFlags};
use crate::judge::grading::TestResult;
use crate::judge::plan::test_data::{TestData, open_answer, open_input};
use crate::judge::plan::{CustomValidation, Plan, PlannedTest, Validation};
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::request::{request, write_files};
use crate::judge::validation::build::BuiltValidator;
use crate::judge::validation::{Feedback, Validated, Validating};
use crate::judge::verdict::excerpt::ExcerptKeeper;
use crate::judge::verdict::{Decision, FirstToExit, ValidatorResult, verdict_of};
use crate::sandbox::{
    BoxError, CpuTime, Ended, Figure, Input, MemoryPeak, PostMortem, RunFacts, RunRequest, RunStreams, Session,
};

/// A test that ran.
#[derive(Debug)]
pub(super) struct TestRun {
    pub(super) result: TestResult,
    pub(super) facts: RunFacts,
    pub(super) stdout: Excerpt,
    pub(super) team_message: Option<String>,
    pub(super) judge_message: Option<String>,
    pub(super) transcript: Option<Excerpt>,
    /// Boxes that were lost under the program before this run came to its end, and not because the host ended them.
    pub(super) boxes_lost: u32,
}

/// The boxes of a submission.
pub(super) struct TestBoxes<'a> {
    /// For the submission.
    pub(super) boxes: Boxes<'a>,
    /// For the validator of the package, if it has one.
    pub(super) validator: Option<(BuiltValidator, Boxes<'a>)>,
}

/// What one run showed, before it is a verdict.
struct TestOutcome {
    facts: RunFacts,
    stdout: Excerpt,
    first: FirstToExit,
    validator_result: ValidatorResult,
    feedback: Feedback,
    transcript: Option<Excerpt>,
}

/// Runs one test, in other boxes where some are lost.
pub(super) async fn run_test(
    boxes_of_test: &mut TestBoxes<'_>,
    plan: &Plan,
    test: &PlannedTest,
) -> Result<TestRun, JudgeError> {
    let mut boxes_lost = 0;
    let counted = |run: TestRun, boxes_lost| TestRun { boxes_lost, ..run };
    loop {
        match attempt(boxes_of_test, plan, test).await {
            Ok(outcome) => {
                if outcome.facts.zygote_lost {
                    boxes_of_test.boxes.lose_zygote();
                } else if outcome.facts.had_memory_kill() {
                    boxes_of_test.boxes.retire();
                }
                return judged(outcome, plan, test).map(|run| counted(run, boxes_lost));
            }
            Err(AttemptError::Judge(error)) => return Err(error),
            Err(AttemptError::Box(error)) => {
                let is_lost = !matches!(error, BoxError::NotForked);
                if let Some((_, boxes)) = &mut boxes_of_test.validator {
                    boxes.retire();
                }
                let post_mortem = boxes_of_test.boxes.lose(error, &test.name).await?;
                if post_mortem == PostMortem::OutOfMemory {
                    return judged(memory_kill(&plan.limits), plan, test).map(|run| counted(run, boxes_lost));
                }
                boxes_lost += u32::from(is_lost && post_mortem != PostMortem::EndedByHost);
            }
            Err(AttemptError::ValidatorBox(error)) => {
                boxes_of_test.boxes.retire();
                let Some((_, boxes)) = &mut boxes_of_test.validator else {
                    return Err(JudgeError::Internal(
                        "a validator's box was lost where there is none".to_owned(),
                    ));
                };
                if boxes.lose(error, &test.name).await? == PostMortem::OutOfMemory {
                    let reason = "it needs more memory than it may use".to_owned();
                    return Err(JudgeError::Validator {
                        test: test.name.clone(),
                        reason,
                    });
                }
            }
        }
    }
}

async fn attempt(
    boxes_of_test: &mut TestBoxes<'_>,
    plan: &Plan,
    test: &PlannedTest,
) -> Result<TestOutcome, AttemptError> {
    let settings = boxes_of_test.boxes.settings();
    let session = boxes_of_test
        .boxes
        .ready(&test.name)
        .await
        .map_err(AttemptError::Judge)?;
    let request = request(plan, test, settings, session.forks());
    write_files(session, test).await?;
    match (&plan.validation, &mut boxes_of_test.validator) {
        (Validation::Custom(validation), Some((built, boxes))) => {
            let judging = boxes.ready(&test.name).await.map_err(AttemptError::Judge)?;
            let validating = Validating {
                session: judging,
                built,
                validation,
                test,
                settings,
            };
            with_validator(validating, session, &request, validation).await
        }
        _ => with_default_validator(session, &request, test, settings).await,
    }
}

async fn with_validator(
    mut validating: Validating<'_>,
    session: &mut Session,
    request: &RunRequest,
    validation: &CustomValidation,
) -> Result<TestOutcome, AttemptError> {
    validating.prepare().await?;
    let mut input = open_input(&validating.test.input)
        .await
        .map_err(|error| AttemptError::unreadable(&validating.test.name, &error))?;
    let mut pass = 1;
    loop {
        let Validated {
            facts,
            stdout,
            first,
            validator_result,
            feedback,
            transcript,
        } = validating.run(session, request, Some(input)).await?;
        let goes_on =
            validation.passes > 1 && validator_result == ValidatorResult::Accepted && facts.ended == Ended::Exit(0);
        let outcome = TestOutcome {
            facts,
            stdout,
            first,
            validator_result,
            feedback,
            transcript,
        };
        if !goes_on {
            return Ok(outcome);
        }
        let Some(next) = validating.take_next_pass().await? else {
            return Ok(outcome);
        };
        pass += 1;
        if pass > validation.passes {
            let reason = format!("it asks for more than {} passes", validation.passes);
            return Err(AttemptError::Judge(JudgeError::Validator {
                test: validating.test.name.clone(),
                reason,
            }));
        }
        session.reset().await.map_err(AttemptError::Box)?;
        write_files(session, validating.test).await?;
        input = Input::Bytes(next);
    }
}

async fn with_default_validator(
    session: &mut Session,
    request: &RunRequest,
    test: &PlannedTest,
    settings: &Settings,
) -> Result<TestOutcome, AttemptError> {
    let input = open_input(&test.input)
        .await
        .map_err(|error| AttemptError::unreadable(&test.name, &error))?;
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let (answer, flags, keep) = (test.answer.clone(), test.flags, settings.judge.excerpt_bytes);
    let checking = check_output(receiver, answer, flags, keep);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let (facts, checked) = tokio::join!(session.run(request, streams), checking);
    let facts = facts.map_err(AttemptError::Box)?;
    let checked = checked.map_err(|error| AttemptError::Judge(JudgeError::Internal(error.to_string())))?;
    let (stdout, outcome) = checked.map_err(|error| AttemptError::unreadable(&test.name, &error))?;
    let outcome = outcome.unwrap_or(CheckOutcome::accepted());
    let feedback = Feedback {
        judge_message: outcome.judge_message,
        team_message: outcome.team_message,
        ..Feedback::default()
    };
    let validator_result = if outcome.accepted {
        ValidatorResult::Accepted
    } else {
        ValidatorResult::Rejected
    };
    let stdout = Excerpt {
        bytes: facts.stdout_bytes,
        ..stdout
    };
    Ok(TestOutcome {
        facts,
        stdout,
        first: FirstToExit::Submission,
        validator_result,
        feedback,
        transcript: None,
    })
}

type Checked = Result<(Excerpt, Option<CheckOutcome>), AnswerError>;

/// Checks the output while it comes, in constant memory. Where the answer is a file, on a thread that may wait for it.
async fn check_output(
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
    stdout: ExcerptKeeper,
    checker: Option<StandardChecker<Box<dyn Read + Send>>>,
}

impl OutputCheck {
    fn new(answer: Option<TestData>, flags: StandardFlags, keep: usize) -> Result<Self, AnswerError> {
        let checker = match answer {
            Some(answer) => Some(StandardChecker::new(flags, open_answer(answer)?)),
            None => None,
        };
        Ok(Self {
            stdout: ExcerptKeeper::new(keep),
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

fn judged(outcome: TestOutcome, plan: &Plan, test: &PlannedTest) -> Result<TestRun, JudgeError> {
    let TestOutcome {
        facts,
        stdout,
        first,
        validator_result,
        feedback,
        transcript,
    } = outcome;
    let interactive = matches!(&plan.validation, Validation::Custom(custom) if custom.interactive);
    let failed = |reason: String| JudgeError::Validator {
        test: test.name.clone(),
        reason,
    };
    let verdict = match verdict_of(
        &facts,
        &plan.limits,
        &validator_result,
        interactive && first == FirstToExit::Validator,
    ) {
        Decision::Verdict(verdict) => verdict,
        Decision::ValidatorFailed(reason) => return Err(failed(reason)),
    };
    let is_decided = matches!(verdict, Verdict::Ac | Verdict::Wa);
    let number = |file: &str, text: Option<String>| match text.filter(|_| is_decided) {
        Some(text) => {
            let number: Option<f64> = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
            number
                .map(Some)
                .ok_or_else(|| failed(format!("{file} holds {text:?}, expected one number")))
        }
        None => Ok(None),
    };
    let result = TestResult {
        verdict,
        score: number("score.txt", feedback.score)?,
        multiplier: number("score_multiplier.txt", feedback.score_multiplier)?,
    };
    Ok(TestRun {
        result,
        facts,
        stdout,
        team_message: feedback
            .team_message
            .filter(|message| is_decided && !message.is_empty()),
        judge_message: feedback
            .judge_message
            .filter(|message| is_decided && !message.is_empty()),
        transcript,
        boxes_lost: 0,
    })
}

/// What a run shows that took its box down with it.
fn memory_kill(limits: &Limits) -> TestOutcome {
    let facts = RunFacts {
        ended: Ended::Signal(9),
        stopped: None,
        cpu: CpuTime {
            us: 0,
            source: Figure::Cgroup,
        },
        wall_us: 0,
        memory_peak: MemoryPeak {
            bytes: limits.memory_bytes,
            source: Figure::Cgroup,
        },
        memory_kills: Some(1),
        stdout_bytes: 0,
        stderr_bytes: 0,
        stderr_head: Vec::new(),
        stderr_tail: Vec::new(),
        refused_processes: Some(0),
        leftovers: 0,
        audit: Vec::new(),
        zygote_lost: false,
    };
    let (first, validator_result) = (FirstToExit::Submission, ValidatorResult::Rejected);
    TestOutcome {
        facts,
        stdout: Excerpt::default(),
        first,
        validator_result,
        feedback: Feedback::default(),
        transcript: None,
    }
}
