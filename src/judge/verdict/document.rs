//! Runs become the verdict document.

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::{
    Judgement, Limits, ProblemRef, SandboxInfo, Submission, Target, TestVerdict, Totals, Verdict, VerdictType,
    WorkerInfo,
};
use crate::judge::JudgeError;
use crate::judge::grading::{CustomResults, Results, TestResult};
use crate::judge::plan::Plan;
use crate::judge::run::TestRun;
use crate::judge::verdict::findings::Findings;
use crate::judge::verdict::test_verdict::{Show, test_verdict};
use crate::problem::Kind;

/// How judging went.
#[derive(Debug)]
pub(in crate::judge) enum Outcome {
    /// Nothing was run.
    DoesNotCompile(String),
    /// The tests were run.
    Ran {
        /// Those that are missing were not reached.
        runs: Vec<Option<TestRun>>,
        /// What the grader of the package said.
        custom: CustomResults,
    },
}

/// What a document says whatever the verdict is.
#[derive(Debug)]
pub(in crate::judge) struct Circumstances {
    pub(in crate::judge) limits: Limits,
    pub(in crate::judge) problem: Option<ProblemRef>,
    pub(in crate::judge) worker: WorkerInfo,
    pub(in crate::judge) sandbox: SandboxInfo,
    pub(in crate::judge) received_at: Timestamp,
    pub(in crate::judge) started_at: Option<Timestamp>,
}

/// The document about a submission that was judged.
pub(in crate::judge) fn of(
    submission: &Submission,
    plan: &Plan,
    outcome: Outcome,
    circumstances: Circumstances,
    show: &Show,
) -> Judgement {
    let (compiler_message, runs, custom) = match outcome {
        Outcome::DoesNotCompile(message) => {
            let none_ran = plan.tests.iter().map(|_| None).collect();
            (Some(message), none_ran, CustomResults::new())
        }
        Outcome::Ran { runs, custom } => (None, runs, custom),
    };
    let results: Vec<Option<TestResult>> = runs.iter().map(|run| run.as_ref().map(|run| run.result)).collect();
    let results = Results {
        root: &plan.groups,
        tests: &results,
        custom: &custom,
        stopping: plan.stopping,
    };
    let graded = results.submission();
    let groups = match plan.kind {
        Kind::PassFail => Vec::new(),
        Kind::Scoring { .. } => results.groups(),
    };
    let security = findings(plan, &runs).into_list();
    let runs = plan.tests.iter().zip(runs);
    let tests: Vec<TestVerdict> = runs
        .map(|(test, run)| test_verdict(test, run, &plan.limits, show))
        .collect();
    let verdict = match &compiler_message {
        Some(_) => Verdict::Ce,
        None => graded.verdict,
    };
    Judgement {
        score: score_of(plan.kind, verdict, graded.score),
        message: compiler_message.or_else(|| about_limit(verdict, &tests)),
        totals: totals(&tests),
        groups,
        tests,
        security,
        ..without_runs(submission, verdict, circumstances)
    }
}

/// The points of a submission. Where less is better, one that is not accepted has none: tests that it failed, or that were
/// not run, would make its score the best one.
fn score_of(kind: Kind, verdict: Verdict, score: f64) -> Option<f64> {
    match kind {
        Kind::PassFail => None,
        Kind::Scoring { minimise } => Some(score).filter(|_| !minimise || verdict == Verdict::Ac),
    }
}

pub(super) fn findings(plan: &Plan, runs: &[Option<TestRun>]) -> Findings {
    let mut findings = Findings::default();
    for (test, run) in plan.tests.iter().zip(runs) {
        if let Some(run) = run {
            findings.add_run(&test.name, &run.facts);
            findings.boxes_lost(&test.name, run.boxes_lost);
        }
    }
    findings
}

/// The document about a submission that the judge failed on.
pub(in crate::judge) fn of_failure(
    submission: &Submission,
    reason: &JudgeError,
    circumstances: Circumstances,
) -> Judgement {
    Judgement {
        message: Some(reason.with_remedy()),
        security: findings_of_failure(reason).into_list(),
        ..without_runs(submission, Verdict::Je, circumstances)
    }
}

/// What is noticed when the judge fails.
pub(super) fn findings_of_failure(reason: &JudgeError) -> Findings {
    let mut findings = Findings::default();
    if let JudgeError::Box {
        under_program, during, ..
    } = reason
    {
        findings.boxes_lost(during, *under_program);
    }
    findings
}

/// The document about a submission whose judging was cancelled.
pub(in crate::judge) fn of_cancelled(
    submission: &Submission,
    reason: Option<String>,
    circumstances: Circumstances,
) -> Judgement {
    Judgement {
        message: reason,
        ..without_runs(submission, Verdict::Cancelled, circumstances)
    }
}

/// A document without a test.
fn without_runs(submission: &Submission, verdict: Verdict, circumstances: Circumstances) -> Judgement {
    let Circumstances {
        limits,
        problem,
        worker,
        sandbox,
        received_at,
        started_at,
    } = circumstances;
    Judgement {
        version: VerdictType::V1,
        verdict_id: Uuid::nil(),
        id: submission.id,
        attempt: None,
        rejudge: submission.rejudge,
        verdict,
        score: None,
        message: None,
        language: submission.language.clone(),
        problem: problem.or_else(|| problem_named_by(&submission.target)),
        tests: Vec::new(),
        groups: Vec::new(),
        totals: Totals::default(),
        limits,
        security: Vec::new(),
        worker,
        sandbox,
        received_at,
        started_at,
        judged_at: Timestamp::now(),
        metadata: submission.metadata.clone(),
    }
    .of_attempt(None)
}

/// What decided a verdict that says that a limit was exceeded.
fn about_limit(verdict: Verdict, tests: &[TestVerdict]) -> Option<String> {
    let decided = tests
        .iter()
        .find(|test| test.verdict == verdict && test.limit.is_some())?;
    Some(format!("{}: {}", decided.name, decided.message.as_deref()?))
}

fn problem_named_by(target: &Target) -> Option<ProblemRef> {
    match target {
        Target::Problem(problem) => Some(problem.clone()),
        Target::Inline { .. }
        | Target::TestSet(_)
        | Target::Calls(_)
        | Target::Asserts(_)
        | Target::Units(_)
        | Target::Run(_) => None,
    }
}

fn totals(tests: &[TestVerdict]) -> Totals {
    let count = |wanted: Verdict| tests.iter().filter(|test| test.verdict == wanted).count() as u64;
    Totals {
        tests: tests.len() as u64,
        passed: count(Verdict::Ac),
        skipped: count(Verdict::Sk),
        cpu_ms: tests.iter().map(|test| test.cpu_ms).sum(),
        max_cpu_ms: tests.iter().map(|test| test.cpu_ms).max().unwrap_or(0),
        max_memory_bytes: tests.iter().map(|test| test.memory_bytes).max().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_accepted_submission_has_points_where_less_is_better() {
        let (more, less) = (Kind::Scoring { minimise: false }, Kind::Scoring { minimise: true });
        for (kind, verdict, score) in [
            (more, Verdict::Ac, Some(7.0)),
            (more, Verdict::Wa, Some(7.0)),
            (more, Verdict::Ce, Some(7.0)),
            (less, Verdict::Ac, Some(7.0)),
            (less, Verdict::Wa, None),
            (less, Verdict::Tle, None),
            (less, Verdict::Ce, None),
            (Kind::PassFail, Verdict::Ac, None),
        ] {
            assert_eq!(score_of(kind, verdict, 7.0), score, "{kind:?} {verdict}");
        }
    }
}
