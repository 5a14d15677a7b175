//! Whether the problem of a submission is here, asked no more often than it has to be: an object storage that is away keeps
//! nobody waiting for long, however many submissions come.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::time::{Instant, timeout};

use crate::contract::ProblemRef;
use crate::problem::{ProblemError, ProblemFault};

/// How long a problem is looked for before a submission is passed on to the workers, who look for it anyway.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long nothing is looked for where something could not be.
const AWAY: Duration = Duration::from_secs(10);

/// How long a revision counts as here that was found. Revisions stay; where one goes, workers say so.
const FOUND: Duration = Duration::from_secs(600);

/// Revisions of which that is remembered.
const MOST: u64 = 10_000;

/// What was found out of late.
#[derive(Debug)]
pub(super) struct KnownProblems {
    found: Cache<(String, String), ()>,
    /// Until when the storage counts as away.
    away_until: Mutex<Option<Instant>>,
}

impl Default for KnownProblems {
    fn default() -> Self {
        Self {
            found: Cache::builder()
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(FOUND)
                .max_capacity(MOST)
                .build(),
            away_until: Mutex::default(),
        }
    }
}

impl KnownProblems {
    /// Why there is no such problem, where that is so for certain. `looking` looks for it.
    pub(super) async fn fault_of(
        &self,
        wanted: &ProblemRef,
        looking: impl Future<Output = Result<(), ProblemError>>,
    ) -> Option<ProblemError> {
        let revision = wanted.revision.as_ref();
        let key = revision.map(|revision| (wanted.id.clone(), revision.clone()));
        if let Some(key) = &key
            && self.found.contains_key(key)
        {
            return None;
        }
        if !self.may_look() {
            return None;
        }
        let looked = timeout(PATIENCE, looking).await;
        let is_away = match &looked {
            Ok(Ok(())) => false,
            Ok(Err(error)) => matches!(error.fault(), ProblemFault::Storage { .. }),
            Err(_elapsed) => true,
        };
        self.note(is_away);
        match (looked.ok()?, key) {
            (Err(error), _) => Some(error),
            (Ok(()), Some(key)) => {
                self.found.insert(key, ()).await;
                None
            }
            (Ok(()), None) => None,
        }
    }

    /// Whether the storage counts as there. Once that is to be seen again, one looks, and the others do not wait for it.
    fn may_look(&self) -> bool {
        let mut away_until = self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(until) = *away_until else { return true };
        let now = Instant::now();
        if now < until {
            return false;
        }
        *away_until = Some(now + AWAY);
        true
    }

    fn note(&self, is_away: bool) {
        let mut away_until = self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        *away_until = is_away.then(|| Instant::now() + AWAY);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::time::advance;

    use super::*;

    fn of(revision: Option<&str>) -> ProblemRef {
        ProblemRef {
            id: "sum".to_owned(),
            revision: revision.map(str::to_owned),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_storage_that_is_away_keeps_one_submission_waiting_and_not_each() {
        let (known, asked, began) = (KnownProblems::default(), AtomicUsize::new(0), Instant::now());
        let look = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            pending().await
        };
        for _ in 0..1000 {
            assert!(known.fault_of(&of(None), look()).await.is_none());
        }
        assert_eq!((began.elapsed(), asked.load(Ordering::Relaxed)), (PATIENCE, 1));
        advance(AWAY).await;
        let began = Instant::now();
        join_all((0..1000).map(|_| async { known.fault_of(&of(None), look()).await })).await;
        assert_eq!((began.elapsed(), asked.load(Ordering::Relaxed)), (PATIENCE, 2));
        advance(AWAY).await;
        let unknown = || async { Err(ProblemFault::Unknown("sum".to_owned()).into()) };
        for _ in 0..2 {
            assert!(
                known.fault_of(&of(None), unknown()).await.is_some(),
                "it is there again"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_revision_that_was_found_is_not_looked_for_again_and_the_newest_is() {
        let (known, asked) = (KnownProblems::default(), AtomicUsize::new(0));
        let look = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        for (revision, looked) in [(Some("a"), 1), (Some("a"), 1), (Some("b"), 2), (None, 3), (None, 4)] {
            assert!(known.fault_of(&of(revision), look()).await.is_none());
            assert_eq!(asked.load(Ordering::Relaxed), looked);
        }
    }
}
