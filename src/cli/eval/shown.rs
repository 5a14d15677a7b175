//! A summary for people.

use comfy_table::Cell;

use crate::cli::output::escape::escape_line;
use crate::cli::table::{self, Column};
use crate::cli::units::counted;
use crate::evaluation::{Summary, TaskSummary};

/// Lines that were left out and are shown.
const LEFT_OUT_SHOWN: usize = 5;

/// The whole summary, `width` characters wide, with colours.
pub(super) fn render(summary: &Summary, by_task: bool, width: u16) -> String {
    let mut parts = Vec::new();
    if by_task {
        parts.push(tasks(&summary.by_task, width));
    }
    // Nothing is estimated where there is no answer.
    if !summary.pass_at.is_empty() {
        parts.push(estimates(summary, width));
    }
    parts.push(counts(summary));
    parts.join("\n\n")
}

fn estimates(summary: &Summary, width: u16) -> String {
    let columns = [
        Column::Word("estimate"),
        Column::Number("mean"),
        Column::Number("low"),
        Column::Number("high"),
        Column::Number("tasks"),
    ];
    let percent = |part: f64| Cell::new(format!("{:.1} %", part * 100.0));
    let row = |at: &crate::evaluation::PassAtK| {
        vec![
            Cell::new(format!("pass@{}", at.k)),
            percent(at.estimate),
            percent(at.low),
            percent(at.high),
            Cell::new(at.tasks),
        ]
    };
    let rows: Vec<_> = summary.pass_at.iter().map(row).collect();
    format!("{}\n({})", table::render(&columns, &rows, width), summary.interval)
}

fn tasks(tasks: &[TaskSummary], width: u16) -> String {
    let columns = [
        Column::Text("task"),
        Column::Number("candidates"),
        Column::Number("passed"),
        Column::Number("failed"),
        Column::Number("no answer"),
        Column::Text("verdicts"),
        Column::Note("first that failed"),
    ];
    let some = |count: u32| Cell::new(if count == 0 { String::new() } else { count.to_string() });
    let row = |task: &TaskSummary| {
        vec![
            table::text(&task.task_id),
            Cell::new(task.candidates),
            Cell::new(task.passed),
            some(task.failed),
            some(task.no_answer),
            table::text(&listed(&task.verdicts)),
            table::text(task.message.as_deref().unwrap_or_default()),
        ]
    };
    let rows: Vec<_> = tasks.iter().map(row).collect();
    table::render(&columns, &rows, width)
}

fn listed(verdicts: &std::collections::BTreeMap<String, u32>) -> String {
    let each = verdicts.iter().map(|(verdict, count)| format!("{verdict} {count}"));
    each.collect::<Vec<_>>().join(", ")
}

fn counts(summary: &Summary) -> String {
    let mut lines = vec![format!(
        "{} for {} of {}: {} passed, {} failed, {} without an answer",
        counted(summary.candidates as usize, "candidate"),
        summary.tasks_with_candidates,
        counted(summary.tasks, "task"),
        summary.passed,
        summary.failed,
        summary.no_answer,
    )];
    if let Some(first) = &summary.first_without_answer {
        lines.push(format!("no answer: {}", escape_line(first)));
    }
    if !summary.verdicts.is_empty() {
        lines.push(format!("verdicts: {}", listed(&summary.verdicts)));
    }
    if !summary.left_out.is_empty() {
        lines.push(format!("left out: {}", counted(summary.left_out.len(), "bad line")));
        let shown = summary.left_out.iter().take(LEFT_OUT_SHOWN);
        lines.extend(shown.map(|line| format!("  {}", escape_line(line))));
    }
    lines.push(format!("results: {}", escape_line(&summary.results)));
    lines.join("\n")
}
