//! From a submission to its judgement.
//!
//! ```text
//! Submission --plan--> Plan --boxes--> Session --run--> facts --verdict--> Judgement
//!                                      compile, validation, checker    grading
//! ```
//!
//! It uses checker, contract, problem, sandbox and telemetry, and knows neither broker nor store nor which backend makes the boxes.

mod attempt;
mod boxes;
mod capture;
mod culprit;
mod error;
mod grading;
mod missing_libraries;
mod options;
mod plan;
mod program_file;
mod program_role;
mod run;
mod text;
mod units;
mod validation;
mod verdict;

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use crate::contract::{Answer, Judgement, Progress, ProgressStage, Submission, Target};
use crate::problem::ProblemStore;
use crate::sandbox::{BoxSpec, InputCache, Pool, Slot};
use crate::telemetry::{Phase, metrics};
pub use attempt::Attempt;
use boxes::crowd::Crowd;
use boxes::{Boxes, JudgeContext, submission};
pub use culprit::Culprit;
pub use error::{JudgeError, JudgeFailure};
pub use missing_libraries::MissingLibraries;
pub use options::JudgeOptions;
use plan::units::PlannedUnits;
use plan::{CustomValidation, Plan, Validation, ValidatorSource};
pub use plan::{check_language, check_libraries};
pub use program_role::ProgramRole;
use run::calls_together::run_together;
use run::tests::run_tests;
use run::{Grader, TestBoxes, ValidatorBoxes, compile, program};
use units::{UnitBoxes, put_in_groups};
use validation::build::BuiltValidator;
use validation::cache::BuiltValidators;
pub use validation::fault::{BuildFault, FaultReason, ValidatorFault};
pub use validation::input::{InputCase, InputVerdict};
use verdict::document::{self, Outcome};
use verdict::result_document;
use verdict::test_verdict::Show;
pub use verdict::{Decision, FirstToExit, ValidatorResult, signal_name, verdict_of};

/// Judges submissions in the boxes of one pool.
#[derive(Debug)]
pub struct Judge {
    options: JudgeOptions,
    pool: Arc<Pool>,
    problems: ProblemStore,
    validators: BuiltValidators,
    inputs: InputCache,
}

/// Where progress goes while a submission is judged.
pub type ProgressSink<'a> = &'a (dyn Fn(Progress) + Send + Sync);

impl Judge {
    /// A judge that uses `pool` and takes problems from `problems`.
    pub fn new(options: JudgeOptions, pool: Arc<Pool>, problems: ProblemStore) -> Self {
        Self {
            validators: BuiltValidators::new(&options.validators),
            inputs: InputCache::new(options.judge.input_memory_bytes),
            options,
            pool,
            problems,
        }
    }

    /// Where its boxes come from.
    pub fn pool(&self) -> Arc<Pool> {
        Arc::clone(&self.pool)
    }

    /// Judges one submission that is not only to be run.
    ///
    /// # Errors
    /// As [`Judge::answer`].
    pub async fn judge(
        &self,
        submission: &Submission,
        attempt: &Attempt,
        progress: ProgressSink<'_>,
    ) -> Result<Judgement, JudgeFailure> {
        let answer = self.answer(submission, attempt, progress).await?;
        let only_run = || JudgeError::Internal("a verdict was asked for on a program that is only run".into());
        Ok(answer.into_verdict().ok_or_else(only_run)?)
    }

    /// Whether a submission can be judged, as far as is known before anything is run.
    ///
    /// # Errors
    /// When it asks for what is not here, or its problem cannot be loaded.
    pub async fn check(&self, submission: &Submission) -> Result<(), JudgeFailure> {
        self.plan(submission).await.map(drop)
    }

    /// Removes what is too much in the caches on disk, which is done whenever something is added to one as well. To look
    /// through them takes as long as the disk does; nothing waits for it.
    pub async fn make_room(&self) {
        self.problems.make_room().await;
        self.validators.make_room().await;
    }

    /// Whether a compiler is started for each program in a language, before its first test.
    pub fn compiles_first(&self, language: &str) -> bool {
        let language = self.options.languages.get(language);
        language.is_some_and(|language| language.is_compiled() || compile::is_by_itself(language))
    }

    /// What is done with a program in a language first.
    pub fn first_stage(&self, language: &str) -> ProgressStage {
        match self.compiles_first(language) {
            true => ProgressStage::Compiling,
            false => ProgressStage::Running,
        }
    }

    /// Where problems come from.
    pub fn problems(&self) -> &ProblemStore {
        &self.problems
    }

    /// Judges one submission, or runs it where that is all that it asks for.
    ///
    /// # Errors
    /// When the submission asks for what this worker does not have, or when the judge fails. Whatever the program does is
    /// `Ok`.
    pub async fn answer(
        &self,
        submission: &Submission,
        attempt: &Attempt,
        progress: ProgressSink<'_>,
    ) -> Result<Answer, JudgeFailure> {
        let mut plan = self.plan(submission).await?;
        attempt.plan(&plan);
        let outcome = self.run(&mut plan, attempt, progress).await?;
        let circumstances = self.circumstances(submission, attempt);
        if plan.capture.is_some() {
            return Ok(Answer::Result(result_document::of(
                submission,
                &plan,
                outcome,
                circumstances,
            )));
        }
        let judgement = document::of(submission, &plan, outcome, circumstances, &self.show(&plan));
        Ok(Answer::Verdict(judgement))
    }

    /// The verdict that says that the judge failed.
    pub fn judge_error(&self, submission: &Submission, attempt: &Attempt, reason: &JudgeError) -> Judgement {
        let circumstances = self.circumstances(submission, attempt);
        document::of_failure(submission, reason, circumstances)
    }

    /// The answer that says that the judge failed.
    pub fn failed(&self, submission: &Submission, attempt: &Attempt, reason: &JudgeError) -> Answer {
        match submission.target {
            Target::Run(_) => {
                let circumstances = self.circumstances(submission, attempt);
                Answer::Result(result_document::of_failure(submission, reason, circumstances))
            }
            _ => Answer::Verdict(self.judge_error(submission, attempt, reason)),
        }
    }

    /// The document that says that judging was cancelled.
    pub fn cancelled(&self, submission: &Submission, attempt: &Attempt, reason: Option<String>) -> Answer {
        let circumstances = self.circumstances(submission, attempt);
        match submission.target {
            Target::Run(_) => Answer::Result(result_document::of_cancelled(submission, reason, circumstances)),
            _ => Answer::Verdict(document::of_cancelled(submission, reason, circumstances)),
        }
    }

    /// The box that submissions in a language will most likely need.
    pub fn expected_box(&self, language: &str) -> Option<BoxSpec> {
        let language = self.options.languages.get(language)?;
        let limits = self.options.limits.default;
        Some(submission::spec(
            &self.options,
            language,
            &limits,
            Vec::new(),
            Uuid::nil(),
        ))
    }

    /// Has boxes started ahead for submissions in these languages.
    pub fn expect(&self, languages: &[String]) {
        let boxes = languages.iter().filter_map(|language| self.expected_box(language));
        boxes.for_each(|expected| self.pool.expect(&expected));
    }

    async fn run(&self, plan: &mut Plan, attempt: &Attempt, progress: ProgressSink<'_>) -> Result<Outcome, JudgeError> {
        let slot = self.pool.slot().await;
        let context = JudgeContext {
            pool: &self.pool,
            slot: &slot,
            options: &self.options,
            inputs: &self.inputs,
            attempt,
            submission: plan.id,
        };
        let program = match plan.language.is_compiled() {
            false => None,
            true => {
                progress(Progress::of_stage(plan.id, ProgressStage::Compiling));
                let compiling = program::compile(context, plan);
                match metrics().timed(Phase::Compile, compiling).await? {
                    Ok(program) => {
                        progress(Progress::of_stage(plan.id, ProgressStage::Running));
                        Some(program)
                    }
                    Err(message) => return Ok(Outcome::DoesNotCompile(message)),
                }
            }
        };
        // It is built before there is a box that others may wait for. What does not compile needs none.
        let grader = self.grader(plan, context).await;
        let mut first = self.test_boxes(plan, context, program.as_ref()).await?;
        let compiled = metrics()
            .timed(Phase::Compile, compile::check(&mut first.boxes, plan, progress))
            .await?;
        if let Some(message) = compiled {
            return Ok(Outcome::DoesNotCompile(message));
        }
        let grader = grader?;
        if let Some(units) = plan.units.take() {
            let tests = self.unit_boxes(first.boxes, &units, context)?;
            let tested = metrics().timed(Phase::Run, tests.run(plan, &units)).await?;
            let ahead = put_in_groups(plan, tested);
            let (runs, custom) = run_tests(Vec::new(), grader, (&*plan, ahead), progress).await?;
            return Ok(Outcome::Ran { runs, custom });
        }
        let running = self.run_in_boxes(plan, first, (program.as_ref(), grader), progress);
        metrics().timed(Phase::Run, running).await
    }

    /// Runs what can be run together in the first boxes, and the other tests there and on slots that are idle then.
    async fn run_in_boxes(
        &self,
        plan: &Plan,
        mut first: TestBoxes<'_>,
        (program, grader): (Option<&Bytes>, Option<Grader<'_>>),
        progress: ProgressSink<'_>,
    ) -> Result<Outcome, JudgeError> {
        let ahead = run_together(&mut first, plan).await?;
        let (context, more) = (first.boxes.context(), self.idle_slots(plan));
        let mut boxes = vec![first];
        for slot in &more {
            let context = JudgeContext { slot, ..context };
            boxes.push(self.test_boxes(plan, context, program).await?);
        }
        let (runs, custom) = run_tests(boxes, grader, (plan, ahead), progress).await?;
        Ok(Outcome::Ran { runs, custom })
    }

    /// The boxes that the submission will need; none is started yet.
    async fn test_boxes<'a>(
        &'a self,
        plan: &Plan,
        context: JudgeContext<'a>,
        program: Option<&Bytes>,
    ) -> Result<TestBoxes<'a>, JudgeError> {
        let validator = match &plan.validation {
            Validation::Custom(validation) => Some(self.validator_boxes(validation, context).await?),
            Validation::Standard => None,
        };
        Ok(TestBoxes {
            boxes: Boxes::new(context, submission::plan(&self.options, plan, program)),
            validator,
            crowd: Crowd::default(),
        })
    }

    async fn validator_boxes<'a>(
        &'a self,
        validation: &CustomValidation,
        context: JudgeContext<'a>,
    ) -> Result<ValidatorBoxes<'a>, JudgeError> {
        let built = match &validation.program {
            ValidatorSource::Asserts => BuiltValidator::of_asserts(&self.options)?,
            ValidatorSource::Package(program) => {
                let getting = self.validators.get(program, context);
                metrics().timed(Phase::Validator, getting).await?
            }
        };
        Ok(ValidatorBoxes {
            boxes: built.boxes(context, &validation.limits),
            built,
        })
    }

    fn unit_boxes<'a>(
        &'a self,
        submission: Boxes<'a>,
        units: &PlannedUnits,
        context: JudgeContext<'a>,
    ) -> Result<UnitBoxes<'a>, JudgeError> {
        let built = BuiltValidator::of_units(&self.options)?;
        Ok(UnitBoxes {
            submission,
            tests: built.boxes(context, &units.limits),
            built,
            crowd: Crowd::default(),
        })
    }

    async fn grader<'a>(&self, plan: &Plan, context: JudgeContext<'a>) -> Result<Option<Grader<'a>>, JudgeError> {
        let Some(grading) = &plan.grader else {
            return Ok(None);
        };
        let getting = self.validators.get(&grading.program, context);
        let built = metrics().timed(Phase::Validator, getting).await?;
        Ok(Some(Grader::new(built, grading, context)))
    }

    /// More slots for the tests of one submission, if they are idle.
    fn idle_slots(&self, plan: &Plan) -> Vec<Slot> {
        let more = self.options.judge.parallel_tests.min(plan.tests.len());
        (1..more).map_while(|_| self.pool.idle_slot()).collect()
    }

    fn show(&self, plan: &Plan) -> Show {
        Show {
            excerpt_bytes: plan.excerpt_bytes(&self.options),
            test_bytes: plan.excerpts_of_test(),
            secret_output: self.options.judge.show_secret_output,
            judge_messages: self.options.judge.show_judge_messages,
        }
    }
}
