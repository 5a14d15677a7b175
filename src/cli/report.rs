//! A verdict for people: the tests that ran, what the failing ones were given and said, and one line that says it all.

use anstyle::{AnsiColor, Style};
use anyhow::anyhow;
use comfy_table::Cell;

use crate::cli::plain::{harmless, seconds, size};
use crate::cli::table::{self, Column};
use crate::cli::{Failure, print};
use crate::contract::{Excerpt, Judgement, TestVerdict, Verdict};

/// Failing samples that are shown in full.
const DETAILS_AT_MOST: usize = 3;
/// Lines of an input or output that are shown.
const LINES_AT_MOST: usize = 12;
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Prints a verdict, as JSON or for people; a judge error is a failure of ours.
pub(super) fn show(judgement: &Judgement, json: bool) -> Result<(), Failure> {
    if json {
        print::json(judgement)?;
    } else {
        print::text(&render(judgement, print::width()))?;
    }
    if judgement.verdict == Verdict::Je {
        let reason = judgement.message.as_deref().unwrap_or("no reason is given");
        return Err(Failure::ours(anyhow!(
            "the judge failed, the submission did not: {reason}"
        )));
    }
    Ok(())
}

/// The whole report, `width` characters wide, with colours.
pub(super) fn render(judgement: &Judgement, width: u16) -> String {
    let ran: Vec<&TestVerdict> = judgement
        .tests
        .iter()
        .filter(|test| test.verdict != Verdict::Sk)
        .collect();
    let mut parts = Vec::new();
    if !ran.is_empty() {
        parts.push(tests(&ran, width));
    }
    if !judgement.groups.is_empty() {
        parts.push(groups(judgement, width));
    }
    parts.extend(worth_showing(&ran).into_iter().map(|test| details(test, width)));
    // A judge error is told on standard error.
    if let Some(message) = judgement.message.as_ref().filter(|_| judgement.verdict != Verdict::Je) {
        parts.push(harmless(message.trim_end()));
    }
    parts.push(summary(judgement));
    parts.join("\n\n")
}

fn tests(ran: &[&TestVerdict], width: u16) -> String {
    let columns = [
        Column::Text("test"),
        Column::Text("verdict"),
        Column::Number("score"),
        Column::Number("CPU"),
        Column::Number("wall"),
        Column::Number("memory"),
        Column::Text("end"),
        Column::Text("message"),
    ];
    let rows: Vec<_> = ran.iter().map(|test| row(test)).collect();
    table::render(&columns, &rows, width)
}

fn row(test: &TestVerdict) -> Vec<Cell> {
    vec![
        table::plain(&test.name),
        table::verdict(test.verdict),
        points(test.score),
        Cell::new(seconds(test.cpu_ms)),
        Cell::new(seconds(test.wall_ms)),
        Cell::new(size(test.memory_bytes)),
        table::plain(&end(test)),
        table::plain(test.checker_message.as_deref().unwrap_or_default().trim()),
    ]
}

fn groups(judgement: &Judgement, width: u16) -> String {
    let columns = [Column::Text("group"), Column::Text("verdict"), Column::Number("score")];
    let rows: Vec<_> = judgement
        .groups
        .iter()
        .map(|group| {
            vec![
                table::plain(&group.name),
                table::verdict(group.verdict),
                points(group.score),
            ]
        })
        .collect();
    table::render(&columns, &rows, width)
}

fn points(score: Option<f64>) -> Cell {
    Cell::new(score.map(|score| score.to_string()).unwrap_or_default())
}

/// How a run ended, unless it ended well.
fn end(test: &TestVerdict) -> String {
    match (test.exit_code, &test.signal) {
        (_, Some(signal)) => signal.clone(),
        (Some(0) | None, None) => String::new(),
        (Some(code), None) => format!("exit {code}"),
    }
}

/// The failing samples; without one, the first failing test.
fn worth_showing<'a>(ran: &[&'a TestVerdict]) -> Vec<&'a TestVerdict> {
    let failing = || ran.iter().copied().filter(|test| test.verdict != Verdict::Ac);
    let samples: Vec<_> = failing().filter(|test| test.sample).take(DETAILS_AT_MOST).collect();
    if samples.is_empty() {
        failing().take(1).collect()
    } else {
        samples
    }
}

/// What a test was given where it may be seen, and what the program made of it.
fn details(test: &TestVerdict, width: u16) -> String {
    let mut shown = vec![format!("{BOLD}{}{BOLD:#}", harmless(&test.name))];
    let mut part = |title: &str, lines: Vec<String>| {
        shown.push(format!("  {title}"));
        shown.extend(lines.iter().map(|line| format!("    {}", cut(line, width))));
    };
    if let Some(input) = &test.input {
        part("input", first_lines(input));
    }
    if let Some(answer) = &test.answer {
        part("expected", first_lines(answer));
    }
    part("got", first_lines(&test.stdout));
    if !test.stderr.text.is_empty() {
        part("standard error", last_lines(&test.stderr));
    }
    shown.join("\n")
}

/// What fits on a line behind its indentation.
fn cut(line: &str, width: u16) -> String {
    let fits = usize::from(width.saturating_sub(5).max(20));
    match line.char_indices().nth(fits) {
        Some((end, _)) => format!("{}{DIM}…{DIM:#}", &line[..end]),
        None => line.to_owned(),
    }
}

fn first_lines(excerpt: &Excerpt) -> Vec<String> {
    let mut lines: Vec<String> = harmless(&excerpt.text).lines().map(str::to_owned).collect();
    if lines.len() > LINES_AT_MOST || excerpt.truncated {
        lines.truncate(LINES_AT_MOST);
        lines.push(format!("... {} in all", size(excerpt.bytes)));
    }
    if lines.is_empty() {
        lines.push("(nothing)".to_owned());
    }
    lines
}

/// The end of a traceback says what happened.
fn last_lines(excerpt: &Excerpt) -> Vec<String> {
    let text = harmless(&excerpt.text);
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(LINES_AT_MOST);
    let dots = (from > 0).then(|| format!("... {} in all", size(excerpt.bytes)));
    let last = lines.into_iter().skip(from).map(str::to_owned);
    dots.into_iter().chain(last).collect()
}

/// One line, such as `AC accepted  12/12 tests  0.080 s CPU  9.1 MiB`.
fn summary(judgement: &Judgement) -> String {
    let totals = &judgement.totals;
    let style = style_of(judgement.verdict);
    let mut said = vec![format!(
        "{style}{} {}{style:#}",
        judgement.verdict,
        judgement.verdict.describe()
    )];
    said.extend(judgement.score.map(|score| format!("score {score}")));
    if totals.tests > totals.skipped {
        said.push(format!("{}/{} tests", totals.passed, totals.tests));
        said.push(format!("{} CPU", seconds(totals.cpu_ms)));
        said.push(size(totals.max_memory_bytes));
    }
    said.extend((totals.skipped > 0).then(|| format!("{DIM}{} not run{DIM:#}", totals.skipped)));
    said.join("  ")
}

fn style_of(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Ac => AnsiColor::Green,
        Verdict::Je => AnsiColor::Magenta,
        _ => AnsiColor::Red,
    };
    color.on_default().bold()
}
