//! What stands in each table.

use crate::report::tables::cells::{latency_table, ms, percent, ratio};
use crate::report::tables::{MET, MISSED, Section, services};
use crate::results::{Results, Wanted};
use assize::cli::table::Column;
use assize::cli::units::size;

/// The tables that have something to say.
pub(super) fn tables(results: &Results) -> Vec<Section> {
    let tables = [
        thresholds(results),
        latencies(results),
        services::conversations(results),
        steps(results),
        batches(results),
        spreads(results),
        backlogs(results),
        lives(results),
        idle_boxes(results),
        services::doors(results),
        services::occupancies(results),
        services::held_clients(results),
        services::costs(results),
    ];
    tables.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

fn thresholds(results: &Results) -> Section {
    let rows = results.thresholds.iter().map(|threshold| {
        let wanted = match threshold.wanted {
            Wanted::AtMost(most) => format!("at most {most}"),
            Wanted::AtLeast(least) => format!("at least {least}"),
        };
        let met = if threshold.met { MET } else { MISSED };
        vec![
            threshold.name.clone(),
            threshold.to.clone(),
            wanted,
            ratio(threshold.measured),
            met.to_owned(),
        ]
    });
    Section {
        title: "Thresholds",
        columns: vec![
            Column::Word("what"),
            Column::Word("ratio to"),
            Column::Word("wanted"),
            Column::Number("measured"),
            Column::Word("threshold"),
        ],
        rows: rows.collect(),
    }
}

fn latencies(results: &Results) -> Section {
    latency_table("Latency, one submission at a time", &results.latencies)
}

fn steps(results: &Results) -> Section {
    let rows = results.steps.iter().map(|step| {
        vec![
            step.span.clone(),
            ms(step.median_ms),
            ms(step.p95_ms),
            ratio(step.ratio),
        ]
    });
    Section {
        title: "Database and broker alone",
        columns: vec![
            Column::Word("step"),
            Column::Number("median"),
            Column::Number("p95"),
            Column::Number("plain starts"),
        ],
        rows: rows.collect(),
    }
}

fn batches(results: &Results) -> Section {
    let optional = |bytes: Option<u64>| bytes.map(size).unwrap_or_default();
    let rows = results.batches.iter().map(|batch| {
        vec![
            batch.workload.clone(),
            batch.way.clone(),
            batch.submissions.to_string(),
            format!("{:.1}", batch.per_second),
            ms(batch.cpu_ms),
            ms(batch.services_cpu_ms),
            optional(batch.worker_peak_bytes),
            optional(batch.test_peak_bytes),
        ]
    });
    Section {
        title: "In numbers, on all slots",
        columns: vec![
            Column::Word("workload"),
            Column::Word("way"),
            Column::Number("submissions"),
            Column::Number("per second"),
            Column::Number("CPU each"),
            Column::Number("services"),
            Column::Number("worker's peak"),
            Column::Number("test's peak"),
        ],
        rows: rows.collect(),
    }
}

fn spreads(results: &Results) -> Section {
    let rows = results.spreads.iter().map(|spread| {
        vec![
            spread.way.clone(),
            spread.at_once.to_string(),
            ms(spread.median_ms),
            percent(spread.off),
        ]
    });
    Section {
        title: "W4, the same second of work at once",
        columns: vec![
            Column::Word("way"),
            Column::Number("at once"),
            Column::Number("median"),
            Column::Number("against one"),
        ],
        rows: rows.collect(),
    }
}

fn backlogs(results: &Results) -> Section {
    let rows = results.backlogs.iter().map(|backlog| {
        let memory = backlog.worker_bytes.map(|(early, late)| {
            let off = late as f64 / early as f64 - 1.0;
            (size(early), format!("{} ({})", size(late), percent(off)))
        });
        let (early, late) = memory.unwrap_or_default();
        vec![
            backlog.way.clone(),
            backlog.slots.to_string(),
            backlog.submissions.to_string(),
            format!("{:.1}", backlog.per_second),
            ms(backlog.cpu_ms),
            ms(backlog.services_cpu_ms),
            early,
            late,
        ]
    });
    Section {
        title: "W6, a backlog of W2 submissions",
        columns: vec![
            Column::Word("way"),
            Column::Number("slots"),
            Column::Number("submissions"),
            Column::Number("per second"),
            Column::Number("CPU each"),
            Column::Number("services"),
            Column::Number("worker after 100"),
            Column::Number("at the end"),
        ],
        rows: rows.collect(),
    }
}

fn lives(results: &Results) -> Section {
    let rows = results.lives.iter().map(|life| {
        vec![
            life.way.clone(),
            life.runtime.clone(),
            ms(life.cpu_ms),
            ms(life.wall_ms),
            ratio(life.ratio),
        ]
    });
    Section {
        title: "A box made, started and removed",
        columns: vec![
            Column::Word("way"),
            Column::Word("runtime"),
            Column::Number("CPU"),
            Column::Number("wall"),
            Column::Number("ratio"),
        ],
        rows: rows.collect(),
    }
}

fn idle_boxes(results: &Results) -> Section {
    let rows = results.idle_boxes.iter().map(|idle| {
        vec![
            idle.way.clone(),
            idle.boxes.to_string(),
            size(idle.interpreter_bytes),
            size(idle.rest_bytes),
        ]
    });
    Section {
        title: "Memory of a box that waits",
        columns: vec![
            Column::Word("way"),
            Column::Number("boxes"),
            Column::Number("interpreter"),
            Column::Number("the rest"),
        ],
        rows: rows.collect(),
    }
}
