//! The line of submissions that wait for a worker. It is read at most once in a second, and only while clients ask for places,
//! so that it costs the same however many ask.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use uuid::Uuid;

use crate::gateway::Entry;
use crate::store::Store;

/// How long a line that was read is told again.
const RECENT: Duration = Duration::from_secs(1);

/// Submissions of the line that are read. One that is not among so many is told that so many wait before it.
const MOST: usize = 10_000;

/// The line as it was read last.
#[derive(Debug, Default)]
pub(super) struct WaitingLine(Mutex<Option<Read>>);

#[derive(Debug)]
struct Read {
    at: Instant,
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
        self.line(store).await?.place(entry.id, entry.since)
    }

    /// Who asks at the same time waits for the same answer of the database.
    async fn line(&self, store: &Store) -> Option<Arc<Line>> {
        let mut latest = self.0.lock().await;
        if let Some(read) = latest.as_ref().filter(|read| read.at.elapsed() < RECENT) {
            return read.line.clone();
        }
        let at = Instant::now();
        let line = match store.waiting_line(MOST).await {
            Ok(waiting) => Some(Arc::new(Line::of(at, &waiting))),
            Err(error) => {
                tracing::debug!(%error, "the places of submissions that wait are not known now");
                None
            }
        };
        *latest = Some(Read { at, line: line.clone() });
        line
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
}
