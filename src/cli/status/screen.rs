//! The status as text: two tables and a few sentences, on one screen.

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, Color};

use crate::cli::output::escape::escape_line;
use crate::cli::status::document::{QueueLine, StatusDocument, WorkerLine};
use crate::cli::status::totals::{Totals, WorkerState};
use crate::cli::table::{self, Column};
use crate::cli::units::{counted, roughly};

/// Workers that are shown one by one: those that need a person come first.
const MOST_WORKERS: usize = 24;

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Everything, for a terminal of this width.
pub(super) fn shown(status: &StatusDocument, width: u16) -> String {
    let mut parts = Vec::new();
    parts.extend(status.queues.as_deref().map(|queues| of_queues(queues, width)));
    if let Some(workers) = status.workers.as_deref().filter(|workers| !workers.is_empty()) {
        parts.push(of_workers(workers, width));
    }
    let mut lines = in_words(&status.totals);
    lines.extend(status.advice.iter().map(|advice| escape_line(advice)));
    let errors = status.errors.iter();
    lines.extend(errors.map(|error| format!("{ERROR}error{ERROR:#}: {}", escape_line(error))));
    let wrapped = lines.iter().map(|line| textwrap::fill(line, usize::from(width)));
    parts.push(wrapped.collect::<Vec<_>>().join("\n"));
    parts.join("\n\n")
}

fn of_queues(queues: &[QueueLine], width: u16) -> String {
    let columns = [
        Column::Text("queue"),
        Column::Word("for"),
        Column::Number("waiting"),
        Column::Number("consumers"),
    ];
    let rows: Vec<_> = queues.iter().map(row_of_a_queue).collect();
    table::render(&columns, &rows, width)
}

fn row_of_a_queue(queue: &QueueLine) -> Vec<Cell> {
    let waiting = match queue.waiting {
        None => Cell::new("not there").fg(Color::Magenta),
        Some(waiting @ 1..) if queue.purpose == "dead" => Cell::new(waiting).fg(Color::Red),
        Some(waiting) => Cell::new(waiting),
    };
    let consumers = queue.consumers.map(|count| count.to_string()).unwrap_or_default();
    vec![
        table::text(&queue.name),
        Cell::new(queue.purpose),
        waiting,
        Cell::new(consumers),
    ]
}

fn of_workers(workers: &[WorkerLine], width: u16) -> String {
    let columns = [
        Column::Text("worker"),
        Column::Word("state"),
        Column::Number("slots"),
        Column::Number("in hand"),
        Column::Number("waited"),
        Column::Number("heard"),
        Column::Number("up"),
        Column::Word("version"),
        Column::Note("trouble"),
    ];
    let rows: Vec<_> = workers.iter().take(MOST_WORKERS).map(row_of_a_worker).collect();
    let table = table::render(&columns, &rows, width);
    match workers.len().saturating_sub(MOST_WORKERS) {
        0 => table,
        more => format!("{table}\n… and {}; --json shows all", counted(more, "more worker")),
    }
}

fn row_of_a_worker(worker: &WorkerLine) -> Vec<Cell> {
    let color = match worker.state {
        WorkerState::Ready => Color::Green,
        WorkerState::NotReady => Color::Red,
        WorkerState::Silent => Color::Magenta,
    };
    vec![
        table::text(&worker.id),
        Cell::new(worker.state.name()).fg(color),
        Cell::new(worker.slots),
        Cell::new(worker.in_hand),
        Cell::new(worker.waited_s.map(roughly).unwrap_or_default()),
        Cell::new(format!("{} ago", roughly(worker.silent_s))),
        Cell::new(roughly(worker.up_s)),
        table::text(&worker.version),
        table::text(worker.trouble.as_deref().unwrap_or_default()),
    ]
}

/// The figures of all workers; none where the database does not answer.
fn in_words(totals: &Totals) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(workers), Some(slots), Some(in_hand)) = (totals.workers, totals.slots, totals.in_hand) {
        let fit = workers - totals.not_ready.unwrap_or(0) - totals.silent.unwrap_or(0);
        lines.push(format!(
            "{fit} of {} ready: {}, {} in hand",
            if workers == 1 {
                "1 worker is".to_owned()
            } else {
                format!("{workers} workers are")
            },
            counted(as_usize(slots), "slot"),
            counted(as_usize(in_hand), "submission"),
        ));
    }
    if let Some(judged) = totals.judged {
        let mean = totals.mean_s.map(|mean| format!(", {mean:.1} s each"));
        let lag = totals
            .lag_s
            .map(|lag| format!("; the latest had waited {}", roughly(lag)));
        lines.push(format!(
            "{judged} judged in the last 10 minutes{}{}",
            mean.unwrap_or_default(),
            lag.unwrap_or_default()
        ));
    }
    lines
}

fn as_usize(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
