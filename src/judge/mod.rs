//! From a submission to its judgement.
//!
//! ```text
//! Submission --plan--> Plan --boxes--> Session --compile--> --run_test--> facts --verdict--> --judgement--> Judgement
//! ```
//!
//! It uses contract, problem and sandbox, and knows neither broker nor store nor which wall stands around a box.

mod attempt;
mod boxes;
mod build;
pub mod checker;
mod compile;
mod error;
mod excerpt;
mod grade;
mod judgement;
mod plan;
mod request;
mod run_test;
mod transcript;
mod validate;
mod verdict;

use std::sync::Arc;

use jiff::Timestamp;

use bytes::Bytes;

use crate::config::Settings;
use crate::contract::{Judgement, Progress, Submission};
use crate::problem::ProblemStore;
use crate::sandbox::{BoxSpec, Sandbox};
use boxes::{BoxFile, BoxPlan, Boxes};
use build::{BuiltValidators, validator_box};
pub use error::{JudgeError, JudgeFailure};
use grade::Results;
use plan::{Plan, Validation};
use run_test::{Bench, TestRun, run_test};
pub use verdict::{First, Opinion, Ruling, signal_name, verdict_of};

/// Judges submissions in the boxes of one sandbox.
#[derive(Debug)]
pub struct Judge {
    settings: Arc<Settings>,
    sandbox: Arc<dyn Sandbox>,
    problems: ProblemStore,
    validators: BuiltValidators,
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
        let mut bench = self.bench(&plan).await?;
        let outcome = match compile::check(&mut bench.boxes, &plan).await? {
            Some(message) => judgement::Outcome::DoesNotCompile(message),
            None => judgement::Outcome::Ran(self.run_tests(&mut bench, &plan, progress).await?),
        };
        let show = judgement::Show {
            excerpt_bytes: self.settings.judge.excerpt_bytes,
            secret_output: self.settings.judge.show_secret_output,
            judge_messages: self.settings.judge.show_judge_messages,
        };
        let (worker, sandbox) = (self.worker_info(), self.sandbox_info(bench.boxes.image()));
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

    /// The boxes that the submission will need; none is started yet.
    async fn bench(&self, plan: &Plan) -> Result<Bench<'_>, JudgeError> {
        let sandbox = self.sandbox.as_ref();
        let boxes = Boxes::new(sandbox, &self.settings, plan.id, self.submission_box(plan));
        let Validation::Custom(validation) = &plan.validation else {
            return Ok(Bench { boxes, validator: None });
        };
        let built = self
            .validators
            .get(&validation.program, sandbox, &self.settings, plan.id)
            .await?;
        let image = built.image.clone();
        let spec = validator_box(&self.settings, &validation.limits, image, built.executable, plan.id);
        let judging = BoxPlan {
            spec,
            files: built.files.clone(),
        };
        let judging = Boxes::new(sandbox, &self.settings, plan.id, judging);
        Ok(Bench {
            boxes,
            validator: Some((built, judging)),
        })
    }

    fn submission_box(&self, plan: &Plan) -> BoxPlan {
        let settings = &self.settings;
        let spec = BoxSpec {
            image: plan.language.image.clone(),
            memory_bytes: plan.limits.memory_bytes,
            // The runner is a process too.
            processes: plan.limits.processes + 1,
            cpus: settings.sandbox.cpus,
            scratch_bytes: settings.sandbox.scratch_bytes,
            scratch_inodes: settings.sandbox.scratch_inodes,
            executable_work: false,
            file_bytes: settings.limits.file_bytes,
            open_files: settings.limits.open_files,
            purpose: plan.id.to_string(),
        };
        let files = plan.files.iter().map(|file| BoxFile {
            path: file.name.clone(),
            content: Bytes::copy_from_slice(&file.content),
            mode: 0o644,
        });
        BoxPlan {
            spec,
            files: files.collect(),
        }
    }

    async fn run_tests(
        &self,
        bench: &mut Bench<'_>,
        plan: &Plan,
        progress: ProgressSink<'_>,
    ) -> Result<Vec<Option<TestRun>>, JudgeError> {
        let mut runs: Vec<Option<TestRun>> = plan.tests.iter().map(|_| None).collect();
        let mut results = vec![None; plan.tests.len()];
        let mut finished = 0;
        while let Some(index) = (Results {
            root: &plan.groups,
            tests: &results,
            stopping: plan.stopping,
        })
        .next()
        {
            let test = &plan.tests[index];
            let run = run_test(bench, plan, test).await?;
            finished += 1;
            let (cpu_ms, tests) = (run.facts.cpu.us / 1000, plan.tests.len() as u64);
            progress(Progress::now(
                plan.id,
                test.name.clone(),
                run.result.verdict,
                cpu_ms,
                finished,
                tests,
            ));
            results[index] = Some(run.result);
            runs[index] = Some(run);
        }
        Ok(runs)
    }
}
