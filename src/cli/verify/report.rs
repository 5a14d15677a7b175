//! The outcome, for people.

use std::collections::BTreeSet;
use std::process::ExitCode;

use comfy_table::{Cell, Color};

use crate::cli::output::escape::escape_line;
use crate::cli::table::{self, Column};
use crate::cli::units::{counted, seconds};
use crate::cli::verify::data_report::DataReport;
use crate::cli::verify::groups;
use crate::cli::verify::outcome::PackageReport;
use crate::cli::verify::row::{Outcome, Row};
use crate::contract::{Excerpt, Judgement, LimitKind, TestVerdict, Verdict};

const BOLD: anstyle::Style = anstyle::Style::new().bold();
const COLUMNS: [Column<'static>; 8] = [
    Column::Text("submission"),
    Column::Text("expected"),
    Column::Word("verdict"),
    Column::Number("score"),
    Column::Number("CPU"),
    Column::Number("wall"),
    Column::Word("result"),
    Column::Note("why"),
];

/// Characters of a line of output that are quoted.
const QUOTED: usize = 60;

/// A table of one package, `width` characters wide, with colours.
pub(super) fn table(report: &PackageReport, width: u16) -> String {
    let mut lines = vec![format!("{BOLD}{}{BOLD:#}", escape_line(&report.name))];
    let mut add_line = |mark: &str, text: &str| lines.push(format!("  {mark}{}", escape_line(text)));
    if let Some(reason) = &report.broken {
        add_line("cannot be used: ", reason);
    }
    for error in &report.errors {
        add_line("error: ", error);
    }
    for warning in &report.warnings {
        add_line("warning: ", warning);
    }
    for reason in not_built(&report.rows) {
        add_line("skipped: ", reason);
    }
    if let Some(line) = report.data.as_ref().and_then(DataReport::line) {
        add_line("", &line);
    }
    if let Some(limit) = report.limit.as_ref().filter(|_| !report.rows.is_empty()) {
        add_line("", &limit.line());
    }
    if !report.rows.is_empty() {
        let rows: Vec<_> = report.rows.iter().map(cells).collect();
        lines.push(table::render(&COLUMNS, &rows, width));
        lines.extend(groups::tables(report, width));
    }
    if report.interrupted {
        lines.push("  interrupted: not all submissions were judged".to_owned());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn cells(row: &Row) -> Vec<Cell> {
    let (verdict, score, why) = match &row.outcome {
        Outcome::Judged {
            judgement, complaint, ..
        } => (
            table::verdict(judgement.verdict),
            judgement.score.map(|score| score.to_string()).unwrap_or_default(),
            match complaint {
                Some(complaint) => explained(complaint, judgement),
                None if row.expects => String::new(),
                None => "nothing is expected of it".to_owned(),
            },
        ),
        Outcome::Skipped(reason) => (Cell::new("skipped"), String::new(), reason.clone()),
        Outcome::Failed(reason) => (Cell::new("failed"), String::new(), reason.clone()),
        Outcome::NotBuilt { environment, .. } => (Cell::new("skipped"), String::new(), not_installed(environment)),
        Outcome::NoEnvironment(name) => (Cell::new("failed"), String::new(), not_installed(name)),
    };
    let mark = match row.ok() {
        Some(true) => Cell::new("ok").fg(Color::Green),
        Some(false) => Cell::new("NOT OK").fg(Color::Red),
        None => Cell::new("-"),
    };
    let time = |ms: Option<u64>| ms.map(seconds).unwrap_or_default();
    vec![
        table::text(&row.name),
        table::text(&row.expected.join(" or ")),
        verdict,
        score.into(),
        time(row.max_cpu_ms()).into(),
        time(row.max_wall_ms()).into(),
        mark,
        table::text(&why),
    ]
}

/// Why submissions were skipped whose environment was not asked for, and what to do about it: once, and not in every row.
fn not_built(rows: &[Row]) -> BTreeSet<&str> {
    rows.iter()
        .filter_map(|row| match &row.outcome {
            Outcome::NotBuilt { reason, .. } => Some(reason.as_str()),
            _ => None,
        })
        .collect()
}

fn not_installed(environment: &str) -> String {
    format!("the environment {environment} is not installed")
}

/// The complaint, and the message of the first failing test.
fn explained(complaint: &str, judgement: &Judgement) -> String {
    let failing = |test: &&TestVerdict| !matches!(test.verdict, Verdict::Ac | Verdict::Sk | Verdict::Je);
    let mut parts = vec![ends_of(complaint)];
    if judgement.verdict == Verdict::Ce {
        parts.extend(judgement.message.as_deref().map(ends_of));
    }
    parts.extend(judgement.tests.iter().find(failing).map(test_message));
    parts.join("; ")
}

/// Such as `sample/1: WA, line 1: expected "3", got "-1"; the validator: wrong answer`.
fn test_message(test: &TestVerdict) -> String {
    let mut message = format!("{}: {}", test.name, test.verdict);
    match test.limit {
        Some(LimitKind::Cpu) => message.push_str(&format!(" at {} of CPU", seconds(test.cpu_ms))),
        Some(LimitKind::Wall) => message.push_str(&format!(" at {} on the wall", seconds(test.wall_ms))),
        Some(LimitKind::Memory | LimitKind::Output) | None => {}
    }
    if let (Verdict::Wa, Some(answer)) = (test.verdict, &test.answer) {
        message.push_str(&difference(answer, &test.stdout));
    }
    if test.verdict == Verdict::Rte
        && let Some(line) = last_line(&test.stderr.text)
    {
        message.push_str(&format!(", {}", quoted(line)));
    }
    if let Some(line) = test.judge_message.as_deref().and_then(last_line) {
        message.push_str(&format!("; the validator: {}", line.trim()));
    }
    message
}

/// The first line that differs from the answer.
fn difference(answer: &Excerpt, output: &Excerpt) -> String {
    let (mut wanted, mut got) = (answer.text.lines(), output.text.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (wanted.next(), got.next()) {
            (None, None) => return String::new(),
            (wanted, got) if wanted.map(str::trim_end) == got.map(str::trim_end) => {}
            (wanted, got) => {
                let shown = |line: Option<&str>| line.map_or("nothing".to_owned(), quoted);
                return format!(", line {number}: expected {}, got {}", shown(wanted), shown(got));
            }
        }
    }
}

fn quoted(line: &str) -> String {
    let cut: String = line.chars().take(QUOTED).collect();
    if cut.len() < line.len() {
        format!("{cut:?}…")
    } else {
        format!("{cut:?}")
    }
}

/// The first and the last line of a long text, since the end of a traceback holds the error.
fn ends_of(text: &str) -> String {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default().trim();
    match lines.next_back() {
        None => first.to_owned(),
        Some(last) => {
            let first = first.trim_end_matches("Traceback (most recent call last):").trim_end();
            format!("{} {}", first, last.trim()).trim().to_owned()
        }
    }
}

fn last_line(text: &str) -> Option<&str> {
    text.lines().rev().find(|line| !line.trim().is_empty())
}

/// One line over all packages.
pub(super) fn summary(reports: &[PackageReport]) -> String {
    let rows = || reports.iter().flat_map(|report| &report.rows);
    let of = |wanted: Option<bool>| rows().filter(|row| row.ok() == wanted).count();
    let sum = |part: fn(&PackageReport) -> usize| reports.iter().map(part).sum::<usize>();
    let mut parts = vec![
        format!("{} as expected", counted(of(Some(true)), "submission")),
        format!("{} not", of(Some(false))),
        format!("{} skipped or with nothing expected", of(None)),
    ];
    for (count, what) in [
        (sum(|report| report.errors.len()), "error"),
        (sum(|report| report.warnings.len()), "warning"),
    ] {
        parts.extend((count > 0).then(|| counted(count, what)));
    }
    let broken = sum(|report| usize::from(report.broken.is_some()));
    parts.extend((broken > 0).then(|| format!("{} cannot be used", counted(broken, "package"))));
    format!("{}: {}", counted(reports.len(), "package"), parts.join(", "))
}

/// 0 when all agree; 2 for a broken package, 3 for a judge error, 1 for any other disagreement.
pub(super) fn exit_code(reports: &[PackageReport], strict: bool) -> ExitCode {
    let mut rows = reports.iter().flat_map(|report| &report.rows);
    if reports.iter().any(|report| report.broken.is_some()) {
        ExitCode::from(2)
    } else if rows.any(Row::is_a_judge_error) || reports.iter().any(PackageReport::judge_failed_on_data) {
        ExitCode::from(3)
    } else if reports.iter().all(|report| report.is_ok(strict)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_traceback_the_last_line_is_told() {
        let rows = [
            ("one line", "one line"),
            (
                "it ended with exit code 1; Traceback (most recent call last):\n  File \"a.py\"\nValueError: no\n\n",
                "it ended with exit code 1; ValueError: no",
            ),
            (
                "Traceback (most recent call last):\n  x\nValueError: no",
                "ValueError: no",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(ends_of(text), expected);
        }
    }

    #[test]
    fn the_first_line_that_differs_is_told() {
        let excerpt = |text: &str| Excerpt {
            text: text.to_owned(),
            ..Excerpt::default()
        };
        let rows = [
            ("1\n2\n", "1\n3\n", ", line 2: expected \"2\", got \"3\""),
            ("1\n2\n", "1\n", ", line 2: expected \"2\", got nothing"),
            ("1\n", "1 \n", ""),
        ];
        for (answer, output, expected) in rows {
            assert_eq!(difference(&excerpt(answer), &excerpt(output)), expected);
        }
    }
}
