//! What came out, for people and for programs.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::{Cell, Color};
use serde_json::{Value, json};

use crate::cli::escape::escape;
use crate::cli::table::{self, Column};
use crate::cli::units::seconds;
use crate::contract::{Judgement, Verdict};
use crate::problem::{ExampleSubmission, Package, TimeLimit};

const BOLD: anstyle::Style = anstyle::Style::new().bold();
const COLUMNS: [Column; 7] = [
    Column::Text("submission"),
    Column::Text("expected"),
    Column::Word("verdict"),
    Column::Number("score"),
    Column::Number("slowest"),
    Column::Word("result"),
    Column::Text("why"),
];

/// One package.
pub(super) struct PackageReport {
    name: String,
    /// The derived limit and the CPU time of the slowest accepted submission, in milliseconds.
    derived: Option<(Duration, u64)>,
    warnings: Vec<String>,
    rows: Vec<Row>,
    broken: Option<String>,
}

/// One submission.
pub(super) struct Row {
    pub(super) name: String,
    language: Option<String>,
    expected: Vec<String>,
    outcome: Outcome,
}

/// What came out for a submission.
pub(super) enum Outcome {
    /// It has a verdict, and perhaps not the expected one.
    Judged {
        judgement: Box<Judgement>,
        complaint: Option<String>,
    },
    /// It was not judged, and that is no failure.
    Skipped(String),
    /// It could not be judged.
    Failed(String),
}

impl Row {
    pub(super) fn of(example: &ExampleSubmission, outcome: Outcome) -> Self {
        let expected = example
            .expectation
            .as_ref()
            .map(|expected| expected.shown.clone())
            .unwrap_or_default();
        Self {
            name: example.name.clone(),
            language: example.language.clone(),
            expected,
            outcome,
        }
    }

    /// CPU time of its slowest test.
    pub(super) fn max_cpu_ms(&self) -> Option<u64> {
        match &self.outcome {
            Outcome::Judged { judgement, .. } => Some(judgement.totals.max_cpu_ms),
            Outcome::Skipped(_) | Outcome::Failed(_) => None,
        }
    }

    /// Whether it agrees; `None` when it was not judged.
    fn ok(&self) -> Option<bool> {
        match &self.outcome {
            Outcome::Judged { complaint, .. } => Some(complaint.is_none()),
            Outcome::Failed(_) => Some(false),
            Outcome::Skipped(_) => None,
        }
    }
}

impl PackageReport {
    pub(super) fn of(package: &Package, derived: Option<(Duration, u64)>, rows: Vec<Row>) -> Self {
        let mut warnings: Vec<String> = package.warnings.iter().map(ToString::to_string).collect();
        if derived.is_none() && matches!(package.limits.time, TimeLimit::Derived { .. }) {
            let message =
                "no submission was judged that the time limit could be derived from; limits.default.cpu_ms holds";
            warnings.push(message.to_owned());
        }
        if rows.iter().all(|row| row.ok().is_none()) {
            warnings.push("no submission could be judged".to_owned());
        }
        Self {
            name: package.id.clone(),
            derived,
            warnings,
            rows,
            broken: None,
        }
    }

    pub(super) fn broken(path: &Path, reason: String) -> Self {
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        Self {
            name,
            derived: None,
            warnings: Vec::new(),
            rows: Vec::new(),
            broken: Some(reason),
        }
    }
}

/// A table of one package, `width` characters wide, with colours.
pub(super) fn table(report: &PackageReport, width: u16) -> String {
    let mut lines = vec![format!("{BOLD}{}{BOLD:#}", escape(&report.name))];
    lines.extend(
        report
            .broken
            .iter()
            .map(|reason| format!("  cannot be used: {}", escape(reason))),
    );
    lines.extend(
        report
            .warnings
            .iter()
            .map(|warning| format!("  warning: {}", escape(warning))),
    );
    if let Some((limit, slowest)) = report.derived {
        let limit = limit.as_secs_f64();
        let slowest = seconds(slowest);
        lines.push(format!(
            "  time limit {limit} s, from the slowest submission that has to be fast enough ({slowest})"
        ));
    }
    if !report.rows.is_empty() {
        let rows: Vec<_> = report.rows.iter().map(cells).collect();
        lines.push(table::render(&COLUMNS, &rows, width));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn cells(row: &Row) -> Vec<Cell> {
    let (verdict, score, slowest, why) = match &row.outcome {
        Outcome::Judged { judgement, complaint } => (
            table::verdict(judgement.verdict),
            judgement.score.map(|score| score.to_string()).unwrap_or_default(),
            seconds(judgement.totals.max_cpu_ms),
            complaint.clone().unwrap_or_default(),
        ),
        Outcome::Skipped(reason) => (Cell::new("skipped"), String::new(), String::new(), reason.clone()),
        Outcome::Failed(reason) => (Cell::new("failed"), String::new(), String::new(), reason.clone()),
    };
    let mark = match row.ok() {
        Some(true) => Cell::new("ok").fg(Color::Green),
        Some(false) => Cell::new("NOT OK").fg(Color::Red),
        None => Cell::new("-"),
    };
    let expected = row.expected.join(" or ");
    let why = why.lines().next().unwrap_or_default().to_owned();
    vec![
        table::plain(&row.name),
        table::plain(&expected),
        verdict,
        score.into(),
        slowest.into(),
        mark,
        table::plain(&why),
    ]
}

/// One line over all packages.
pub(super) fn summary(reports: &[PackageReport]) -> String {
    let rows = || reports.iter().flat_map(|report| &report.rows);
    let count = |wanted: Option<bool>| rows().filter(|row| row.ok() == wanted).count();
    let broken = reports.iter().filter(|report| report.broken.is_some()).count();
    let broken = if broken == 0 {
        String::new()
    } else {
        format!(", {} cannot be used", packages(broken))
    };
    format!(
        "{}: {} submissions as expected, {} not, {} skipped{broken}",
        packages(reports.len()),
        count(Some(true)),
        count(Some(false)),
        count(None),
    )
}

fn packages(count: usize) -> String {
    if count == 1 {
        "1 package".to_owned()
    } else {
        format!("{count} packages")
    }
}

/// The report for programs.
pub(super) fn json(reports: &[PackageReport]) -> Value {
    let packages: Vec<Value> = reports.iter().map(package_json).collect();
    json!({ "packages": packages })
}

fn package_json(report: &PackageReport) -> Value {
    json!({
        "package": report.name,
        "error": report.broken,
        "warnings": report.warnings,
        "derived_time_limit": report.derived.map(|(limit, _)| limit.as_secs_f64()),
        "submissions": report.rows.iter().map(row_json).collect::<Vec<_>>(),
    })
}

fn row_json(row: &Row) -> Value {
    let (verdict, score, skipped, reason) = match &row.outcome {
        Outcome::Judged { judgement, complaint } => {
            (Some(judgement.verdict), judgement.score, None, complaint.as_deref())
        }
        Outcome::Skipped(reason) => (None, None, Some(reason.as_str()), None),
        Outcome::Failed(reason) => (None, None, None, Some(reason.as_str())),
    };
    json!({
        "path": format!("submissions/{}", row.name),
        "language": row.language,
        "expected": row.expected,
        "verdict": verdict,
        "score": score,
        "ok": row.ok(),
        "skipped_reason": skipped,
        "reason": reason,
    })
}

/// 0 when all agree; 2 for a broken package, 3 for a judge error, 1 for any other disagreement.
pub(super) fn exit_code(reports: &[PackageReport]) -> ExitCode {
    let judge_error = |row: &Row| match &row.outcome {
        Outcome::Judged { judgement, .. } => judgement.verdict == Verdict::Je,
        Outcome::Skipped(_) | Outcome::Failed(_) => false,
    };
    let mut rows = reports.iter().flat_map(|report| &report.rows);
    if reports.iter().any(|report| report.broken.is_some()) {
        ExitCode::from(2)
    } else if rows.clone().any(judge_error) {
        ExitCode::from(3)
    } else if rows.any(|row| row.ok() == Some(false)) {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}
