//! A verdict as a table.

use anstyle::{AnsiColor, Style};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};

use crate::cli::plain::{harmless, seconds, size};
use crate::contract::{Excerpt, Judgement, TestVerdict, Verdict};

/// Width where there is no terminal to ask.
const USUAL_WIDTH: u16 = 100;

/// A table with these headings, as wide as the terminal.
pub(super) fn new(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(USUAL_WIDTH);
    }
    table.set_header(
        headings
            .iter()
            .map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)),
    );
    table
}

/// Every test in a row, then what is worth to be seen, then one line that says it all.
pub(super) fn of(judgement: &Judgement) -> String {
    let mut shown = String::new();
    if !judgement.tests.is_empty() {
        let mut table = new(&["test", "verdict", "CPU", "wall", "memory", "end", "message"]);
        for test in &judgement.tests {
            table.add_row(row(test));
        }
        shown.push_str(&format!("{table}\n"));
    }
    if let Some(test) = judgement
        .tests
        .iter()
        .find(|test| !matches!(test.verdict, Verdict::Ac | Verdict::Sk))
    {
        shown.push_str(&details(test));
    }
    if let Some(message) = &judgement.message {
        shown.push_str(&format!("{}\n", harmless(message)));
    }
    shown.push_str(&summary(judgement));
    shown
}

fn row(test: &TestVerdict) -> Vec<Cell> {
    let ran = test.verdict != Verdict::Sk;
    let number = |text: String| Cell::new(if ran { text } else { String::new() }).set_alignment(CellAlignment::Right);
    vec![
        Cell::new(harmless(&test.name)),
        verdict_cell(test.verdict),
        number(seconds(test.cpu_ms)),
        number(seconds(test.wall_ms)),
        number(size(test.memory_bytes)),
        Cell::new(if ran { end(test) } else { String::new() }),
        Cell::new(harmless(test.checker_message.as_deref().unwrap_or_default())),
    ]
}

fn end(test: &TestVerdict) -> String {
    match (test.exit_code, &test.signal) {
        (_, Some(signal)) => signal.clone(),
        (Some(code), None) => format!("exit {code}"),
        (None, None) => String::new(),
    }
}

/// The code in its colour; comfy-table leaves colours out where there is no terminal.
pub(super) fn verdict_cell(verdict: Verdict) -> Cell {
    let color = match verdict {
        Verdict::Ac => Color::Green,
        Verdict::Sk => Color::DarkGrey,
        Verdict::Je => Color::Magenta,
        _ => Color::Red,
    };
    Cell::new(verdict).fg(color)
}

/// What the first failing test printed, and what it was given when it may be seen.
fn details(test: &TestVerdict) -> String {
    let mut shown = String::new();
    let parts = [
        ("input", test.input.as_ref()),
        ("expected", test.answer.as_ref()),
        ("standard output", Some(&test.stdout)),
        ("standard error", Some(&test.stderr)),
    ];
    for (what, excerpt) in parts {
        if let Some(excerpt) = excerpt.filter(|excerpt| !excerpt.text.is_empty()) {
            shown.push_str(&format!(
                "{} of {}:\n{}\n",
                what,
                harmless(&test.name),
                indented(excerpt)
            ));
        }
    }
    shown
}

fn indented(excerpt: &Excerpt) -> String {
    let mut lines: Vec<String> = harmless(&excerpt.text)
        .lines()
        .map(|line| format!("    {line}"))
        .collect();
    if excerpt.truncated {
        lines.push(format!("    ... ({} bytes in all)", excerpt.bytes));
    }
    lines.join("\n")
}

/// One line, such as `AC accepted: 12 of 12 tests, 0.080 s CPU, 9.1 MiB`.
pub(super) fn summary(judgement: &Judgement) -> String {
    let totals = &judgement.totals;
    let style = style_of(judgement.verdict);
    let score = judgement
        .score
        .map(|score| format!(", score {score}"))
        .unwrap_or_default();
    format!(
        "{style}{} {}{style:#}: {} of {} tests passed{score}, {} CPU, {}",
        judgement.verdict,
        judgement.verdict.describe(),
        totals.passed,
        totals.tests,
        seconds(totals.cpu_ms),
        size(totals.max_memory_bytes),
    )
}

fn style_of(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Ac => AnsiColor::Green,
        Verdict::Je => AnsiColor::Magenta,
        _ => AnsiColor::Red,
    };
    color.on_default().bold()
}
