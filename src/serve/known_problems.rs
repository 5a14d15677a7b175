//! Whether the problem of a submission is here, asked no more often than it has to be: an object storage that is away keeps
//! no request waiting for long, however many submissions come.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::time::{Instant, timeout};

use crate::contract::ProblemRef;
use crate::problem::{ProblemError, ProblemFault};

/// How long a problem is looked for in one source before a submission is passed on to the workers, who look for it anyway.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long nothing is looked for in a source that did not answer.
const AWAY: Duration = Duration::from_secs(10);

/// How long a revision counts as there that an object storage had. Revisions stay there; where one goes, workers say so. In a
/// directory, problems are removed and replaced.
const FOUND: Duration = Duration::from_secs(600);

/// Revisions of which that is remembered.
const MOST: u64 = 10_000;

/// What was found out of late.
#[derive(Debug)]
pub(super) struct KnownProblems {
    /// By the number of the source.
    found: Cache<(usize, String, String), ()>,
    /// Until when sources count as away, by their numbers.
    away_until: Mutex<BTreeMap<usize, Instant>>,
}

/// A look at a source. One that may be away is looked at by one submission only; the others do not wait for it.
struct Look<'a> {
    known: &'a KnownProblems,
    source: usize,
    /// Others wait for what comes of it.
    is_alone: bool,
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
    /// Why there is no such problem, where that is so for certain. The sources are looked at in this order: whether each is an
    /// object storage, and what looks for the problem there.
    pub(super) async fn fault_of<L>(&self, wanted: &ProblemRef, sources: Vec<(bool, L)>) -> Option<ProblemError>
    where
        L: Future<Output = Result<(), ProblemError>>,
    {
        let mut is_certain = true;
        let mut last = ProblemFault::Unknown(wanted.id.clone()).into();
        for (source, (is_storage, looking)) in sources.into_iter().enumerate() {
            let revision = wanted.revision.clone().filter(|_revision| is_storage);
            let key = revision.map(|revision| (source, wanted.id.clone(), revision));
            match self.look_in(source, key, looking).await {
                Some(Ok(())) => return None,
                Some(Err(error)) => match error.fault() {
                    ProblemFault::Unknown(_) => {}
                    ProblemFault::OtherRevision { .. } => last = error,
                    _ => return Some(error),
                },
                None => is_certain = false,
            }
        }
        is_certain.then_some(last)
    }

    /// Whether a source has a problem; `None`: it counts as away. `key`: what is remembered of it.
    async fn look_in(
        &self,
        source: usize,
        key: Option<(usize, String, String)>,
        looking: impl Future<Output = Result<(), ProblemError>>,
    ) -> Option<Result<(), ProblemError>> {
        if let Some(key) = &key
            && self.found.contains_key(key)
        {
            return Some(Ok(()));
        }
        let look = self.begin(source)?;
        let looked = timeout(PATIENCE, looking).await;
        look.end(match &looked {
            Ok(Ok(())) => false,
            Ok(Err(error)) => matches!(error.fault(), ProblemFault::Storage { .. }),
            Err(_elapsed) => true,
        });
        let looked = looked.ok()?;
        if let (Ok(()), Some(key)) = (&looked, key) {
            self.found.insert(key, ()).await;
        }
        Some(looked)
    }

    /// A look at a source, unless it counts as away.
    fn begin(&self, source: usize) -> Option<Look<'_>> {
        let (mut away_until, now) = (self.lock(), Instant::now());
        let until = away_until.get(&source).copied();
        if until.is_some_and(|until| now < until) {
            return None;
        }
        if until.is_some() {
            away_until.insert(source, now + AWAY);
        }
        Some(Look {
            known: self,
            source,
            is_alone: until.is_some(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<usize, Instant>> {
        self.away_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Look<'_> {
    fn end(mut self, is_away: bool) {
        self.is_alone = false;
        let mut away_until = self.known.lock();
        match is_away {
            true => away_until.insert(self.source, Instant::now() + AWAY),
            false => away_until.remove(&self.source),
        };
    }
}

impl Drop for Look<'_> {
    fn drop(&mut self) {
        // The client has gone before there was an answer: the next submission looks.
        if self.is_alone {
            self.known.lock().insert(self.source, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::FutureExt as _;
    use futures::future::{BoxFuture, join_all};
    use tokio::time::advance;

    use super::*;

    fn of(revision: Option<&str>) -> ProblemRef {
        ProblemRef {
            id: "sum".to_owned(),
            revision: revision.map(str::to_owned),
        }
    }

    type Looking = BoxFuture<'static, Result<(), ProblemError>>;

    fn silent() -> Looking {
        pending().boxed()
    }

    fn unknown() -> Looking {
        ready(Err(ProblemFault::Unknown("sum".to_owned()).into())).boxed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_storage_that_is_away_keeps_one_submission_waiting_and_not_each() {
        let (known, asked, began) = (KnownProblems::default(), AtomicUsize::new(0), Instant::now());
        let look = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            pending().await
        };
        for _ in 0..1000 {
            assert!(known.fault_of(&of(None), vec![(true, look())]).await.is_none());
        }
        assert_eq!((began.elapsed(), asked.load(Ordering::Relaxed)), (PATIENCE, 1));
        advance(AWAY).await;
        let began = Instant::now();
        join_all((0..1000).map(|_| async { known.fault_of(&of(None), vec![(true, look())]).await })).await;
        assert_eq!((began.elapsed(), asked.load(Ordering::Relaxed)), (PATIENCE, 2));
        advance(AWAY).await;
        for _ in 0..2 {
            assert!(
                known.fault_of(&of(None), vec![(true, unknown())]).await.is_some(),
                "it is there again"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_source_that_is_away_does_not_keep_another_from_being_looked_at() {
        let known = KnownProblems::default();
        for sources in [
            [(false, unknown()), (true, silent())],
            [(false, unknown()), (true, unknown())],
        ] {
            let fault = known.fault_of(&of(None), sources.into()).await;
            assert!(fault.is_none(), "the storage may have it");
        }
        let found = vec![(false, ready(Ok(())).boxed()), (true, silent())];
        assert!(known.fault_of(&of(None), found).await.is_none());
        let directory = vec![(false, unknown())];
        assert!(
            known.fault_of(&of(None), directory).await.is_some(),
            "the directory is there"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_at_what_may_be_away_that_is_given_up_is_taken_by_the_next() {
        let known = KnownProblems::default();
        assert!(known.fault_of(&of(None), vec![(true, silent())]).await.is_none());
        advance(AWAY).await;
        let wanted = of(None);
        let mut looking = Box::pin(known.fault_of(&wanted, vec![(true, silent())]));
        assert!(looking.as_mut().now_or_never().is_none());
        let meanwhile = known.fault_of(&wanted, vec![(true, unknown())]).await;
        assert!(meanwhile.is_none(), "one is enough");
        drop(looking);
        assert!(known.fault_of(&wanted, vec![(true, unknown())]).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_revision_that_a_storage_had_is_not_looked_for_again_and_that_of_a_directory_and_the_newest_are() {
        let (known, asked) = (KnownProblems::default(), AtomicUsize::new(0));
        let look = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        for (is_storage, revision, looked) in [
            (true, Some("a"), 1),
            (true, Some("a"), 1),
            (true, Some("b"), 2),
            (true, None, 3),
            (true, None, 4),
            (false, Some("c"), 5),
            (false, Some("c"), 6),
        ] {
            assert!(
                known
                    .fault_of(&of(revision), vec![(is_storage, look())])
                    .await
                    .is_none()
            );
            assert_eq!(asked.load(Ordering::Relaxed), looked);
        }
        let removed = known.fault_of(&of(Some("c")), vec![(false, unknown())]).await;
        assert!(removed.is_some(), "it was removed from the directory");
    }
}
