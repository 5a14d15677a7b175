//! What `assize status` shows, as one document.

use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;

use crate::broker::{QueueError, QueueStatus};
use crate::cli::status::advice::{Load, advice};
use crate::cli::status::totals::{Totals, WorkerState};
use crate::store::{StoreError, Throughput, WorkerRow};

/// Everything.
#[derive(Debug, Serialize)]
pub(super) struct StatusDocument {
    pub(super) at: Timestamp,
    /// `None`: RabbitMQ does not answer.
    pub(super) queues: Option<Vec<QueueLine>>,
    /// `None`: PostgreSQL does not answer, or is switched off.
    pub(super) workers: Option<Vec<WorkerLine>>,
    pub(super) totals: Totals,
    pub(super) advice: Vec<String>,
    pub(super) errors: Vec<String>,
}

/// A queue.
#[derive(Debug, Serialize)]
pub(super) struct QueueLine {
    pub(super) name: String,
    pub(super) purpose: &'static str,
    /// `None`: the queue is not there.
    pub(super) waiting: Option<u32>,
    pub(super) consumers: Option<u32>,
}

/// A worker.
#[derive(Debug, Serialize)]
pub(super) struct WorkerLine {
    pub(super) id: String,
    pub(super) state: WorkerState,
    pub(super) slots: u64,
    pub(super) in_hand: u64,
    pub(super) waited_s: Option<f64>,
    pub(super) silent_s: f64,
    pub(super) up_s: f64,
    pub(super) version: String,
    pub(super) trouble: Option<String>,
}

impl StatusDocument {
    pub(super) fn of(
        queues: Result<Vec<QueueStatus>, QueueError>,
        fleet: Option<Result<(Vec<WorkerRow>, Throughput), StoreError>>,
    ) -> Self {
        let mut errors = Vec::new();
        let queues = queues.map_err(|error| errors.push(error.to_string())).ok();
        let fleet = fleet.and_then(|fleet| fleet.map_err(|error| errors.push(error.to_string())).ok());
        let mut totals = Totals::default();
        if let Some(queues) = &queues {
            totals.count_queues(queues);
        }
        if let Some((workers, throughput)) = &fleet {
            totals.count_workers(workers, throughput);
        }
        let load = Load::of(&totals);
        totals.empty_in_s = load.and_then(|load| load.empty_in_s());
        let mut workers = fleet.map(|(rows, _throughput)| rows.into_iter().map(WorkerLine::of).collect::<Vec<_>>());
        if let Some(workers) = &mut workers {
            // A stable sort: by name among those that are alike.
            workers.sort_by_key(|worker| worker.state);
        }
        Self {
            at: Timestamp::now(),
            queues: queues.map(|queues| queues.into_iter().map(QueueLine::of).collect()),
            workers,
            advice: advice(&totals, load),
            totals,
            errors,
        }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        if self.errors.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(3)
        }
    }
}

impl QueueLine {
    fn of(queue: QueueStatus) -> Self {
        Self {
            purpose: queue.purpose.name(),
            waiting: queue.depth.map(|depth| depth.waiting),
            consumers: queue.depth.map(|depth| depth.consumers),
            name: queue.name,
        }
    }
}

impl WorkerLine {
    fn of(row: WorkerRow) -> Self {
        Self {
            state: WorkerState::of(&row),
            id: row.id,
            slots: row.slots,
            in_hand: row.in_hand,
            waited_s: row.waited_s,
            silent_s: row.silent_s,
            up_s: row.up_s,
            version: row.version,
            trouble: row.trouble,
        }
    }
}
