//! From a submission to its judgement.
//!
//! ```text
//! Submission --plan--> Plan --boxes--> Session --compile--> --run_test--> facts --verdict--> --judgement--> Judgement
//! ```
//!
//! It uses contract, problem and sandbox, and knows neither broker nor store nor which wall stands around a box.

mod boxes;
pub mod checker;
mod culprit;
mod error;
mod grading;
mod plan;
mod run;
mod validation;
mod verdict;

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::config::Settings;
use crate::contract::{Judgement, Progress, Submission};
use crate::problem::ProblemStore;
use crate::sandbox::{BoxSpec, Pool, Slot};
use boxes::{BoxPlan, Boxes, JudgeContext, submission};
pub use culprit::Culprit;
pub use error::{JudgeError, JudgeFailure};
use plan::{Plan, Validation};
use run::tests::run_tests;
use run::{TestBoxes, compile};
use validation::build::{BuiltValidators, validator_box};
use verdict::document;
pub use verdict::{Decision, FirstToExit, ValidatorResult, signal_name, verdict_of};

/// Judges submissions in the boxes of one pool.
#[derive(Debug)]
pub struct Judge {
    settings: Arc<Settings>,
    pool: Arc<Pool>,
    problems: ProblemStore,
    validators: BuiltValidators,
}

/// Where progress goes while a submission is judged.
pub type ProgressSink<'a> = &'a (dyn Fn(Progress) + Send + Sync);

impl Judge {
    /// A judge that uses `pool` under `settings` and takes problems from `problems`.
    pub fn new(settings: Arc<Settings>, pool: Arc<Pool>, problems: ProblemStore) -> Self {
        Self {
            settings,
            pool,
            problems,
            validators: BuiltValidators::default(),
        }
    }

    /// Judges one submission.
    ///
    /// # Errors
    /// When the submission asks for what this worker does not have, or when we fail. Whatever the program does is `Ok`.
    pub async fn judge(
        &self,
        submission: &Submission,
        received_at: Timestamp,
        progress: ProgressSink<'_>,
    ) -> Result<Judgement, JudgeFailure> {
        let plan = self.plan(submission).await?;
        let slot = self.pool.slot().await;
        let mut boxes_of_test = self.boxes_of_test(&plan, &slot).await?;
        let compiled = compile::check(&mut boxes_of_test.boxes, &plan).await?;
        let description = boxes_of_test.boxes.description();
        let outcome = match compiled {
            Some(message) => document::Outcome::DoesNotCompile(message),
            None => {
                let more = self.idle_slots(&plan);
                let mut sets = vec![boxes_of_test];
                for slot in &more {
                    sets.push(self.boxes_of_test(&plan, slot).await?);
                }
                document::Outcome::Ran(run_tests(sets, &plan, progress).await?)
            }
        };
        let show = document::Show {
            excerpt_bytes: self.settings.judge.excerpt_bytes,
            secret_output: self.settings.judge.show_secret_output,
            judge_messages: self.settings.judge.show_judge_messages,
        };
        let made = description.map(|description| (plan.language.environment.as_str(), description));
        let (worker, sandbox) = (self.worker_info(), self.sandbox_info(made));
        Ok(document::of(
            submission,
            &plan,
            outcome,
            received_at,
            worker,
            sandbox,
            &show,
        ))
    }

    /// The document that says that we failed.
    pub fn judge_error(&self, submission: &Submission, received_at: Timestamp, reason: &JudgeError) -> Judgement {
        document::of_failure(
            submission,
            reason,
            received_at,
            self.worker_info(),
            self.sandbox_info(None),
        )
    }

    /// The document that says that nobody wants a verdict any more.
    pub fn cancelled(&self, submission: &Submission, received_at: Timestamp, reason: Option<String>) -> Judgement {
        document::of_cancelled(
            submission,
            reason,
            received_at,
            self.worker_info(),
            self.sandbox_info(None),
        )
    }

    /// The box that submissions in a language will most likely need.
    pub fn expected_box(&self, language: &str) -> Option<BoxSpec> {
        let language = self.settings.languages.get(language)?;
        let limits = self.settings.limits.default;
        Some(submission::spec(
            &self.settings,
            language,
            &limits,
            Vec::new(),
            Uuid::nil(),
        ))
    }

    /// The boxes that the submission will need; none is started yet.
    async fn boxes_of_test<'a>(&'a self, plan: &Plan, slot: &'a Slot) -> Result<TestBoxes<'a>, JudgeError> {
        let context = JudgeContext {
            pool: &self.pool,
            slot,
            settings: &self.settings,
            submission: plan.id,
        };
        let boxes = Boxes::new(context, submission::plan(&self.settings, plan));
        let Validation::Custom(validation) = &plan.validation else {
            return Ok(TestBoxes { boxes, validator: None });
        };
        let built = self.validators.get(&validation.program, context).await?;
        let environment = built.environment_name.clone();
        let judging = BoxPlan {
            spec: validator_box(
                &self.settings,
                &validation.limits,
                environment,
                built.executable,
                plan.id,
            ),
            files: built.files.clone(),
            prepare: None,
        };
        Ok(TestBoxes {
            boxes,
            validator: Some((built, Boxes::new(context, judging))),
        })
    }

    /// More slots for the tests of one submission, if they are idle.
    fn idle_slots(&self, plan: &Plan) -> Vec<Slot> {
        let more = self.settings.judge.parallel_tests.min(plan.tests.len());
        (1..more).map_while(|_| self.pool.idle_slot()).collect()
    }
}
