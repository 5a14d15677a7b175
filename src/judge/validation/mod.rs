//! One test with an output validator of the package: two boxes, with the worker between them.
//!
//! ```text
//! submission stdout --> validator stdin
//! submission stdin  <-- validator stdout      (interactive only; else the submission reads the input)
//! ```
//!
//! Output streams through in constant memory either way. The submission's box never holds the answer or the validator,
//! the validator's box never holds the submission.

mod asserts;
pub(super) mod build;
pub(super) mod build_box;
mod built_on_disk;
pub(super) mod cache;
mod conversation;
pub(super) mod fault;
pub(super) mod feedback;
pub(super) mod input;
mod race;
pub(super) mod result;
mod transcript;
mod turns;
mod wiring;

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::judge::JudgeError;
use crate::judge::boxes::Boxes;
use crate::judge::options::JudgeOptions;
use crate::judge::plan::test_data::open_input;
use crate::judge::plan::{CustomValidation, Plan, PlannedTest, ValidatorSource};
use crate::judge::run::TestOutcome;
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::request::run_limits;
use crate::judge::verdict::ValidatorResult;
use crate::sandbox::{Ended, Input, Lifetime, Program, PutFile, RunRequest, RunStreams, Session, Stdin};
use build::BuiltValidator;
use conversation::Conversation;
use fault::FaultReason;
use feedback::Feedback;
use result::validator_result;
use wiring::{Both, run_both};

/// Where the validator writes its feedback; the format wants a separator at the end.
const FEEDBACK: &str = "feedback/";

/// File in the feedback directory that asks for another pass.
const NEXT_PASS: &str = "nextpass.in";

/// How much of a message is taken, in bytes.
const MESSAGE: u64 = 16 << 10;

/// A validator in its box, ready for one test.
pub(super) struct ValidatorRun<'a, 'b> {
    /// One of them is current.
    pub(super) boxes: &'a mut Boxes<'b>,
    pub(super) built: &'a BuiltValidator,
    pub(super) validation: &'a CustomValidation,
    pub(super) plan: &'a Plan,
    pub(super) test: &'a PlannedTest,
    pub(super) options: &'a JudgeOptions,
}

impl ValidatorRun<'_, '_> {
    /// Writes the input and the answer, and makes the feedback directory.
    pub(super) async fn prepare(&mut self) -> Result<(), AttemptError> {
        let unreadable = |error| AttemptError::unreadable(self.plan, &self.test.name, error);
        let answer = match &self.test.answer {
            Some(answer) => open_input(answer).await.map_err(unreadable)?,
            None => Input::Empty,
        };
        let input = match &self.test.call {
            // It is not asked about what the function reads.
            Some(call) => Input::Bytes(call.input_of_validator()),
            None => open_input(&self.test.input).await.map_err(unreadable)?,
        };
        self.put(self.path("in"), input).await?;
        self.put(self.path("ans"), answer).await?;
        self.put(format!("{FEEDBACK}.keep"), Input::Empty).await
    }

    async fn put(&mut self, path: String, content: Input) -> Result<(), AttemptError> {
        let put = PutFile {
            path,
            lifetime: Lifetime::ThisTest,
            mode: 0o644,
        };
        self.session()?
            .put(put, content)
            .await
            .map_err(AttemptError::ValidatorBox)
    }

    /// The box of the validator.
    fn session(&mut self) -> Result<&mut Session, AttemptError> {
        self.boxes.current().ok_or_else(no_box)
    }

    /// Runs the submission and the validator side by side.
    pub(super) async fn run(
        &mut self,
        submission: &mut Session,
        request: &RunRequest,
        input: Input,
    ) -> Result<TestOutcome, AttemptError> {
        let wall = Duration::from_micros(request.limits.wall_us);
        // It waits for the submission as long as that runs.
        let validator_request = self.request(request.limits.wall_us)?;
        let keep = self.plan.excerpt_bytes(self.options);
        let submission = wiring::Program {
            session: submission,
            request,
        };
        let validator = wiring::Program {
            session: self.session()?,
            request: &validator_request,
        };
        let both = run_both(submission, validator, Some(input), keep, wall).await?;
        self.outcome(both).await
    }

    /// Lets the submission, whose box is the current one of `submission`, and the validator talk to each other.
    ///
    /// The time that a submission waits for answers does not count, so its runner lets it live as long as it and the
    /// validator may together; [`turns`] ends it in time.
    pub(super) async fn converse(
        &mut self,
        submission: &mut Boxes<'_>,
        request: RunRequest,
    ) -> Result<TestOutcome, AttemptError> {
        let wall = Duration::from_micros(request.limits.wall_us);
        let mut submission_request = request;
        let waits_us = self.validation.limits.wall_ms.saturating_mul(1000);
        submission_request.limits.wall_us = submission_request.limits.wall_us.saturating_add(waits_us);
        let conversation = Conversation {
            validator_request: self.request(submission_request.limits.wall_us)?,
            submission_request,
            keep: self.plan.excerpt_bytes(self.options),
            wall,
            cpus: submission.context().slot.cpuset().to_owned(),
            submission: submission.take().ok_or_else(no_box)?,
            validator: self.boxes.take().ok_or_else(no_box)?,
        };
        let held = conversation.hold().await?;
        submission.give_back(held.submission);
        self.boxes.give_back(held.validator);
        self.outcome(held.both?).await
    }

    async fn outcome(&mut self, both: Both) -> Result<TestOutcome, AttemptError> {
        let feedback = self.feedback().await?;
        if let ValidatorSource::Asserts = self.validation.program {
            return Ok(asserts::outcome(both, feedback, self.test));
        }
        let Both {
            submission,
            validator,
            first,
            stdout,
            transcript,
            was_asked: _,
        } = both;
        Ok(TestOutcome {
            facts: submission,
            stdout,
            first,
            validator_result: validator_result(&validator),
            feedback,
            transcript,
            captured: None,
            value: None,
        })
    }

    /// Runs the validator on an output that is there as a whole.
    pub(super) async fn decide(&mut self, output: Bytes) -> Result<(ValidatorResult, Feedback), AttemptError> {
        let request = self.request(0)?;
        let streams = RunStreams {
            input: Input::Bytes(output),
            output: None,
            kill: CancellationToken::new(),
        };
        let facts = self.session()?.run(&request, streams).await;
        let facts = facts.map_err(AttemptError::ValidatorBox)?;
        let feedback = self.feedback().await?;
        Ok((validator_result(&facts), feedback))
    }

    /// Whether the validator left an input for another pass.
    pub(super) async fn asks_for_next_pass(&mut self) -> Result<bool, AttemptError> {
        let fetched = self.session()?.fetch(&format!("{FEEDBACK}{NEXT_PASS}"), 1).await;
        Ok(fetched.map_err(AttemptError::ValidatorBox)?.content.is_some())
    }

    /// Takes the input of the next pass out of the feedback directory, and gives it to the validator as its input file.
    pub(super) async fn take_next_pass(&mut self) -> Result<Bytes, AttemptError> {
        let request = RunRequest {
            program: Program::Exec {
                argv: self.built.take_next_pass.clone(),
                env: self.built.environment.clone(),
            },
            stdin: Stdin::Pipe,
            limits: run_limits(&self.validation.limits, self.options),
            then_fetch: None,
            then_reset: false,
        };
        let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
        let streams = RunStreams {
            input: Input::Empty,
            output: Some(sender),
            kill: CancellationToken::new(),
        };
        let (ran, next) = tokio::join!(self.session()?.run(&request, streams), build_box::collect(receiver));
        let facts = ran.map_err(AttemptError::ValidatorBox)?;
        if facts.ended != Ended::Exit(0) || facts.stopped.is_some() {
            return Err(self.failed(FaultReason::NextPassTooLarge));
        }
        self.put(self.path("in"), Input::Bytes(next.clone())).await?;
        Ok(next)
    }

    /// The validator did something wrong.
    pub(super) fn failed(&self, reason: FaultReason) -> AttemptError {
        AttemptError::Judge(JudgeError::Validator {
            problem: self.plan.problem_id().to_owned(),
            test: self.test.name.clone(),
            fault: reason.into(),
        })
    }

    /// Paths are whole, since a program may change its directory before it opens what is named.
    fn request(&mut self, waits_us: u64) -> Result<RunRequest, AttemptError> {
        let named = [self.path("in"), self.path("ans"), FEEDBACK.to_owned()];
        let work = self.session()?.work();
        let named = named.map(|path| work.join(path).display().to_string());
        let mut argv = self.built.command.clone();
        argv.extend(named);
        argv.extend(self.test.validator_args.iter().cloned());
        let mut limits = run_limits(&self.validation.limits, self.options);
        limits.wall_us = limits.wall_us.saturating_add(waits_us);
        Ok(RunRequest {
            program: Program::Exec {
                argv,
                env: self.built.environment.clone(),
            },
            stdin: Stdin::Pipe,
            limits,
            then_fetch: None,
            then_reset: false,
        })
    }

    /// Path of a file of the test, under the name that it has in the package.
    fn path(&self, extension: &str) -> String {
        let name = self.test.name.rsplit('/').next().unwrap_or_default();
        format!("test/{name}.{extension}")
    }

    async fn feedback(&mut self) -> Result<Feedback, AttemptError> {
        let mut feedback = Feedback::default();
        let files = [
            ("judgemessage.txt", &mut feedback.judge_message),
            ("teammessage.txt", &mut feedback.team_message),
            ("score.txt", &mut feedback.score),
            ("score_multiplier.txt", &mut feedback.score_multiplier),
        ];
        for (name, place) in files {
            let fetched = self.session()?.fetch(&format!("{FEEDBACK}{name}"), MESSAGE).await;
            let fetched = fetched.map_err(AttemptError::ValidatorBox)?;
            *place = fetched
                .content
                .map(|content| String::from_utf8_lossy(&content).trim_end().to_owned());
        }
        Ok(feedback)
    }
}

fn no_box() -> AttemptError {
    JudgeError::Internal("a test with a validator has lost its box without a word".into()).into()
}
