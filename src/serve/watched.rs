//! Submissions that a client watches or that were just handed in, and those that are to be judged once more, until they have
//! their answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::contract::{Progress, Request};
use crate::gateway::{Entry, Outcome};

/// How long a submission is watched that no client asks about: its answer is in the database for later questions.
const FORGOTTEN: Duration = Duration::from_secs(15 * 60);

/// What is watched: each submission as it was first sent, and behind it the requests to judge it once more.
#[derive(Debug, Default)]
pub(super) struct Watched(Mutex<BTreeMap<(Uuid, Option<Uuid>), Watch>>);

#[derive(Debug)]
struct Watch {
    entry: Arc<Entry>,
    asked_at: Instant,
}

impl Watched {
    /// The submission, which is watched from now on.
    pub(super) fn watch(&self, request: Request, site: &str) -> Arc<Entry> {
        let mut known = self.lock();
        let watch = known
            .entry((request.submission, request.rejudge))
            .or_insert_with(|| Watch {
                entry: Entry::new(request.submission, site.into()),
                asked_at: Instant::now(),
            });
        watch.asked_at = Instant::now();
        Arc::clone(&watch.entry)
    }

    pub(super) fn find(&self, id: Uuid) -> Option<Arc<Entry>> {
        let mut known = self.lock();
        let watch = known.get_mut(&(id, None))?;
        watch.asked_at = Instant::now();
        Some(Arc::clone(&watch.entry))
    }

    /// Of the requests to judge it once more that have not ended, the one of the newest attempt, else the latest.
    pub(super) fn rejudging(&self, id: Uuid) -> Option<Arc<Entry>> {
        let mut known = self.lock();
        let again = known
            .range_mut(all_of(id))
            .filter(|((_id, rejudge), _watch)| rejudge.is_some());
        let (_key, newest) = again.max_by_key(|(_key, watch)| (watch.entry.attempt(), watch.entry.since))?;
        newest.asked_at = Instant::now();
        Some(Arc::clone(&newest.entry))
    }

    /// A submission that is not handed in after all.
    pub(super) fn forget(&self, request: Request) {
        self.lock().remove(&(request.submission, request.rejudge));
    }

    /// What became of a submission; it is not watched any longer.
    pub(super) fn end(&self, request: Request, outcome: Outcome) {
        let watch = self.lock().remove(&(request.submission, request.rejudge));
        if let Some(watch) = watch {
            watch.entry.end(outcome);
        }
    }

    /// A submission that cannot be judged, however often it is asked for.
    pub(super) fn end_all(&self, id: Uuid, outcome: &Outcome) {
        self.requests_of(id)
            .into_iter()
            .for_each(|request| self.end(request, outcome.clone()));
    }

    /// What is watched of a submission.
    pub(super) fn requests_of(&self, id: Uuid) -> Vec<Request> {
        self.lock()
            .range(all_of(id))
            .map(|(key, _watch)| request_of(*key))
            .collect()
    }

    /// A test has finished of the submission as it was first sent, or of a request to judge it once more.
    pub(super) fn advance(&self, progress: Progress) {
        let known = self.lock();
        let named = known.get(&(progress.id, progress.rejudge));
        // A worker of an older version says neither the attempt nor the request.
        let latest = || known.range(all_of(progress.id)).next_back().map(|(_key, watch)| watch);
        let watch = match progress.attempt {
            Some(_counted) => named,
            None => named.or_else(latest),
        };
        if let Some(watch) = watch {
            watch.entry.advance(progress);
        }
    }

    pub(super) fn begin(&self, id: Uuid) {
        if let Some(watch) = self.lock().get(&(id, None)) {
            watch.entry.begin();
        }
    }

    /// What is to be asked of the database. What no client asks about is forgotten.
    pub(super) fn requests(&self) -> Vec<Request> {
        let mut known = self.lock();
        known.retain(|_key, watch| Arc::strong_count(&watch.entry) > 1 || watch.asked_at.elapsed() < FORGOTTEN);
        known.keys().copied().map(request_of).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(Uuid, Option<Uuid>), Watch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn all_of(id: Uuid) -> std::ops::RangeInclusive<(Uuid, Option<Uuid>)> {
    (id, None)..=(id, Some(Uuid::max()))
}

fn request_of((submission, rejudge): (Uuid, Option<Uuid>)) -> Request {
    Request { submission, rejudge }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Verdict;

    const ID: Uuid = Uuid::from_u128(1);

    fn request(rejudge: u128) -> Request {
        Request {
            submission: ID,
            rejudge: (rejudge > 0).then(|| Uuid::from_u128(rejudge)),
        }
    }

    fn finished(entry: &Entry) -> u64 {
        entry.state(None).finished
    }

    #[test]
    fn requests_to_judge_once_more_at_the_same_time_have_their_own_progress() {
        let watched = Watched::default();
        let [first, one, other] = [0, 7, 5].map(|rejudge| watched.watch(request(rejudge), "site"));
        let advance = |attempt: Option<u32>, rejudge: u128, finished: u64| {
            let progress = Progress::now(ID, "1".to_owned(), Verdict::Ac, 1).counted(finished, 9);
            watched.advance(progress.of_attempt(attempt, request(rejudge).rejudge));
        };
        assert_eq!(
            watched.rejudging(ID).unwrap().since,
            other.since,
            "it was asked for last"
        );
        advance(Some(2), 7, 4);
        assert_eq!([&first, &one, &other].map(|entry| finished(entry)), [0, 4, 0]);
        assert_eq!(finished(&watched.rejudging(ID).unwrap()), 4);
        advance(Some(3), 5, 1);
        advance(Some(2), 7, 5);
        assert_eq!([&first, &one, &other].map(|entry| finished(entry)), [0, 5, 1]);
        assert_eq!(finished(&watched.rejudging(ID).unwrap()), 1, "the newest attempt");
        advance(None, 0, 3);
        assert_eq!(finished(&first), 3, "of a worker that does not say what it judges");
    }
}
