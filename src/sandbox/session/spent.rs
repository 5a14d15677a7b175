//! CPU time that programs use, also where their end is not waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use assize_protocol::RunFacts;

/// CPU time of programs in one or several boxes, added up as they end.
#[derive(Debug, Clone, Default)]
pub struct CpuSpent {
    us: Arc<AtomicU64>,
}

/// A program that runs. One that is given up counts as if it had used a CPU all the time, up to its limit.
#[derive(Debug)]
pub(super) struct Running {
    spent: CpuSpent,
    began: Instant,
    most_us: u64,
    is_counted: bool,
}

impl CpuSpent {
    /// What was used until now.
    pub fn so_far(&self) -> Duration {
        Duration::from_micros(self.us.load(Ordering::Relaxed))
    }

    /// A program begins that may use so much.
    pub(super) fn begin(&self, most_us: u64) -> Running {
        Running {
            spent: self.clone(),
            began: Instant::now(),
            most_us,
            is_counted: false,
        }
    }

    fn add(&self, us: u64) {
        self.us.fetch_add(us, Ordering::Relaxed);
    }
}

impl Running {
    /// It has ended; of one whose box was lost nothing is known.
    pub(super) fn end(mut self, facts: Option<&RunFacts>) {
        if let Some(facts) = facts {
            self.is_counted = true;
            self.spent.add(facts.cpu.us);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_counted {
            let us = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.spent.add(us.min(self.most_us));
        }
    }
}

#[cfg(test)]
mod tests {
    use assize_protocol::Ended;

    use super::*;

    #[test]
    fn what_ends_counts_by_its_figures_and_what_is_given_up_by_its_time_within_its_limit() {
        let spent = CpuSpent::default();
        let mut facts = RunFacts::ended(Ended::Exit(0));
        facts.cpu.us = 1_500_000;
        spent.begin(10_000_000).end(Some(&facts));
        spent.clone().begin(10_000_000).end(Some(&facts));
        assert_eq!(spent.so_far(), Duration::from_secs(3));
        for given_up in [spent.begin(0), spent.begin(0)] {
            drop(given_up);
        }
        spent.begin(0).end(None);
        assert_eq!(spent.so_far(), Duration::from_secs(3));
        let long_ago = Instant::now().checked_sub(Duration::from_secs(5)).unwrap();
        let mut long = spent.begin(2_000_000);
        long.began = long_ago;
        drop(long);
        assert!(spent.so_far() >= Duration::from_secs(5), "{:?}", spent.so_far());
    }
}
