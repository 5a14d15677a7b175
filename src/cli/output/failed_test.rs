//! A test that failed, for people: what it was given, what was expected, and what the program made of it.

use anstyle::Style;

use crate::cli::output::escape::{escape, escape_line};
use crate::cli::units::size;
use crate::contract::{Excerpt, TestVerdict};

/// Lines of an input or output that are shown.
const LINES_AT_MOST: usize = 12;
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// What a test was given where it may be seen, and what the program made of it.
pub(super) fn details(test: &TestVerdict, width: u16) -> String {
    let mut shown = vec![format!("{BOLD}{}{BOLD:#}", escape_line(&test.name))];
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
    match &test.value {
        None => part("got", first_lines(&test.stdout)),
        Some(value) => {
            part("got", first_lines(value));
            if !test.stdout.text.is_empty() {
                part("printed", first_lines(&test.stdout));
            }
        }
    }
    if !test.stderr.text.is_empty() {
        part("standard error", last_lines(&test.stderr));
    }
    if let Some(message) = &test.judge_message {
        part(
            "for judges",
            escape(message).lines().take(LINES_AT_MOST).map(str::to_owned).collect(),
        );
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
    let mut lines: Vec<String> = escape(&excerpt.text).lines().map(str::to_owned).collect();
    if lines.len() > LINES_AT_MOST || excerpt.truncated {
        lines.truncate(LINES_AT_MOST);
        lines.push(format!("... {} in all", size(excerpt.bytes)));
    }
    if lines.is_empty() {
        lines.push("(nothing)".to_owned());
    }
    lines
}

/// The last lines, since the end of a traceback holds the error.
fn last_lines(excerpt: &Excerpt) -> Vec<String> {
    let text = escape(&excerpt.text);
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(LINES_AT_MOST);
    let dots = (from > 0).then(|| format!("... {} in all", size(excerpt.bytes)));
    let last = lines.into_iter().skip(from).map(str::to_owned);
    dots.into_iter().chain(last).collect()
}
