//! What stands in each table.

use crate::cli::bench::figures::{Figures, Wanted};
use crate::cli::bench::sheets::{MET, MISSED, Sheet};
use crate::cli::table::Column;
use crate::cli::units::size;

/// The tables that have something to say.
pub(super) fn sheets(figures: &Figures) -> Vec<Sheet> {
    let sheets = [
        bars(figures),
        latencies(figures),
        steps(figures),
        batches(figures),
        spreads(figures),
        floods(figures),
        lives(figures),
    ];
    sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect()
}

fn bars(figures: &Figures) -> Sheet {
    let rows = figures.bars.iter().map(|bar| {
        let wanted = match bar.wanted {
            Wanted::AtMost(most) => format!("at most {most}"),
            Wanted::AtLeast(least) => format!("at least {least}"),
        };
        let met = if bar.met { MET } else { MISSED };
        vec![
            bar.name.clone(),
            bar.to.clone(),
            wanted,
            ratio(bar.measured),
            met.to_owned(),
        ]
    });
    Sheet {
        title: "Bars",
        columns: vec![
            Column::Word("what"),
            Column::Word("ratio to"),
            Column::Word("wanted"),
            Column::Number("measured"),
            Column::Word("bar"),
        ],
        rows: rows.collect(),
    }
}

fn latencies(figures: &Figures) -> Sheet {
    let rows = figures.latencies.iter().map(|latency| {
        vec![
            latency.workload.clone(),
            latency.way.clone(),
            latency.span.clone(),
            ms(latency.median_ms),
            ms(latency.p95_ms),
            ratio(latency.ratio),
        ]
    });
    Sheet {
        title: "Latency, one submission at a time",
        columns: vec![
            Column::Word("workload"),
            Column::Word("way"),
            Column::Word("from, to"),
            Column::Number("median"),
            Column::Number("p95"),
            Column::Number("ratio"),
        ],
        rows: rows.collect(),
    }
}

fn steps(figures: &Figures) -> Sheet {
    let rows = figures.steps.iter().map(|step| {
        vec![
            step.span.clone(),
            ms(step.median_ms),
            ms(step.p95_ms),
            ratio(step.ratio),
        ]
    });
    Sheet {
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

fn batches(figures: &Figures) -> Sheet {
    let optional = |bytes: Option<u64>| bytes.map(size).unwrap_or_default();
    let rows = figures.batches.iter().map(|batch| {
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
    Sheet {
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

fn spreads(figures: &Figures) -> Sheet {
    let rows = figures.spreads.iter().map(|spread| {
        vec![
            spread.way.clone(),
            spread.at_once.to_string(),
            ms(spread.median_ms),
            percent(spread.off),
        ]
    });
    Sheet {
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

fn floods(figures: &Figures) -> Sheet {
    let rows = figures.floods.iter().map(|flood| {
        let memory = flood.worker_bytes.map(|(early, late)| {
            let off = late as f64 / early as f64 - 1.0;
            (size(early), format!("{} ({})", size(late), percent(off)))
        });
        let (early, late) = memory.unwrap_or_default();
        vec![
            flood.way.clone(),
            flood.slots.to_string(),
            flood.submissions.to_string(),
            format!("{:.1}", flood.per_second),
            ms(flood.cpu_ms),
            ms(flood.services_cpu_ms),
            early,
            late,
        ]
    });
    Sheet {
        title: "W6, a flood of W2 submissions",
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

fn lives(figures: &Figures) -> Sheet {
    let rows = figures.lives.iter().map(|life| {
        vec![
            life.way.clone(),
            life.runtime.clone(),
            ms(life.cpu_ms),
            ms(life.wall_ms),
            ratio(life.ratio),
        ]
    });
    Sheet {
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

/// Three digits that count.
fn digits(value: f64) -> String {
    match value.abs() {
        0.0..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn ratio(value: f64) -> String {
    digits(value)
}

fn ms(value: f64) -> String {
    format!("{} ms", digits(value))
}

fn percent(value: f64) -> String {
    format!("{:+.1} %", value * 100.0)
}
