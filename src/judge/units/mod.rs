//! A submission that is judged by unit tests: pytest in a box of its own, and a process of the submission for each test.
//!
//! ```text
//! pytest --requests--> process of the submission      (a process for each test)
//!        <--answers--
//! pytest --reports---> judge                          (which tests there are, how each ended)
//! ```
//!
//! Both go through the worker, which sees whose turn it is. What becomes of a test is what pytest says of it, unless the
//! kernel knows better: that the process has ended in it, or has reached a limit.

mod conversation;
mod lines;
mod outcome;
mod reports;
mod waits;

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::contract::CollectedTest;
use crate::judge::JudgeError;
use crate::judge::boxes::Boxes;
use crate::judge::boxes::crowd::Crowd;
use crate::judge::plan::Plan;
use crate::judge::plan::units::{PlannedUnits, TESTS};
use crate::judge::run::TestRun;
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::request::{SESSION_US, run_limits, write_file};
use crate::judge::validation::build::BuiltValidator;
use crate::judge::validation::fault::quoted_stderr;
use crate::judge::validation::result::exit_code;
use crate::sandbox::{
    BoxError, Input, PostMortem, Program, RunFacts, RunLimits, RunRequest, RunStreams, Session, Stdin,
};
use conversation::Conversation;
use lines::Lines;
use reports::{Known, Reports};

/// Where the program of the tests reads what to do.
const ASKED_FILE: &str = "units.json";

/// Tests, at most.
const MOST_TESTS: usize = 1000;

/// How often pytest is started again when it ended in a test, by what that test was answered.
const STARTS: u32 = 5;

const PURPOSE: &str = "the unit tests";

/// The boxes of unit tests.
pub(in crate::judge) struct UnitBoxes<'a> {
    /// For the submission.
    pub(in crate::judge) submission: Boxes<'a>,
    /// For the tests.
    pub(in crate::judge) tests: Boxes<'a>,
    /// What runs in the latter.
    pub(in crate::judge) built: BuiltValidator,
    /// Whether both could be had.
    pub(in crate::judge) crowd: Crowd,
}

impl UnitBoxes<'_> {
    /// Runs all tests.
    ///
    /// # Errors
    /// When the tests themselves are wrong, or boxes are lost.
    pub(in crate::judge) async fn run(mut self, plan: &Plan, units: &PlannedUnits) -> Result<UnitRuns, JudgeError> {
        let mut reports = Reports::of(plan);
        let starts = self.run_until_finished(plan, units, (&mut reports, 0)).await?;
        let goes_beyond_limits = self.submission.options().judge.near_limit > 0.0;
        if reports.is_finished && goes_beyond_limits && reports.run_again_near_limit(&plan.limits) {
            tracing::info!(submission.id = %plan.id, "unit tests ended near their time limit and are run once more");
            match self.run_until_finished(plan, units, (&mut reports, starts)).await {
                Err(JudgeError::UnitTests { reason, .. }) => {
                    tracing::warn!(submission.id = %plan.id, reason, "the unit tests failed when they were run once more; the first run counts");
                    reports.is_finished = false;
                }
                ran => drop(ran?),
            }
        }
        if !reports.is_finished {
            reports.give_up("it was not run: the program ended the program of the tests too often");
        } else if !(units.stop && reports.has_failed()) {
            reports.give_up("it has ended without an outcome");
        }
        reports.account_for_modules().map_err(JudgeError::unit_tests)?;
        runs(plan, reports)
    }

    /// Runs pytest until it has run all tests, or has ended too often before it had. Says how often it was started.
    async fn run_until_finished(
        &mut self,
        plan: &Plan,
        units: &PlannedUnits,
        (reports, mut starts): (&mut Reports, u32),
    ) -> Result<u32, JudgeError> {
        while starts < STARTS && !reports.is_finished {
            match self.attempt(plan, units, reports).await {
                Ok(facts) => {
                    self.crowd.end();
                    starts += self.ended(&facts, reports)?;
                }
                Err(AttemptError::Judge(error)) => return Err(error),
                Err(AttemptError::NoRoom(error)) => {
                    self.submission.retire();
                    self.tests.retire();
                    if self.submission.was_had_beside() || self.tests.was_had_beside() {
                        self.crowd.end();
                    }
                    self.crowd.wait(error, self.submission.context().pool).await?;
                }
                Err(AttemptError::Box(error)) => {
                    let user = reports.current();
                    self.tests.retire();
                    if self.submission.lose(error, PURPOSE).await? == PostMortem::OutOfMemory {
                        starts += 1;
                        out_of_memory(reports, user, plan);
                    }
                }
                Err(AttemptError::ValidatorBox(error)) => {
                    self.submission.retire();
                    if self.tests.lose(error, PURPOSE).await? == PostMortem::OutOfMemory {
                        starts += blamed(reports, "it needs more memory than it may use", String::new())?;
                    }
                }
            }
        }
        Ok(starts)
    }

    /// What follows from the end of pytest.
    fn ended(&mut self, facts: &RunFacts, reports: &mut Reports) -> Result<u32, JudgeError> {
        self.tests.retire();
        if reports.is_unreadable {
            return Err(JudgeError::Internal(
                "the program of the unit tests reports what cannot be read".into(),
            ));
        }
        if let Some(reason) = reports.broken.take() {
            return Err(JudgeError::unit_tests(reason));
        }
        let wrong = match reports.tests.len() {
            0 if reports.is_finished => Some("pytest found no test in the files".to_owned()),
            many if many > MOST_TESTS => Some(format!("there are {many} tests, at most {MOST_TESTS} are run")),
            _ => None,
        };
        match wrong {
            Some(reason) if reports.is_made_by_answers() => reports.fail_collection(&reason, None),
            Some(reason) => return Err(JudgeError::unit_tests(reason)),
            None => {}
        }
        if reports.is_finished {
            return Ok(1);
        }
        let ended = exit_code(facts);
        let reason = match &ended {
            Ok(code) => format!("it ended with exit code {code}"),
            Err(reason) => reason.to_string(),
        };
        let may_be_the_host = ended.is_err_and(|reason| reason.may_be_from_outside());
        blamed(reports, &reason, quoted_stderr(facts)).map_err(|error| match error {
            JudgeError::UnitTests { reason, .. } => JudgeError::UnitTests {
                reason,
                is_certain: !may_be_the_host,
            },
            other => other,
        })
    }

    /// One run of pytest, over the tests that have not run yet.
    async fn attempt(
        &mut self,
        plan: &Plan,
        units: &PlannedUnits,
        reports: &mut Reports,
    ) -> Result<RunFacts, AttemptError> {
        let limits = run_limits(&units.limits, self.submission.options());
        let silence = Duration::from_micros(limits.wall_us);
        let request = self.request(limits);
        let asked = units.asked(&reports.done());
        let session = self.tests.ready_beside(self.submission.is_held()).await;
        let session = session.map_err(AttemptError::without_validator)?;
        let written = write_tests(session, asked, units).await;
        written.map_err(AttemptError::ValidatorBox)?;
        let (answers, input) = mpsc::channel(PIECES_IN_FLIGHT);
        let (output, pieces) = mpsc::channel(PIECES_IN_FLIGHT);
        let kill = CancellationToken::new();
        let streams = RunStreams {
            input: Input::Channel(input),
            output: Some(output),
            kill: kill.clone(),
        };
        let conversation = Conversation {
            boxes: &mut self.submission,
            plan,
            reports,
            lines: Lines::new(pieces),
            answers,
            silence,
            kill: kill.clone(),
        };
        let talking = async {
            let talked = conversation.run().await;
            // The tests are of no use any more when the submission's box is lost.
            if talked.is_err() {
                kill.cancel();
            }
            talked
        };
        let (ran, talked) = tokio::join!(session.run(&request, streams), talking);
        talked?;
        ran.map_err(AttemptError::ValidatorBox)
    }

    /// A start of pytest. It waits for the submission, so its own time has no limit beside that of a session.
    fn request(&self, limits: RunLimits) -> RunRequest {
        RunRequest {
            program: Program::Exec {
                argv: [&self.built.command[..], &[ASKED_FILE.to_owned()]].concat(),
                env: self.built.environment.clone(),
            },
            stdin: Stdin::Pipe,
            limits: RunLimits {
                wall_us: SESSION_US,
                ..limits
            },
            then_fetch: None,
            then_reset: false,
        }
    }
}

/// Writes what is asked for and the files of the tests into the box of the tests.
async fn write_tests(session: &mut Session, asked: Bytes, units: &PlannedUnits) -> Result<(), BoxError> {
    write_file(session, ASKED_FILE.to_owned(), Input::Bytes(asked)).await?;
    for file in &units.files {
        let content = Input::Bytes(file.content.clone().into());
        write_file(session, format!("{TESTS}/{}", file.name), content).await?;
    }
    Ok(())
}

/// The box of the submission has died of its memory.
fn out_of_memory(reports: &mut Reports, user: Option<usize>, plan: &Plan) {
    let message = "the program needs more memory than it may use";
    let facts = outcome::memory_kill(&plan.limits);
    if reports.tests.is_empty() {
        reports.fail_collection(message, Some(&facts));
    } else {
        reports.process_ended(user, facts, true);
        reports.blame_current(message);
    }
}

/// pytest has ended before it had run all tests. Where the submission's answers may be why, the test that ran has failed,
/// and the others are run; else the tests themselves are wrong.
fn blamed(reports: &mut Reports, reason: &str, stderr: String) -> Result<u32, JudgeError> {
    let message = format!("the test ended the program of the tests: {reason}");
    if reports.blame_current(&message) || reports.blame_collection(&message) {
        return Ok(1);
    }
    if reports.asked && !reports.tests.is_empty() {
        // It ended behind a test that asked the submission, whose outcome is known.
        return Ok(1);
    }
    let separator = if stderr.is_empty() { "" } else { "; " };
    Err(JudgeError::unit_tests(format!(
        "pytest ended before its tests had: {reason}{separator}{stderr}"
    )))
}

/// What became of unit tests.
#[derive(Debug)]
pub(super) struct UnitRuns {
    tests: Vec<CollectedTest>,
    /// Runs at the places of their tests; `None` of one that has not run.
    runs: Vec<Option<TestRun>>,
    /// Why the tests themselves have skipped some, likewise.
    skips: Vec<Option<String>>,
    /// Those that were skipped behind what the submission answered, likewise: it is not excused from them.
    caused: Vec<bool>,
}

fn runs(plan: &Plan, reports: Reports) -> Result<UnitRuns, JudgeError> {
    let Reports { tests, known, .. } = reports;
    let skips = known.iter().map(Known::skip_reason).collect();
    let caused = known.iter().map(|known| known.caused).collect();
    let known = tests.iter().zip(known);
    let runs: Result<_, _> = known
        .map(|(test, known)| outcome::run_of(plan, &test.name, known))
        .collect();
    let runs = runs?;
    Ok(UnitRuns {
        tests,
        runs,
        skips,
        caused,
    })
}

/// Puts the tests into the groups of `plan`. What is returned are the runs of those that are in a group, by the numbers that
/// the tests have there.
pub(super) fn put_in_groups(plan: &mut Plan, units: UnitRuns) -> HashMap<usize, TestRun> {
    let UnitRuns {
        tests,
        runs,
        skips,
        caused,
    } = units;
    let runs_and_caused = runs.iter().zip(caused);
    let counts: Vec<bool> = runs_and_caused.map(|(run, caused)| run.is_some() || caused).collect();
    plan.collect(&tests, skips, &counts);
    let skipped = || outcome::skipped();
    runs.into_iter()
        .map(|run| run.unwrap_or_else(skipped))
        .enumerate()
        .collect()
}
