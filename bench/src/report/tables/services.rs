//! What stands in the tables about the HTTP service, and about graded functions.

use crate::report::tables::Section;
use crate::report::tables::cells::{latency_table, ms, percent, ratio};
use crate::results::Results;
use assize::cli::table::Column;
use assize::cli::units::size;

pub(super) fn doors(results: &Results) -> Section {
    latency_table("Through each door, one submission at a time", &results.doors)
}

pub(super) fn conversations(results: &Results) -> Section {
    latency_table("Interactive, a round", &results.conversations)
}

pub(super) fn occupancies(results: &Results) -> Section {
    let rows = results.occupancies.iter().map(|batch| {
        let memory = batch.service_bytes.map(|(early, late)| {
            let off = late as f64 / early as f64 - 1.0;
            (size(early), format!("{} ({})", size(late), percent(off)))
        });
        let (early, late) = memory.unwrap_or_default();
        let share = |share: f64| format!("{:.1} %", share * 100.0);
        vec![
            batch.way.clone(),
            batch.slots.to_string(),
            batch.submissions.to_string(),
            format!("{:.1} s", batch.handed_in_seconds),
            format!("{:.1} s", batch.seconds),
            share(batch.in_hand),
            share(batch.in_boxes),
            early,
            late,
            size(batch.service_peak_bytes),
        ]
    });
    Section {
        title: "Many programs with 5 tests each in one request",
        columns: vec![
            Column::Word("way"),
            Column::Number("slots"),
            Column::Number("programs"),
            Column::Number("accepted"),
            Column::Number("judged"),
            Column::Number("slots busy"),
            Column::Number("in boxes"),
            Column::Number("service after 100"),
            Column::Number("at the end"),
            Column::Number("peak"),
        ],
        rows: rows.collect(),
    }
}

pub(super) fn held_clients(results: &Results) -> Section {
    let rows = results.held_clients.iter().map(|held| {
        let more = held.with_bytes.saturating_sub(held.before_bytes);
        vec![
            held.clients.to_string(),
            size(held.before_bytes),
            size(held.with_bytes),
            size(more / held.clients.max(1) as u64),
        ]
    });
    Section {
        title: "Clients that wait or follow a stream",
        columns: vec![
            Column::Number("clients"),
            Column::Number("service before"),
            Column::Number("with them"),
            Column::Number("each"),
        ],
        rows: rows.collect(),
    }
}

pub(super) fn costs(results: &Results) -> Section {
    let rows = results.costs.iter().map(|cost| {
        vec![
            cost.workload.clone(),
            cost.way.clone(),
            cost.submissions.to_string(),
            ms(cost.cpu_ms),
            cost.call_ms.map(ms).unwrap_or_default(),
            cost.ratio.map(ratio).unwrap_or_default(),
            cost.noise.map(ratio).unwrap_or_default(),
        ]
    });
    Section {
        title: "Functions and unit tests",
        columns: vec![
            Column::Word("workload"),
            Column::Word("way"),
            Column::Number("submissions"),
            Column::Number("CPU each"),
            Column::Number("of a call"),
            Column::Number("ratio"),
            Column::Number("off by at most"),
        ],
        rows: rows.collect(),
    }
}
