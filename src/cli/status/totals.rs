//! The figures of all queues and workers together.

use serde::Serialize;

use crate::broker::{QueuePurpose, QueueStatus};
use crate::store::{Throughput, WorkerRow};

/// How a worker is; what needs a person comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WorkerState {
    /// Its last report is too old.
    Silent,
    /// It reports what is not ready.
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
    /// Of all workers that report.
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

impl Totals {
    pub(super) fn count_queues(&mut self, queues: &[QueueStatus]) {
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

    pub(super) fn count_workers(&mut self, workers: &[WorkerRow], throughput: &Throughput) {
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

impl WorkerState {
    pub(super) fn of(row: &WorkerRow) -> Self {
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
