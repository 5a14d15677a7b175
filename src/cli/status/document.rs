//! What `assize status` shows, as one document.

use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;

use crate::broker::{QueueError, QueuePurpose, QueueStatus};
use crate::cli::status::advice::{Load, advice};
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

/// How a worker is; what needs a person comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WorkerState {
    /// It was not heard of for too long.
    Silent,
    /// It says what is not ready.
    NotReady,
    /// It can do its work.
    Ready,
}

/// All together. What is not known is `None`.
#[derive(Debug, Default, Serialize)]
pub(super) struct Totals {
    /// Submissions in the two work queues.
    pub(super) waiting: Option<u64>,
    pub(super) dead_letters: Option<u64>,
    pub(super) workers: Option<u64>,
    pub(super) not_ready: Option<u64>,
    pub(super) silent: Option<u64>,
    /// Of workers that are ready.
    pub(super) slots: Option<u64>,
    /// Of all workers that are heard of.
    pub(super) in_hand: Option<u64>,
    /// The longest wait of the submissions that workers took last.
    pub(super) lag_s: Option<f64>,
    /// In the last ten minutes.
    pub(super) judged: Option<u64>,
    /// How long a submission had a slot, on average of these.
    pub(super) mean_s: Option<f64>,
    /// Until nothing waits, if nothing is added.
    pub(super) empty_in_s: Option<f64>,
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

impl Totals {
    fn count_queues(&mut self, queues: &[QueueStatus]) {
        let sum = |purposes: &[QueuePurpose]| {
            let meant = queues.iter().filter(|queue| purposes.contains(&queue.purpose));
            meant
                .filter_map(|queue| queue.depth)
                .map(|depth| u64::from(depth.waiting))
                .sum()
        };
        self.waiting = Some(sum(&[QueuePurpose::Work, QueuePurpose::Bulk]));
        self.dead_letters = Some(sum(&[QueuePurpose::Dead]));
    }

    fn count_workers(&mut self, workers: &[WorkerRow], throughput: &Throughput) {
        let in_state = |state| workers.iter().filter(move |worker| WorkerState::of(worker) == state);
        let heard = || workers.iter().filter(|worker| !worker.is_silent());
        self.workers = Some(workers.len() as u64);
        self.not_ready = Some(in_state(WorkerState::NotReady).count() as u64);
        self.silent = Some(in_state(WorkerState::Silent).count() as u64);
        self.slots = Some(in_state(WorkerState::Ready).map(|worker| worker.slots).sum());
        self.in_hand = Some(heard().map(|worker| worker.in_hand).sum());
        self.lag_s = heard().filter_map(|worker| worker.waited_s).max_by(f64::total_cmp);
        self.judged = Some(throughput.judged);
        self.mean_s = throughput.mean_s;
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

impl WorkerState {
    fn of(row: &WorkerRow) -> Self {
        match (row.is_silent(), row.is_ready()) {
            (true, _) => Self::Silent,
            (false, false) => Self::NotReady,
            (false, true) => Self::Ready,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::NotReady => "not ready",
            Self::Ready => "ready",
        }
    }
}
