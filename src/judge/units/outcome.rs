//! What became of a unit test, as a verdict.

use crate::contract::{Excerpt, LimitKind, Limits, UnitOutcome, Verdict};
use crate::judge::JudgeError;
use crate::judge::grading::TestResult;
use crate::judge::plan::Plan;
use crate::judge::plan::unit_groups::without_parameters;
use crate::judge::run::TestRun;
use crate::judge::units::reports::Known;
use crate::judge::verdict::excerpt::excerpt;
use crate::judge::verdict::{Decision, ValidatorResult, verdict_of};
use crate::sandbox::{Ended, Figure, MemoryPeak, RunFacts};

/// The run of a test; `None` of one that has not run.
pub(super) fn run_of(plan: &Plan, name: &str, known: Known) -> Result<Option<TestRun>, JudgeError> {
    let Some(outcome) = known.outcome.filter(|outcome| *outcome != UnitOutcome::Skipped) else {
        return Ok(None);
    };
    if outcome == UnitOutcome::Broken {
        return Err(JudgeError::unit_tests(format!("{name}: {}", known.message)));
    }
    let facts = known.facts.unwrap_or(RunFacts {
        wall_us: known.us,
        ..RunFacts::ended(Ended::Exit(0))
    });
    let (verdict, limit) = decided(outcome, known.process_died, &facts, &plan.limits)?;
    let message = match (outcome, known.process_died) {
        (UnitOutcome::Passed, true) => "the program ended during the test".to_owned(),
        _ => known.message,
    };
    let message = with_parameters(plan, name, message);
    let message = Some(message).filter(|message| !message.is_empty() && verdict != Verdict::Ac);
    let (team_message, judge_message) = match plan.is_public(name) {
        true => (message, None),
        false => (None, message),
    };
    Ok(Some(TestRun {
        limit,
        facts: with_stderr(known.stderr, facts),
        stdout: excerpt(known.stdout.as_bytes(), known.stdout.len() as u64),
        team_message,
        judge_message,
        ..without_run(verdict)
    }))
}

/// What the tests wrote comes before what the submission did.
fn with_stderr(of_tests: String, facts: RunFacts) -> RunFacts {
    RunFacts {
        stderr_bytes: facts.stderr_bytes + of_tests.len() as u64,
        stderr_head: [of_tests.into_bytes(), facts.stderr_head].concat(),
        ..facts
    }
}

/// What pytest says, unless the kernel knows better.
fn decided(
    outcome: UnitOutcome,
    process_died: bool,
    facts: &RunFacts,
    limits: &Limits,
) -> Result<(Verdict, Option<LimitKind>), JudgeError> {
    let result = match outcome == UnitOutcome::Passed && !process_died {
        true => ValidatorResult::Accepted,
        false => ValidatorResult::Rejected,
    };
    match verdict_of(facts, limits, &result, false) {
        Decision::Verdict {
            verdict: Verdict::Wa,
            limit,
        } if outcome == UnitOutcome::Raised => Ok((Verdict::Rte, limit)),
        Decision::Verdict { verdict, limit } => Ok((verdict, limit)),
        _ => Err(JudgeError::Internal("a unit test has no verdict".into())),
    }
}

/// The message of a test, with its name where that in the verdict lacks its parameters.
fn with_parameters(plan: &Plan, name: &str, message: String) -> String {
    match without_parameters(name) {
        Some(_) if !plan.is_public(name) => format!("{name}: {message}"),
        _ => message,
    }
}

/// The run of a test that was skipped, where it is all that there is in its group.
pub(super) fn skipped() -> TestRun {
    without_run(Verdict::Sk)
}

fn without_run(verdict: Verdict) -> TestRun {
    TestRun {
        result: TestResult {
            verdict,
            score: None,
            multiplier: None,
        },
        limit: None,
        facts: RunFacts::ended(Ended::Exit(0)),
        stdout: Excerpt::default(),
        team_message: None,
        judge_message: None,
        transcript: None,
        captured: None,
        value: None,
        boxes_lost: 0,
    }
}

/// What is known of a process whose box the kernel ended for memory.
pub(super) fn memory_kill(limits: &Limits) -> RunFacts {
    RunFacts {
        memory_peak: MemoryPeak {
            bytes: limits.memory_bytes,
            source: Figure::Cgroup,
        },
        memory_kills: Some(1),
        ..RunFacts::ended(Ended::Signal(9))
    }
}
