//! The line of submissions that wait for a worker. It is read at most once in a second, and only while clients ask for places,
//! so that it costs the same however many ask. A database that takes its time keeps no client waiting.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, watch};
use tokio::time::timeout;
use uuid::Uuid;

use crate::gateway::Entry;
use crate::store::{Store, StoreError};

/// How long a line that was read is told again.
const RECENT: Duration = Duration::from_secs(1);

/// Submissions of the line that are read. One that is not among so many is told that so many wait before it.
const MOST: usize = 10_000;

/// When a line is too old to be told that is not read anew: while the database does not answer, places become wrong.
const STALE: Duration = Duration::from_secs(10);

/// How long who asks first waits for the line. One that can be told an older one does not wait.
const PATIENCE: Duration = Duration::from_millis(250);

/// The line as it was read last.
#[derive(Debug, Default)]
pub(super) struct WaitingLine {
    latest: watch::Sender<Option<Read>>,
    /// Held while the line is read.
    reading: Arc<Mutex<()>>,
}

#[derive(Debug, Clone)]
struct Read {
    /// When the answer came. The next question is asked a while after it, however long it took.
    answered_at: tokio::time::Instant,
    /// `None`: the database did not answer.
    line: Option<Arc<Line>>,
}

#[derive(Debug)]
struct Line {
    /// It was read behind this moment.
    at: Instant,
    places: HashMap<Uuid, u64>,
    length: usize,
}

impl WaitingLine {
    /// How many wait before a submission that waits; `None` where that is not known.
    pub(super) async fn place(&self, store: &Store, entry: &Entry) -> Option<u64> {
        let line = self.line(|| {
            let store = store.clone();
            async move { store.waiting_line(MOST).await }
        });
        line.await?.place(entry.id, entry.since)
    }

    async fn line<F>(&self, ask: impl FnOnce() -> F) -> Option<Arc<Line>>
    where
        F: Future<Output = Result<Vec<Option<Uuid>>, StoreError>> + Send + 'static,
    {
        let mut latest = self.latest.subscribe();
        let known = latest.borrow_and_update().clone();
        let age = known.as_ref().map(|read| read.answered_at.elapsed());
        if age.is_none_or(|age| age >= RECENT) {
            self.read_anew(ask);
        }
        match known {
            Some(read) if age.is_some_and(|age| age < STALE) => read.line,
            _ => {
                let _elapsed = timeout(PATIENCE, latest.changed()).await;
                let read = latest.borrow().clone()?;
                read.line.filter(|_line| read.answered_at.elapsed() < STALE)
            }
        }
    }

    /// Has the line read, unless that is being done. It goes on where who asks does not wait for it.
    fn read_anew<F>(&self, ask: impl FnOnce() -> F)
    where
        F: Future<Output = Result<Vec<Option<Uuid>>, StoreError>> + Send + 'static,
    {
        let Ok(alone) = Arc::clone(&self.reading).try_lock_owned() else {
            return;
        };
        let (at, asking, latest) = (Instant::now(), ask(), self.latest.clone());
        tokio::spawn(async move {
            let line = match asking.await {
                Ok(waiting) => Some(Arc::new(Line::of(at, &waiting))),
                Err(error) => {
                    tracing::debug!(%error, "the places of submissions that wait are not known now");
                    None
                }
            };
            let answered_at = tokio::time::Instant::now();
            latest.send_replace(Some(Read { answered_at, line }));
            drop(alone);
        });
    }
}

impl Line {
    fn of(at: Instant, waiting: &[Option<Uuid>]) -> Self {
        let numbered = (0..).zip(waiting);
        Self {
            at,
            places: numbered.filter_map(|(place, id)| Some(((*id)?, place))).collect(),
            length: waiting.len(),
        }
    }

    /// The place of a submission that waits, and that this service knows since then.
    fn place(&self, id: Uuid, since: Instant) -> Option<u64> {
        let is_behind = self.length >= MOST || since >= self.at;
        let listed = self.places.get(&id).copied();
        // One that is not listed and was there before has been taken by a worker meanwhile.
        listed.or_else(|| is_behind.then_some(self.length as u64))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::time::{advance, sleep};

    use super::*;

    #[test]
    fn a_place_is_how_many_wait_before_and_is_not_told_of_what_may_run() {
        let at = Instant::now();
        let (before, later) = (at - Duration::from_secs(1), at + Duration::from_millis(1));
        let [one, two, other] = [1, 2, 3].map(Uuid::from_u128);
        // The second is a submission that is judged once more.
        let line = Line::of(at, &[Some(one), None, Some(two)]);
        assert_eq!([one, two].map(|id| line.place(id, before)), [Some(0), Some(2)]);
        assert_eq!(line.place(other, later), Some(3), "it came behind all of them");
        assert_eq!(line.place(other, before), None);
        let long = Line::of(at, &vec![None; MOST]);
        assert_eq!(long.place(other, before), Some(MOST as u64));
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_takes_its_time_is_asked_once_and_keeps_nobody_waiting() {
        let (waiting, asked) = (WaitingLine::default(), Arc::new(AtomicUsize::new(0)));
        let slow = || {
            asked.fetch_add(1, Ordering::Relaxed);
            async {
                sleep(Duration::from_secs(3)).await;
                Ok(vec![Some(Uuid::nil())])
            }
        };
        let began = tokio::time::Instant::now();
        let first = join_all((0..100).map(|_| waiting.line(slow))).await;
        assert!(first.iter().all(Option::is_none));
        assert!(began.elapsed() <= PATIENCE, "{:?}", began.elapsed());
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        let mut latest = waiting.latest.subscribe();
        latest.changed().await.unwrap();
        let known = waiting.line(slow).await.map(|line| line.length);
        assert_eq!(
            (known, asked.load(Ordering::Relaxed)),
            (Some(1), 1),
            "it has just been read"
        );
        advance(RECENT).await;
        let began = tokio::time::Instant::now();
        let later = join_all((0..100).map(|_| waiting.line(slow))).await;
        assert!(later.iter().all(Option::is_some), "the line before is told");
        assert_eq!((began.elapsed(), asked.load(Ordering::Relaxed)), (Duration::ZERO, 2));
    }
}
