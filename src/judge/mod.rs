//! From a submission to its judgement.
//!
//! ```text
//! Submission --plan--> Plan --boxes--> Session --compile--> --run_test--> facts --verdict--> --judgement--> Judgement
//! ```
//!
//! It uses contract, problem and sandbox, and knows neither broker nor store nor which wall stands around a box.

mod boxes;
pub mod checker;
mod compile;
mod error;
mod excerpt;
mod judgement;
mod plan;
mod run_test;
mod verdict;

use std::sync::Arc;

use jiff::Timestamp;

use crate::config::Settings;
use crate::contract::{Judgement, Progress, Submission, Verdict};
use crate::problem::ProblemStore;
use crate::sandbox::Sandbox;
use boxes::Boxes;
pub use error::{JudgeError, JudgeFailure};
use plan::Plan;
use run_test::TestRun;
pub use verdict::{Checked, signal_name, verdict_of};

/// Judges submissions in the boxes of one sandbox.
#[derive(Debug)]
pub struct Judge {
    settings: Arc<Settings>,
    sandbox: Arc<dyn Sandbox>,
    problems: ProblemStore,
}

/// Where progress goes while a submission is judged.
pub type ProgressSink<'a> = &'a (dyn Fn(Progress) + Send + Sync);

impl Judge {
    /// A judge that uses `sandbox` under `settings` and takes problems from `problems`.
    pub fn new(settings: Arc<Settings>, sandbox: Arc<dyn Sandbox>, problems: ProblemStore) -> Self {
        Self {
            settings,
            sandbox,
            problems,
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
        let mut boxes = Boxes::new(self.sandbox.as_ref(), &self.settings, &plan);
        let outcome = match compile::check(&mut boxes, &plan).await? {
            Some(message) => judgement::Outcome::DoesNotCompile(message),
            None => judgement::Outcome::Ran(self.run_tests(&mut boxes, &plan, progress).await?),
        };
        let image = boxes.image();
        let show = judgement::Show {
            excerpt_bytes: self.settings.judge.excerpt_bytes,
            secret_output: self.settings.judge.show_secret_output,
        };
        let (worker, sandbox) = (self.worker_info(), self.sandbox_info(image));
        Ok(judgement::of(
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
        judgement::of_failure(
            submission,
            reason,
            received_at,
            self.worker_info(),
            self.sandbox_info(String::new()),
        )
    }

    async fn run_tests(
        &self,
        boxes: &mut Boxes<'_>,
        plan: &Plan,
        progress: ProgressSink<'_>,
    ) -> Result<Vec<TestRun>, JudgeError> {
        let mut runs = Vec::with_capacity(plan.tests.len());
        for test in &plan.tests {
            let run = run_test::run_test(boxes, plan, test, &self.settings.judge).await?;
            let stop = plan.stop_on_first_failure && run.verdict != Verdict::Ac;
            let finished = runs.len() as u64 + 1;
            let (cpu_ms, tests) = (run.facts.cpu.us / 1000, plan.tests.len() as u64);
            progress(Progress::now(
                plan.id,
                test.name.clone(),
                run.verdict,
                cpu_ms,
                finished,
                tests,
            ));
            runs.push(run);
            if stop {
                break;
            }
        }
        Ok(runs)
    }
}
