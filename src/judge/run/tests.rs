//! The tests of a submission, one after the other or in several boxes at once.
//!
//! What counts are the results in the order of the tests: grading says which test is next from what is known of those
//! before. With more than one set of boxes, tests are run ahead in the hope that those before them pass; what turns out not to
//! be needed is thrown away, so the verdict is the same.

use std::collections::HashMap;

use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::RwLock;

use crate::contract::{Progress, Verdict};
use crate::judge::grading::{CustomResults, GraderInput, GroupResult, Next, Results, TestResult};
use crate::judge::plan::Plan;
use crate::judge::run::{Grader, TestBoxes, TestRun, run_test};
use crate::judge::{JudgeError, ProgressSink};
use crate::problem::Kind;
use crate::telemetry::Span;

/// Tests of a submission that have spans of their own.
const TRACED_TESTS: usize = 64;

const NOTHING_LEFT: &str = "nothing is left to run a test or to grade with";

/// Sets of boxes in which no test runs.
struct Idle<'a> {
    boxes: Vec<TestBoxes<'a>>,
    /// There is no room for the box of the grader beside them, so that none is held.
    is_crowded: bool,
}

impl<'a> Idle<'a> {
    fn of(boxes: Vec<TestBoxes<'a>>) -> Self {
        Self {
            boxes,
            is_crowded: false,
        }
    }

    fn put_back(&mut self, mut boxes: TestBoxes<'a>) {
        if self.is_crowded {
            boxes.retire();
        }
        self.boxes.push(boxes);
    }

    /// How many tests may be started. None while the grader waits for the room that they would take.
    fn startable(&self, is_grading: bool) -> usize {
        if self.is_crowded && is_grading {
            0
        } else {
            self.boxes.len()
        }
    }

    fn give_up(&mut self) {
        self.is_crowded = true;
        self.boxes.iter_mut().for_each(TestBoxes::retire);
    }
}

/// What ended: a test, or the grading of a group.
enum Ended<'a> {
    Test {
        index: usize,
        run: Box<Result<TestRun, JudgeError>>,
        boxes: Box<TestBoxes<'a>>,
    },
    Grading {
        group: String,
        result: Result<GroupResult, JudgeError>,
        grader: Box<Grader<'a>>,
    },
}

/// Runs the tests until the verdict is known, but those of `ahead`, which were run; those that were not needed are `None`.
/// The other part of the result is what the grader of the package says.
pub(in crate::judge) async fn run_tests(
    idle: Vec<TestBoxes<'_>>,
    mut grader: Option<Grader<'_>>,
    (plan, ahead): (&Plan, HashMap<usize, TestRun>),
    progress: ProgressSink<'_>,
) -> Result<(Vec<Option<TestRun>>, CustomResults), JudgeError> {
    let mut runs = Runs::of(plan);
    runs.ahead = ahead.into_iter().map(|(index, run)| (index, Ok(run))).collect();
    let others = RwLock::new(());
    let mut running = FuturesUnordered::new();
    let mut idle = Idle::of(idle);
    loop {
        match runs.settle(progress)? {
            Next::Nothing => return runs.ended(),
            Next::Test(_) => {}
            Next::Grade(input) => running.extend(grader.take().map(|grader| grade(grader, input).boxed())),
        }
        for index in runs.wanted(idle.startable(grader.is_none())) {
            let Some(boxes) = idle.boxes.pop() else { break };
            runs.in_progress.push(index);
            let span = runs.span_of_test();
            running.push(run((boxes, plan, span), index, &others).boxed());
        }
        match running.next().await {
            None => return Err(JudgeError::Internal(NOTHING_LEFT.into())),
            Some(Ended::Test { index, run, boxes }) => {
                idle.put_back(*boxes);
                runs.ended_test(index, *run);
            }
            Some(Ended::Grading {
                group,
                result,
                grader: ended,
            }) => grader = Some(graded(*ended, (group, result), &mut idle, &mut runs)?),
        }
    }
}

/// Takes what a grader has said of a group, and gives the grader back. Where there was no room for it all boxes are given up,
/// and it is asked again alone.
fn graded<'a>(
    mut grader: Grader<'a>,
    (group, result): (String, Result<GroupResult, JudgeError>),
    idle: &mut Idle<'_>,
    runs: &mut Runs<'_>,
) -> Result<Grader<'a>, JudgeError> {
    if grader.needs_room(&result) {
        idle.give_up();
        grader.alone();
    } else {
        runs.custom.insert(group, result?);
    }
    Ok(grader)
}

async fn run<'a>(
    (mut boxes, plan, span): (TestBoxes<'a>, &Plan, Span),
    index: usize,
    others: &RwLock<()>,
) -> Ended<'a> {
    let test = &plan.tests[index];
    let run = span.around(run_test(&mut boxes, plan, test, others)).await;
    span.note("test", test.name.as_str());
    match &run {
        Ok(run) => {
            span.note("verdict", run.result.verdict.code());
            span.note("cpu_ms", run.facts.cpu.us / 1000);
        }
        Err(_error) => span.fail("the judge failed at the test"),
    }
    Ended::Test {
        index,
        run: Box::new(run),
        boxes: Box::new(boxes),
    }
}

async fn grade<'a>(mut grader: Grader<'a>, input: GraderInput<'_>) -> Ended<'a> {
    Ended::Grading {
        result: grader.grade(&input).await,
        group: input.group.name.clone(),
        grader: Box::new(grader),
    }
}

/// What is known so far.
struct Runs<'a> {
    plan: &'a Plan,
    /// Tests whose turn has come.
    counted: Vec<Option<TestRun>>,
    results: Vec<Option<TestResult>>,
    /// Groups that the grader of the package has graded.
    custom: CustomResults,
    finished: u64,
    /// Tests that were run, and whose turn has not come.
    ahead: HashMap<usize, Result<TestRun, JudgeError>>,
    in_progress: Vec<usize>,
    /// Tests that were started.
    started: usize,
}

impl<'a> Runs<'a> {
    fn of(plan: &'a Plan) -> Self {
        Self {
            plan,
            counted: plan.tests.iter().map(|_| None).collect(),
            results: vec![None; plan.tests.len()],
            custom: CustomResults::new(),
            finished: 0,
            ahead: HashMap::new(),
            in_progress: Vec::new(),
            started: 0,
        }
    }

    /// The span of a test that is started now, which only the first ones have.
    fn span_of_test(&mut self) -> Span {
        self.started += 1;
        match self.started <= TRACED_TESTS {
            true => Span::of_step("test"),
            false => Span::of_nothing(),
        }
    }

    fn ended_test(&mut self, index: usize, run: Result<TestRun, JudgeError>) {
        self.in_progress.retain(|other| *other != index);
        self.ahead.insert(index, run);
    }

    /// Counts the tests whose turn has come; says what is needed then.
    fn settle(&mut self, progress: ProgressSink<'_>) -> Result<Next<'a>, JudgeError> {
        loop {
            let next = self.next(&self.results, &self.custom);
            let Next::Test(index) = next else {
                return Ok(next);
            };
            let Some(run) = self.ahead.remove(&index) else {
                return Ok(next);
            };
            let run = run?;
            self.finished += 1;
            let test = self.plan.tests[index].name.clone();
            let finished = Progress::now(self.plan.id, test, run.result.verdict, run.facts.cpu.us / 1000);
            progress(finished.counted(self.finished, self.plan.tests.len() as u64));
            self.results[index] = Some(run.result);
            self.counted[index] = Some(run);
        }
    }

    /// Tests to start now: the next one, and those behind it if all between pass.
    fn wanted(&self, most: usize) -> Vec<usize> {
        let (mut guessed, mut graded) = (self.results.clone(), self.custom.clone());
        let mut wanted = Vec::new();
        while wanted.len() < most {
            match self.next(&guessed, &graded) {
                Next::Nothing => break,
                Next::Grade(input) => {
                    let accepted = GroupResult {
                        verdict: Verdict::Ac,
                        score: 0.0,
                    };
                    graded.insert(input.group.name.clone(), accepted);
                }
                Next::Test(index) => {
                    guessed[index] = Some(TestResult {
                        verdict: Verdict::Ac,
                        score: None,
                        multiplier: None,
                    });
                    if !self.in_progress.contains(&index) && !self.ahead.contains_key(&index) {
                        wanted.push(index);
                    }
                }
            }
        }
        wanted
    }

    fn next(&self, results: &[Option<TestResult>], custom: &CustomResults) -> Next<'a> {
        self.known(results, custom).next()
    }

    /// What there is when nothing is needed any more.
    fn ended(self) -> Result<(Vec<Option<TestRun>>, CustomResults), JudgeError> {
        self.check_scores()?;
        Ok((self.counted, self.custom))
    }

    /// No group may have come to more points than the package allows.
    fn check_scores(&self) -> Result<(), JudgeError> {
        let excess = self.known(&self.results, &self.custom).excess();
        let excess = excess.filter(|_| self.plan.kind != Kind::PassFail);
        excess.map_or(Ok(()), |excess| {
            Err(JudgeError::GroupScore {
                problem: self.plan.problem_id().to_owned(),
                group: excess.group,
                score: excess.score,
                highest: excess.highest,
            })
        })
    }

    fn known<'r>(&self, tests: &'r [Option<TestResult>], custom: &'r CustomResults) -> Results<'a, 'r> {
        Results {
            root: &self.plan.groups,
            tests,
            custom,
            stopping: self.plan.stopping,
        }
    }
}
