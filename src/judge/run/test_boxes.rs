//! The boxes of one test, and what becomes of them when one is lost.

use crate::judge::JudgeError;
use crate::judge::boxes::crowd::Crowd;
use crate::judge::boxes::{Boxes, breaks_the_protocol};
use crate::judge::options::JudgeOptions;
use crate::judge::plan::{CustomValidation, Plan, PlannedTest};
use crate::judge::run::attempt::AttemptError;
use crate::judge::run::outcome::TestOutcome;
use crate::judge::validation::ValidatorRun;
use crate::judge::validation::build::BuiltValidator;
use crate::judge::validation::fault::FaultReason;
use crate::sandbox::{BoxError, PostMortem, RunFacts};

/// The boxes of a submission.
pub(in crate::judge) struct TestBoxes<'a> {
    /// For the submission.
    pub(in crate::judge) boxes: Boxes<'a>,
    /// For the validator of the package, if it has one.
    pub(in crate::judge) validator: Option<ValidatorBoxes<'a>>,
    /// Whether both could be had.
    pub(in crate::judge) crowd: Crowd,
}

/// A validator and its boxes.
pub(in crate::judge) struct ValidatorBoxes<'a> {
    pub(in crate::judge) built: BuiltValidator,
    pub(in crate::judge) boxes: Boxes<'a>,
}

impl<'b> ValidatorBoxes<'b> {
    /// The validator in its box, which knows the test. The box of the submission may be held meanwhile.
    pub(super) async fn ready<'a>(
        &'a mut self,
        validation: &'a CustomValidation,
        (plan, test): (&'a Plan, &'a PlannedTest),
        (options, is_other_held): (&'a JudgeOptions, bool),
    ) -> Result<ValidatorRun<'a, 'b>, AttemptError> {
        let ready = self.boxes.ready_beside(is_other_held).await;
        ready.map_err(AttemptError::without_validator)?;
        let mut run = ValidatorRun {
            boxes: &mut self.boxes,
            built: &self.built,
            validation,
            plan,
            test,
            options,
        };
        run.prepare().await?;
        Ok(run)
    }
}

/// What follows from an attempt that failed.
pub(super) enum Recovery {
    /// The failure is the outcome.
    Outcome(Box<TestOutcome>),
    /// The test is run again.
    RunAgain {
        /// Whether something in the box broke the runner.
        broke: bool,
    },
}

impl TestBoxes<'_> {
    /// Whether the validator has a box.
    pub(super) fn validator_is_held(&self) -> bool {
        self.validator
            .as_ref()
            .is_some_and(|validator| validator.boxes.is_held())
    }

    /// Whether there was room for both since this was last asked.
    fn were_both_had(&mut self) -> bool {
        let validator = self.validator.as_mut();
        let beside = validator.is_some_and(|validator| validator.boxes.was_had_beside());
        self.boxes.was_had_beside() || beside
    }

    /// Gives both boxes up.
    pub(super) fn retire(&mut self) {
        self.boxes.retire();
        if let Some(validator) = &mut self.validator {
            validator.boxes.retire();
        }
    }

    /// Gives up what a run has spoiled.
    pub(super) fn after_run(&mut self, facts: &RunFacts) {
        self.crowd.end();
        if facts.zygote_end.is_some() {
            self.boxes.lose_zygote();
        } else if facts.had_memory_kill() {
            self.boxes.retire();
        }
    }

    /// Decides how to go on after an attempt that failed.
    pub(super) async fn recover(
        &mut self,
        error: AttemptError,
        plan: &Plan,
        test: &PlannedTest,
    ) -> Result<Recovery, JudgeError> {
        match error {
            AttemptError::Judge(error) => Err(error),
            AttemptError::Box(error) => self.recover_submission(error, plan, test).await,
            AttemptError::ValidatorBox(error) => self.recover_validator(error, plan, test).await,
            AttemptError::NoRoom(error) => {
                self.retire();
                if self.were_both_had() {
                    self.crowd.end();
                }
                self.crowd.wait(error, self.boxes.context().pool).await?;
                Ok(Recovery::RunAgain { broke: false })
            }
        }
    }

    async fn recover_submission(
        &mut self,
        error: BoxError,
        plan: &Plan,
        test: &PlannedTest,
    ) -> Result<Recovery, JudgeError> {
        if let Some(validator) = &mut self.validator {
            validator.boxes.retire();
        }
        let broke = breaks_the_protocol(&error);
        Ok(match self.boxes.lose(error, &test.name).await? {
            PostMortem::OutOfMemory => Recovery::Outcome(Box::new(TestOutcome::memory_kill(&plan.limits))),
            PostMortem::EndedByHost => Recovery::RunAgain { broke: false },
            _ => Recovery::RunAgain { broke },
        })
    }

    async fn recover_validator(
        &mut self,
        error: BoxError,
        plan: &Plan,
        test: &PlannedTest,
    ) -> Result<Recovery, JudgeError> {
        self.boxes.retire();
        let Some(validator) = &mut self.validator else {
            let reason = "a validator's box was lost where there is none";
            return Err(JudgeError::Internal(reason.into()));
        };
        if validator.boxes.lose(error, &test.name).await? == PostMortem::OutOfMemory {
            return Err(JudgeError::Validator {
                problem: plan.problem_id().to_owned(),
                test: test.name.clone(),
                fault: FaultReason::Memory.into(),
            });
        }
        Ok(Recovery::RunAgain { broke: false })
    }
}
