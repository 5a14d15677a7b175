//! What waits for the database, for the readiness of a worker: a connection may work where a table does not.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::StoreError;

/// Failures in a row after which something counts as waiting: what was rolled back by itself works the next time.
const TELLING: u32 = 2;

/// What waits for the database, and what it was told last.
#[derive(Debug, Clone, Default)]
pub(super) struct Waits(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    begun: AtomicU64,
    reasons: Mutex<BTreeMap<u64, String>>,
}

/// Something that is asked of the database until it is done. It waits no longer once this is dropped.
#[derive(Debug)]
pub(super) struct Wait {
    waits: Waits,
    number: u64,
    failures: u32,
}

impl Waits {
    /// Something is asked for the first time.
    pub(super) fn begin(&self) -> Wait {
        Wait {
            waits: self.clone(),
            number: self.0.begun.fetch_add(1, Ordering::Relaxed),
            failures: 0,
        }
    }

    /// Why the newest of what waits does.
    pub(super) fn reason(&self) -> Option<String> {
        self.lock().last_key_value().map(|(_number, reason)| reason.clone())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, String>> {
        self.0.reasons.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wait {
    /// It has failed, and is asked again.
    pub(super) fn failed(&mut self, error: &StoreError) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= TELLING {
            self.waits.lock().insert(self.number, error.to_string());
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.waits.lock().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(table: &str) -> StoreError {
        StoreError::NoWriter(format!("permission denied for table {table}"))
    }

    #[test]
    fn what_fails_again_and_again_is_told_until_it_is_done() {
        let waits = Waits::default();
        let [mut one, mut other] = [waits.begin(), waits.begin()];
        one.failed(&refused("attempts"));
        assert_eq!(waits.reason(), None, "it may work the next time");
        one.failed(&refused("attempts"));
        for _ in 0..2 {
            other.failed(&refused("verdicts"));
        }
        assert!(waits.reason().unwrap().contains("verdicts"));
        drop(other);
        assert!(waits.reason().unwrap().contains("attempts"));
        drop(one);
        assert_eq!(waits.reason(), None);
    }
}
