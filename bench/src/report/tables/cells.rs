//! How figures are written in all tables.

use crate::report::tables::Section;
use crate::results::Latency;
use assize::cli::table::Column;

pub(super) fn latency_table(title: &'static str, latencies: &[Latency]) -> Section {
    let rows = latencies.iter().map(|latency| {
        vec![
            latency.workload.clone(),
            latency.way.clone(),
            latency.span.clone(),
            ms(latency.median_ms),
            ms(latency.p95_ms),
            ratio(latency.ratio),
        ]
    });
    Section {
        title,
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

/// Three digits that count.
fn digits(value: f64) -> String {
    match value.abs() {
        0.0..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

pub(super) fn ratio(value: f64) -> String {
    digits(value)
}

pub(super) fn ms(value: f64) -> String {
    format!("{} ms", digits(value))
}

pub(super) fn percent(value: f64) -> String {
    format!("{:+.1} %", value * 100.0)
}
