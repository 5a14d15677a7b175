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
use crate::judge::run::attempt::{AttemptError, PIECES_UNDER_WAY};
use crate::judge::run::request::{lay_files, request};
use crate::judge::validation::build::BuiltValidator;
use crate::judge::validation::{Feedback, Validated, Validating};
use crate::judge::verdict::excerpt::ExcerptKeeper;
use crate::judge::verdict::{First, Opinion, Ruling, verdict_of};
use crate::sandbox::{BoxError, CpuTime, Ended, Figure, Input, MemoryPeak, RunFacts, RunRequest, RunStreams, Session};

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
pub(super) struct Bench<'a> {
    /// For the submission.
    pub(super) boxes: Boxes<'a>,
    /// For the validator of the package, if it has one.
    pub(super) validator: Option<(BuiltValidator, Boxes<'a>)>,
}

/// What was seen of one run, before it is a verdict.
struct Seen {
    facts: RunFacts,
    stdout: Excerpt,
    first: First,
    opinion: Opinion,
    feedback: Feedback,
    transcript: Option<Excerpt>,
}

/// Runs one test, in other boxes where some are lost.
pub(super) async fn run_test(bench: &mut Bench<'_>, plan: &Plan, test: &PlannedTest) -> Result<TestRun, JudgeError> {
    let mut boxes_lost = 0;
    let counted = |run: TestRun, boxes_lost| TestRun { boxes_lost, ..run };
    loop {
        match attempt(bench, plan, test).await {
            Ok(seen) => {
                if seen.facts.zygote_lost {
                    bench.boxes.lose_zygote();
                } else if seen.facts.oom_kills > 0 {
                    bench.boxes.retire();
                }
                return judged(seen, plan, test).map(|run| counted(run, boxes_lost));
            }
            Err(AttemptError::Ours(error)) => return Err(error),
            Err(AttemptError::Box(error)) => {
                let is_lost = !matches!(error, BoxError::NotForked);
                if let Some((_, boxes)) = &mut bench.validator {
                    boxes.retire();
                }
                let post_mortem = bench.boxes.lose(error, &test.name).await?;
                if post_mortem.out_of_memory {
                    return judged(memory_kill(&plan.limits), plan, test).map(|run| counted(run, boxes_lost));
                }
                boxes_lost += u32::from(is_lost && !post_mortem.by_host);
            }
            Err(AttemptError::ValidatorBox(error)) => {
                bench.boxes.retire();
                let Some((_, boxes)) = &mut bench.validator else {
                    return Err(JudgeError::Internal(
                        "a validator's box was lost where there is none".to_owned(),
                    ));
                };
                if boxes.lose(error, &test.name).await?.out_of_memory {
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

async fn attempt(bench: &mut Bench<'_>, plan: &Plan, test: &PlannedTest) -> Result<Seen, AttemptError> {
    let settings = bench.boxes.settings();
    let session = bench.boxes.ready(&test.name).await.map_err(AttemptError::Ours)?;
    let request = request(plan, test, settings, session.forks());
    lay_files(session, test).await?;
    match (&plan.validation, &mut bench.validator) {
        (Validation::Custom(validation), Some((built, boxes))) => {
            let judging = boxes.ready(&test.name).await.map_err(AttemptError::Ours)?;
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
) -> Result<Seen, AttemptError> {
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
            opinion,
            feedback,
            transcript,
        } = validating.run(session, request, Some(input)).await?;
        let goes_on = validation.passes > 1 && opinion == Opinion::Accepts && facts.ended == Ended::Exit(0);
        let seen = Seen {
            facts,
            stdout,
            first,
            opinion,
            feedback,
            transcript,
        };
        if !goes_on {
            return Ok(seen);
        }
        let Some(next) = validating.take_next_pass().await? else {
            return Ok(seen);
        };
        pass += 1;
        if pass > validation.passes {
            let reason = format!("it asks for more than {} passes", validation.passes);
            return Err(AttemptError::Ours(JudgeError::Validator {
                test: validating.test.name.clone(),
                reason,
            }));
        }
        session.reset().await.map_err(AttemptError::Box)?;
        lay_files(session, validating.test).await?;
        input = Input::Bytes(next);
    }
}

async fn with_default_validator(
    session: &mut Session,
    request: &RunRequest,
    test: &PlannedTest,
    settings: &Settings,
) -> Result<Seen, AttemptError> {
    let input = open_input(&test.input)
        .await
        .map_err(|error| AttemptError::unreadable(&test.name, &error))?;
    let (sender, receiver) = mpsc::channel(PIECES_UNDER_WAY);
    let (answer, flags, keep) = (test.answer.clone(), test.flags, settings.judge.excerpt_bytes);
    let watching = watch(receiver, answer, flags, keep);
    let streams = RunStreams {
        input,
        output: Some(sender),
        kill: CancellationToken::new(),
    };
    let (facts, watched) = tokio::join!(session.run(request, streams), watching);
    let facts = facts.map_err(AttemptError::Box)?;
    let watched = watched.map_err(|error| AttemptError::Ours(JudgeError::Internal(error.to_string())))?;
    let (stdout, outcome) = watched.map_err(|error| AttemptError::unreadable(&test.name, &error))?;
    let outcome = outcome.unwrap_or(CheckOutcome::accepted());
    let feedback = Feedback {
        judge_message: outcome.judge_message,
        team_message: outcome.team_message,
        ..Feedback::default()
    };
    let opinion = if outcome.accepted {
        Opinion::Accepts
    } else {
        Opinion::Rejects
    };
    let stdout = Excerpt {
        bytes: facts.stdout_bytes,
        ..stdout
    };
    Ok(Seen {
        facts,
        stdout,
        first: First::Submission,
        opinion,
        feedback,
        transcript: None,
    })
}

type Watched = Result<(Excerpt, Option<CheckOutcome>), AnswerError>;

/// Checks the output while it comes, in constant memory. Where the answer is a file, on a thread that may wait for it.
async fn watch(
    mut pieces: mpsc::Receiver<Bytes>,
    answer: Option<TestData>,
    flags: StandardFlags,
    keep: usize,
) -> Result<Watched, JoinError> {
    if let Some(answer @ TestData::File(_)) = answer {
        return spawn_blocking(move || {
            let mut watcher = Watcher::new(Some(answer), flags, keep)?;
            while let Some(piece) = pieces.blocking_recv() {
                watcher.push(&piece)?;
            }
            watcher.finish()
        })
        .await;
    }
    Ok(async {
        let mut watcher = Watcher::new(answer, flags, keep)?;
        while let Some(piece) = pieces.recv().await {
            watcher.push(&piece)?;
        }
        watcher.finish()
    }
    .await)
}

/// Output on its way into the excerpt and past the checker.
struct Watcher {
    stdout: ExcerptKeeper,
    checker: Option<StandardChecker<Box<dyn Read + Send>>>,
}

impl Watcher {
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

    fn finish(self) -> Watched {
        let outcome = self.checker.map(StandardChecker::finish).transpose()?;
        Ok((self.stdout.finish(), outcome))
    }
}

fn judged(seen: Seen, plan: &Plan, test: &PlannedTest) -> Result<TestRun, JudgeError> {
    let Seen {
        facts,
        stdout,
        first,
        opinion,
        feedback,
        transcript,
    } = seen;
    let interactive = matches!(&plan.validation, Validation::Custom(custom) if custom.interactive);
    let failed = |reason: String| JudgeError::Validator {
        test: test.name.clone(),
        reason,
    };
    let verdict = match verdict_of(&facts, &plan.limits, &opinion, interactive && first == First::Validator) {
        Ruling::Verdict(verdict) => verdict,
        Ruling::ValidatorFailed(reason) => return Err(failed(reason)),
    };
    let ruled = matches!(verdict, Verdict::Ac | Verdict::Wa);
    let number = |file: &str, text: Option<String>| match text.filter(|_| ruled) {
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
        team_message: feedback.team_message.filter(|message| ruled && !message.is_empty()),
        judge_message: feedback.judge_message.filter(|message| ruled && !message.is_empty()),
        transcript,
        boxes_lost: 0,
    })
}

/// What is seen of a run that took its box down with it.
fn memory_kill(limits: &Limits) -> Seen {
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
        oom_kills: 1,
        stdout_bytes: 0,
        stderr_bytes: 0,
        stderr_head: Vec::new(),
        stderr_tail: Vec::new(),
        refused_processes: 0,
        leftovers: 0,
        audit: Vec::new(),
        zygote_lost: false,
    };
    let (first, opinion) = (First::Submission, Opinion::Rejects);
    Seen {
        facts,
        stdout: Excerpt::default(),
        first,
        opinion,
        feedback: Feedback::default(),
        transcript: None,
    }
}
