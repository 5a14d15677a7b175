//! The results on a terminal.

use assize::cli::table::{self, Column, render};

use crate::results::{Drain, Idle, Purge, Results, Start, Statement};

const MIB: f64 = 1024.0 * 1024.0;
const KIB: f64 = 1024.0;

/// Statements of a span that are shown.
const STATEMENTS: usize = 6;

/// A table with its heading.
struct Section {
    title: &'static str,
    columns: Vec<Column<'static>>,
    rows: Vec<Vec<String>>,
}

/// Everything, in tables of this width.
pub(crate) fn of(results: &Results, width: u16) -> String {
    let sections = [
        starts(&results.starts),
        idle(&results.idle),
        drains(&results.drains),
        costs(&results.drains),
        statements(
            "Statements of the last drain",
            results.drains.last().map(|drain| &drain.statements),
        ),
        statements(
            "Statements of the last idle workers",
            results.idle.last().map(|idle| &idle.statements),
        ),
        purge(&results.purge),
    ];
    let tables = sections.into_iter().filter(|section| !section.rows.is_empty());
    let tables = tables.map(|section| {
        let rows: Vec<_> = section
            .rows
            .iter()
            .map(|row| row.iter().map(|text| table::text(text)).collect())
            .collect();
        format!("{}\n\n{}\n", section.title, render(&section.columns, &rows, width))
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn numbers(first: &'static str, names: &[&'static str]) -> Vec<Column<'static>> {
    let rest = names.iter().map(|name| Column::Number(name));
    std::iter::once(Column::Word(first)).chain(rest).collect()
}

fn starts(starts: &[Start]) -> Section {
    Section {
        title: "All workers are started at once",
        columns: numbers("workers", &["all ready after"]),
        rows: starts
            .iter()
            .map(|start| vec![start.workers.to_string(), format!("{:.1} s", start.seconds)])
            .collect(),
    }
}

fn idle(idle: &[Idle]) -> Section {
    let row = |idle: &Idle| {
        vec![
            format!("{} x {}", idle.workers, idle.slots),
            format!("{:.0}", idle.broker_connections),
            format!("{:.0}", idle.channels),
            format!("{:.0} MiB", idle.broker_bytes / MIB),
            format!("{:.0}", idle.database_connections),
            format!("{:.2}", idle.broker_cpus),
            format!("{:.2}", idle.database_cpus),
            format!("{:.2}", idle.worker_cpus),
            format!("{:.0}", idle.statements_per_s),
        ]
    };
    Section {
        title: "Without work: connections, and CPUs that are busy",
        columns: numbers(
            "workers",
            &[
                "AMQP",
                "channels",
                "RabbitMQ",
                "SQL",
                "CPUs RabbitMQ",
                "CPUs PostgreSQL",
                "CPUs workers",
                "statements/s",
            ],
        ),
        rows: idle.iter().map(row).collect(),
    }
}

fn drains(drains: &[Drain]) -> Section {
    let row = |drain: &Drain| {
        let verdicts = drain.verdicts.iter().map(|(code, count)| format!("{code} {count}"));
        vec![
            format!("{} x {}", drain.workers, drain.slots),
            drain.submissions.to_string(),
            format!("{:.0}", drain.per_s),
            format!("{:.0}", drain.database_connections_in_all),
            drain.repeated.to_string(),
            verdicts.collect::<Vec<_>>().join(", "),
        ]
    };
    Section {
        title: "A full queue",
        columns: numbers("workers", &["submissions", "a second", "SQL", "repeated", "verdicts"]),
        rows: drains.iter().map(row).collect(),
    }
}

fn costs(drains: &[Drain]) -> Section {
    let row = |drain: &Drain| {
        vec![
            format!("{} x {}", drain.workers, drain.slots),
            format!("{:.2} ms", drain.broker_cpu_ms),
            format!("{:.2} ms", drain.database_cpu_ms),
            format!("{:.2} ms", drain.worker_cpu_ms),
            format!("{:.1} / {:.1}", drain.received, drain.delivered),
            format!("{:.1}", drain.transactions),
            format!("{:.1}", drain.statements_each),
            format!("{:.1} KiB", drain.wal_bytes / KIB),
            format!("{:.1} KiB", drain.table_bytes / KIB),
        ]
    };
    Section {
        title: "What each submission costs: CPU time, messages, transactions, bytes",
        columns: numbers(
            "workers",
            &[
                "RabbitMQ",
                "PostgreSQL",
                "workers",
                "messages in / out",
                "transactions",
                "statements",
                "WAL",
                "tables",
            ],
        ),
        rows: drains.iter().map(row).collect(),
    }
}

fn statements(title: &'static str, statements: Option<&Vec<Statement>>) -> Section {
    let row = |statement: &Statement| {
        vec![
            format!("{:.0}", statement.calls),
            format!("{:.3} ms", statement.total_ms / statement.calls.max(1.0)),
            format!("{:.0} ms", statement.total_ms),
            statement.query.clone(),
        ]
    };
    Section {
        title,
        columns: vec![
            Column::Number("calls"),
            Column::Number("each"),
            Column::Number("together"),
            Column::Note("statement"),
        ],
        rows: statements.into_iter().flatten().take(STATEMENTS).map(row).collect(),
    }
}

fn purge(purge: &Purge) -> Section {
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let per_s = purge.submissions as f64 / purge.seconds.max(1e-3);
    Section {
        title: "What was stored is removed",
        columns: numbers(
            "submissions",
            &["seconds", "a second", "the first tenth", "the last tenth"],
        ),
        rows: vec![vec![
            purge.submissions.to_string(),
            format!("{:.1}", purge.seconds),
            format!("{per_s:.0}"),
            format!("{:.2} s", purge.first_tenth_s),
            format!("{:.2} s", purge.last_tenth_s),
        ]],
    }
}
