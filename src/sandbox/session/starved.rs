//! How long a running program has starved, as its runner tells while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Time in which the program of the current run was ready to run and the host gave its CPUs to others. Its wall limit is so
/// much later.
#[derive(Debug, Clone, Default)]
pub struct Starved {
    us: Arc<AtomicU64>,
}

impl Starved {
    /// What is known until now.
    pub fn so_far(&self) -> Duration {
        Duration::from_micros(self.us.load(Ordering::Relaxed))
    }

    /// Another run begins.
    pub(super) fn clear(&self) {
        self.us.store(0, Ordering::Relaxed);
    }

    /// What the runner says, and at most what a program may starve: a runner that lies is waited for no longer.
    pub(super) fn set(&self, us: u64, most: Duration) {
        let most = u64::try_from(most.as_micros()).unwrap_or(u64::MAX);
        self.us.store(us.min(most), Ordering::Relaxed);
    }
}
