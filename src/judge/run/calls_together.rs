//! Several calls of a function in one process, or each in a fork of one: what a call costs then is the call, and not the
//! start of an interpreter and the import of the program.
//!
//! They have the limits of one test together. A call that came to its end within these would have done so alone; one of
//! which nothing is said is run by itself, as are those that need more than their arguments. Whatever the process says
//! is a claim that a call came to a value, as it is of a single call.

use std::collections::HashMap;

use tokio::task::spawn_blocking;

use crate::contract::{CallLine, CallProcesses, read_call_lines};
use crate::judge::JudgeError;
use crate::judge::plan::calls::of_several;
use crate::judge::plan::{Plan, PlannedTest};
use crate::judge::run::attempt::AttemptError;
use crate::judge::run::calling::{Called, decided, make_call, most_of_report};
use crate::judge::run::{TestBoxes, TestRun};
use crate::judge::verdict::excerpt::excerpt;
use crate::sandbox::{Ended, RunFacts};

/// Processes that are begun anew behind a call that came to no end. Behind the last one each call is run alone.
const PROCESSES: usize = 3;

/// What is asked of a process, in bytes, at most: it is laid into its box as one file.
const ASKED_BYTES: usize = 16 << 20;

/// What is said of all calls, in bytes, at most.
const LINES_BYTES: u64 = 16 << 20;

const PURPOSE: &str = "calls in one process";

/// Runs the calls that can be run together; the tests that are not in the result are to be run alone.
pub(in crate::judge) async fn run_together(
    boxes: &mut TestBoxes<'_>,
    plan: &Plan,
) -> Result<HashMap<usize, TestRun>, JudgeError> {
    let mut runs = HashMap::new();
    let mut waiting = can_be_run_together(plan);
    for _process in 0..PROCESSES {
        if waiting.len() < 2 {
            break;
        }
        let tests: Vec<&PlannedTest> = waiting.iter().map(|index| &plan.tests[*index]).collect();
        let ended = match one_process(boxes, plan, &tests).await {
            Ok(ended) => ended,
            Err(AttemptError::Box(error)) => {
                boxes.boxes.lose(error, PURPOSE).await?;
                break;
            }
            Err(AttemptError::ValidatorBox(error)) => return Err(JudgeError::Internal(error.into())),
            Err(AttemptError::Judge(error) | AttemptError::NoRoom(error)) => return Err(error),
        };
        let finished: Vec<usize> = ended.keys().map(|place| waiting[*place]).collect();
        // One that ended near its limit is run once more, and alone.
        let kept = ended.into_iter().filter(|(_place, run)| !run.is_near_limit());
        runs.extend(kept.map(|(place, run)| (waiting[place], run)));
        waiting.retain(|index| !finished.contains(index));
        // The first of those of which nothing is said may have ended the process.
        if !waiting.is_empty() {
            waiting.remove(0);
        }
    }
    Ok(runs)
}

/// As many as can be told in one piece, by their numbers.
fn can_be_run_together(plan: &Plan) -> Vec<usize> {
    let asked_bytes = |test: &PlannedTest| test.more_files.iter().map(|file| file.content.len()).sum::<usize>();
    let can_be = |test: &PlannedTest| plan.processes != CallProcesses::Each && can_be_together(test);
    let numbered = plan.tests.iter().enumerate().filter(|(_, test)| can_be(test));
    let mut bytes = 0;
    let told = numbered.take_while(|(_, test)| {
        bytes += asked_bytes(test);
        bytes <= ASKED_BYTES
    });
    told.map(|(index, _)| index).collect()
}

fn can_be_together(test: &PlannedTest) -> bool {
    let needs_more = !test.args.is_empty() || test.files.is_some();
    let call = test.call.as_ref().map(|call| &call.test);
    call.is_some_and(|call| call.comparison.is_some() && call.message.input.is_none()) && !needs_more
}

/// The calls that came to an end, by their places in `tests`.
async fn one_process(
    boxes: &mut TestBoxes<'_>,
    plan: &Plan,
    tests: &[&PlannedTest],
) -> Result<HashMap<usize, TestRun>, AttemptError> {
    let Some(first) = tests.first() else {
        return Ok(HashMap::new());
    };
    let together = PlannedTest {
        more_files: vec![of_several(tests, plan.processes)],
        ..(*first).clone()
    };
    let keep = plan.excerpt_bytes(boxes.boxes.options());
    let called = make_call(boxes, plan, &together, keep, LINES_BYTES).await?;
    boxes.after_run(&called.facts);
    let Called { facts, report, .. } = called;
    if facts.had_memory_kill() || facts.memory_peak.bytes >= plan.limits.memory_bytes {
        return Ok(HashMap::new());
    }
    let lines = match report {
        Some(lines) => spawn_blocking(move || read_call_lines(&lines))
            .await
            .map_err(JudgeError::Task)?,
        None => Vec::new(),
    };
    let mut runs: HashMap<usize, TestRun> = HashMap::new();
    for line in lines {
        if let Some(test) = tests.get(line.index)
            && !runs.contains_key(&line.index)
        {
            let index = line.index;
            let most = test.call.as_ref().map_or(0, |call| most_of_report(call));
            let outcome = decided(test, of_line(line, &facts, most), keep).await?;
            runs.insert(index, outcome.judged(plan, test)?);
        }
    }
    Ok(runs)
}

/// A call as if it had been the only one. Its share of the time is what the process says, and no more than all took.
fn of_line(line: CallLine, facts: &RunFacts, most: usize) -> Called {
    let mut own = RunFacts {
        wall_us: line.wall_us.min(facts.wall_us),
        memory_peak: facts.memory_peak,
        stdout_bytes: line.stdout.len() as u64,
        stderr_bytes: line.stderr.len() as u64,
        stderr_head: line.stderr.clone().into_bytes(),
        ..RunFacts::ended(Ended::Exit(line.code.clamp(0, 1)))
    };
    own.cpu = facts.cpu;
    own.cpu.us = line.cpu_us.min(facts.cpu.us);
    let report = line.report();
    Called {
        stdout: excerpt(line.stdout.as_bytes(), line.stdout.len() as u64),
        facts: own,
        // No more would have been taken of the report of a single call.
        is_cut: report.is_some_and(|report| report.len() > most),
        report: report.map(<[u8]>::to_vec),
    }
}
