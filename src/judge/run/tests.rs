//! The tests of a submission, one after the other or in several boxes at once.
//!
//! What counts are the results in the order of the tests: grading says which test is next from what is known of those
//! before. With more than one set of boxes, tests are run ahead in the hope that those before them pass; what turns out not to
//! be needed is thrown away, so the verdict is the same.

use std::collections::HashMap;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::sync::RwLock;

use crate::contract::{Progress, Verdict};
use crate::judge::grading::{Results, TestResult};
use crate::judge::plan::Plan;
use crate::judge::run::{TestBoxes, TestRun, run_test};
use crate::judge::{JudgeError, ProgressSink};

/// Runs the tests until the verdict is known; those that were not needed are `None`.
pub(in crate::judge) async fn run_tests(
    mut idle: Vec<TestBoxes<'_>>,
    plan: &Plan,
    progress: ProgressSink<'_>,
) -> Result<Vec<Option<TestRun>>, JudgeError> {
    let mut runs = Runs::of(plan);
    let others = RwLock::new(());
    let mut running = FuturesUnordered::new();
    while runs.settle(progress)? {
        for index in runs.wanted(idle.len()) {
            let Some(mut boxes) = idle.pop() else { break };
            runs.in_progress.push(index);
            let others = &others;
            running.push(async move {
                let run = run_test(&mut boxes, plan, &plan.tests[index], others).await;
                (index, run, boxes)
            });
        }
        let Some((index, run, boxes)) = running.next().await else {
            return Err(JudgeError::Internal("no box is left to run a test in".to_owned()));
        };
        idle.push(boxes);
        runs.in_progress.retain(|other| *other != index);
        runs.ahead.insert(index, run);
    }
    Ok(runs.counted)
}

/// What is known so far.
struct Runs<'a> {
    plan: &'a Plan,
    /// Tests whose turn has come.
    counted: Vec<Option<TestRun>>,
    results: Vec<Option<TestResult>>,
    finished: u64,
    /// Tests that were run, and whose turn has not come.
    ahead: HashMap<usize, Result<TestRun, JudgeError>>,
    in_progress: Vec<usize>,
}

impl<'a> Runs<'a> {
    fn of(plan: &'a Plan) -> Self {
        Self {
            plan,
            counted: plan.tests.iter().map(|_| None).collect(),
            results: vec![None; plan.tests.len()],
            finished: 0,
            ahead: HashMap::new(),
            in_progress: Vec::new(),
        }
    }

    /// Counts the tests whose turn has come; `false` when no more is needed.
    fn settle(&mut self, progress: ProgressSink<'_>) -> Result<bool, JudgeError> {
        while let Some(index) = self.next(&self.results) {
            let Some(run) = self.ahead.remove(&index) else {
                return Ok(true);
            };
            let run = run?;
            self.finished += 1;
            let test = self.plan.tests[index].name.clone();
            let finished = Progress::now(self.plan.id, test, run.result.verdict, run.facts.cpu.us / 1000);
            progress(finished.counted(self.finished, self.plan.tests.len() as u64));
            self.results[index] = Some(run.result);
            self.counted[index] = Some(run);
        }
        Ok(false)
    }

    /// Tests to start now: the next one, and those behind it if all between pass.
    fn wanted(&self, most: usize) -> Vec<usize> {
        let mut guessed = self.results.clone();
        let mut wanted = Vec::new();
        while wanted.len() < most
            && let Some(index) = self.next(&guessed)
        {
            guessed[index] = Some(TestResult {
                verdict: Verdict::Ac,
                score: None,
                multiplier: None,
            });
            if !self.in_progress.contains(&index) && !self.ahead.contains_key(&index) {
                wanted.push(index);
            }
        }
        wanted
    }

    fn next(&self, results: &[Option<TestResult>]) -> Option<usize> {
        let known = Results {
            root: &self.plan.groups,
            tests: results,
            stopping: self.plan.stopping,
        };
        known.next()
    }
}
