//! Runs become the result document of a program that was only run.

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::{FetchedFile, Payload, ResultType, RunReport, RunResult, RunStatus, Submission};
use crate::judge::JudgeError;
use crate::judge::capture::{Captured, CapturedFile};
use crate::judge::plan::{Plan, PlannedTest};
use crate::judge::run::TestRun;
use crate::judge::verdict::document::{Circumstances, Outcome, findings, findings_of_failure};
use crate::judge::verdict::limit_message::limit_message;
use crate::judge::verdict::signal_name;
use crate::sandbox::{Ended, RunFacts};

/// The document about a program that was run.
pub(in crate::judge) fn of(
    submission: &Submission,
    plan: &Plan,
    outcome: Outcome,
    circumstances: Circumstances,
) -> RunResult {
    let runs = match outcome {
        Outcome::DoesNotCompile(message) => {
            return RunResult {
                message: Some(message),
                ..without_runs(submission, RunStatus::Ce, circumstances)
            };
        }
        Outcome::Ran { runs, .. } => runs,
    };
    let security = findings(plan, &runs).into_list();
    let ran = plan.tests.iter().zip(runs);
    let runs: Vec<RunReport> = ran
        .filter_map(|(test, run)| run.map(|run| report(test, run, plan)))
        .collect();
    let failed = runs.iter().find(|run| run.status != RunStatus::Ok);
    let (status, message) = failed.map_or((RunStatus::Ok, None), |run| (run.status, run.message.clone()));
    RunResult {
        message,
        runs,
        security,
        ..without_runs(submission, status, circumstances)
    }
}

/// The document about a program that the judge failed to run.
pub(in crate::judge) fn of_failure(
    submission: &Submission,
    reason: &JudgeError,
    circumstances: Circumstances,
) -> RunResult {
    RunResult {
        message: Some(reason.with_remedy()),
        security: findings_of_failure(reason).into_list(),
        ..without_runs(submission, RunStatus::Je, circumstances)
    }
}

/// The document about a program whose run was cancelled.
pub(in crate::judge) fn of_cancelled(
    submission: &Submission,
    reason: Option<String>,
    circumstances: Circumstances,
) -> RunResult {
    RunResult {
        message: reason,
        ..without_runs(submission, RunStatus::Cancelled, circumstances)
    }
}

fn report(test: &PlannedTest, run: TestRun, plan: &Plan) -> RunReport {
    let (exit_code, signal) = match run.facts.ended {
        Ended::Exit(code) => (Some(code), None),
        Ended::Signal(signal) => (None, Some(signal_name(signal))),
    };
    let Captured { mut stdout, files } = run.captured.unwrap_or_default();
    RunReport {
        name: test.name.clone(),
        status: RunStatus::from(run.result.verdict),
        limit: run.limit,
        message: run.limit.map(|limit| limit_message(limit, &run.facts, &plan.limits)),
        cpu_ms: run.facts.cpu.us.div_ceil(1000),
        wall_ms: run.facts.wall_us.div_ceil(1000),
        starved_ms: run.facts.starved_us.map(|us| us / 1000),
        memory_bytes: run.facts.memory_peak.bytes,
        exit_code,
        signal,
        stdout: Payload::of(stdout.take(), run.facts.stdout_bytes),
        stderr: stderr(&run.facts),
        files: files.into_iter().map(fetched).collect(),
    }
}

fn stderr(facts: &RunFacts) -> Payload {
    let kept = (facts.stderr_head.len() + facts.stderr_tail.len()) as u64;
    let dropped = facts.stderr_bytes.saturating_sub(kept);
    if dropped == 0 {
        return Payload::of([&facts.stderr_head[..], &facts.stderr_tail[..]].concat(), kept);
    }
    let gap = format!("\n[... {dropped} bytes ...]\n");
    let shown = [&facts.stderr_head[..], gap.as_bytes(), &facts.stderr_tail[..]].concat();
    Payload {
        bytes: facts.stderr_bytes,
        truncated: true,
        ..Payload::of(shown, 0)
    }
}

fn fetched(file: CapturedFile) -> FetchedFile {
    let content = file.content.map(|mut content| {
        let kept = content.take();
        let bytes = kept.len() as u64;
        Payload {
            truncated: file.truncated,
            bytes,
            ..Payload::of(kept, bytes)
        }
    });
    FetchedFile {
        path: file.path,
        content,
    }
}

/// A document without a run.
fn without_runs(submission: &Submission, status: RunStatus, circumstances: Circumstances) -> RunResult {
    RunResult {
        version: ResultType::V1,
        result_id: Uuid::nil(),
        id: submission.id,
        attempt: None,
        rejudge: submission.rejudge,
        status,
        message: None,
        language: submission.language.clone(),
        runs: Vec::new(),
        limits: circumstances.limits,
        security: Vec::new(),
        worker: circumstances.worker,
        sandbox: circumstances.sandbox,
        received_at: circumstances.received_at,
        started_at: circumstances.started_at,
        finished_at: Timestamp::now(),
        metadata: submission.metadata.clone(),
    }
    .of_attempt(None)
}
