//! The report for programs: a line of JSON for each package.

use serde_json::{Value, json};

use crate::cli::verify::data_report::DataReport;
use crate::cli::verify::groups::{InGroup, in_groups};
use crate::cli::verify::limit::{LimitUsed, Origin};
use crate::cli::verify::outcome::PackageReport;
use crate::cli::verify::row::{Outcome, Row};
use crate::contract::{TestVerdict, Verdict};

pub(super) fn of_package(report: &PackageReport, strict: bool) -> Value {
    json!({
        "package": report.name,
        "path": report.path.to_string_lossy(),
        "ok": report.is_ok(strict),
        "interrupted": report.interrupted,
        "seconds": report.took.as_secs_f64(),
        "error": report.broken,
        "errors": report.errors,
        "warnings": report.warnings,
        "time_limit": report.limit.as_ref().map(of_limit),
        "data": report.data.as_ref().map(of_data),
        "submissions": report.rows.iter().map(|row| of_row(row, &report.groups)).collect::<Vec<_>>(),
    })
}

fn of_data(data: &DataReport) -> Value {
    json!({
        "input_validators": data.input_validators,
        "valid_inputs": data.valid_inputs,
        "invalid_inputs": data.invalid_inputs,
        "outputs": data.outputs,
    })
}

fn of_limit(limit: &LimitUsed) -> Value {
    let (submission, slowest_ms) = match &limit.origin {
        Origin::Derived { submission, slowest_ms } => (Some(submission), Some(slowest_ms)),
        Origin::Package | Origin::CommandLine | Origin::Settings => (None, None),
    };
    json!({
        "cpu_ms": limit.cpu_ms,
        "wall_ms": limit.wall_ms,
        "origin": limit.origin.name(),
        "submission": submission,
        "slowest_ms": slowest_ms,
    })
}

fn of_row(row: &Row, groups: &[String]) -> Value {
    let (skipped, reason) = match &row.outcome {
        Outcome::Judged { complaint, .. } => (None, complaint.clone()),
        Outcome::Skipped(reason) | Outcome::NotBuilt { reason, .. } => (Some(reason), None),
        Outcome::Failed(reason) => (None, Some(reason.clone())),
        Outcome::NoEnvironment(name) => (None, Some(format!("the environment {name} is not installed"))),
    };
    let judgement = row.judgement();
    let tests = judgement.into_iter().flat_map(|judgement| &judgement.tests);
    json!({
        "path": format!("submissions/{}", row.name),
        "language": row.language,
        "judged_with": row.judged_with,
        "expected": row.expected,
        "verdict": judgement.map(|judgement| judgement.verdict),
        "score": judgement.and_then(|judgement| judgement.score),
        "ok": row.ok(),
        "skipped_reason": skipped,
        "reason": reason,
        "max_cpu_ms": row.max_cpu_ms(),
        "max_wall_ms": row.max_wall_ms(),
        "slowest_beyond_ms": row.slowest_beyond_ms,
        "limits": judgement.map(|judgement| judgement.limits),
        "seconds": row.took.as_secs_f64(),
        "groups": in_groups(row, groups).iter().map(of_group).collect::<Vec<_>>(),
        "tests": tests.filter(|test| test.verdict != Verdict::Sk).map(of_test).collect::<Vec<_>>(),
    })
}

fn of_group(group: &InGroup<'_>) -> Value {
    json!({
        "name": group.name,
        "verdict": group.verdict,
        "max_cpu_ms": group.max_cpu_ms,
        "max_wall_ms": group.max_wall_ms,
    })
}

fn of_test(test: &TestVerdict) -> Value {
    json!({
        "name": test.name,
        "verdict": test.verdict,
        "limit": test.limit,
        "score": test.score,
        "cpu_ms": test.cpu_ms,
        "wall_ms": test.wall_ms,
        "memory_bytes": test.memory_bytes,
        "exit_code": test.exit_code,
        "signal": test.signal,
        "checker_message": test.checker_message,
        "judge_message": test.judge_message,
    })
}
