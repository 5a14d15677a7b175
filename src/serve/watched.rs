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

/// How long behind a question the database is asked for its answer. A client that asks again and again asks sooner.
const ASKED_LATELY: Duration = Duration::from_secs(60);

/// Submissions that no client asks about and that are watched all the same. Of one more, the one that is known for longest is
/// forgotten.
const MOST_UNASKED: usize = 50_000;

/// What is watched: each submission as it was first sent, and behind it the requests to judge it once more.
#[derive(Debug, Default)]
pub(super) struct Watched(Mutex<BTreeMap<(Uuid, Option<Uuid>), Watch>>);

#[derive(Debug)]
struct Watch {
    entry: Arc<Entry>,
    /// When it was handed in or asked about last.
    touched_at: Instant,
    asked_at: Option<Instant>,
}

impl Watch {
    /// Whether a client waits for it or has asked about it a moment ago. The database is asked about no other one: most are
    /// handed in by the thousand, and their answers come by themselves.
    fn is_asked_about(&self) -> bool {
        Arc::strong_count(&self.entry) > 1 || self.asked_at.is_some_and(|asked_at| asked_at.elapsed() < ASKED_LATELY)
    }

    fn ask(&mut self) -> Arc<Entry> {
        let now = Instant::now();
        (self.touched_at, self.asked_at) = (now, Some(now));
        Arc::clone(&self.entry)
    }
}

/// A submission that is watched, and of which a client has just asked.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) entry: Arc<Entry>,
    /// The database was asked about it all the while. Otherwise an answer that was not heard may be there.
    pub(super) is_looked_at: bool,
}

impl Watched {
    /// The submission, which is watched from now on.
    pub(super) fn watch(&self, request: Request, site: &str) -> Arc<Entry> {
        let mut known = self.lock();
        let watch = known
            .entry((request.submission, request.rejudge))
            .or_insert_with(|| Watch {
                entry: Entry::new(request.submission, site.into()),
                touched_at: Instant::now(),
                asked_at: None,
            });
        watch.touched_at = Instant::now();
        Arc::clone(&watch.entry)
    }

    pub(super) fn find(&self, id: Uuid) -> Option<Found> {
        let mut known = self.lock();
        let watch = known.get_mut(&(id, None))?;
        Some(Found {
            is_looked_at: watch.is_asked_about(),
            entry: watch.ask(),
        })
    }

    /// Of the requests to judge it once more that have not ended, the one of the newest attempt, else the latest.
    pub(super) fn rejudging(&self, id: Uuid) -> Option<Arc<Entry>> {
        let mut known = self.lock();
        let again = known
            .range_mut(all_of(id))
            .filter(|((_id, rejudge), _watch)| rejudge.is_some());
        let (_key, newest) = again.max_by_key(|(_key, watch)| (watch.entry.attempt(), watch.entry.since))?;
        Some(newest.ask())
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

    /// What is to be asked of the database, in the order in which it was first heard of. What no client asks about is
    /// forgotten after a while.
    pub(super) fn requests(&self) -> Vec<Request> {
        let mut known = self.lock();
        known.retain(|_key, watch| watch.is_asked_about() || watch.touched_at.elapsed() < FORGOTTEN);
        let (mut asked, mut unasked) = (Vec::new(), Vec::new());
        for (key, watch) in known.iter() {
            let sorted = if watch.is_asked_about() {
                &mut asked
            } else {
                &mut unasked
            };
            sorted.push((watch.entry.since, *key));
        }
        asked.sort_unstable();
        if unasked.len() > MOST_UNASKED {
            unasked.sort_unstable();
            let too_many = unasked.len() - MOST_UNASKED;
            unasked
                .iter()
                .take(too_many)
                .for_each(|(_since, key)| drop(known.remove(key)));
        }
        asked.into_iter().map(|(_since, key)| request_of(key)).collect()
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
    fn the_database_is_asked_for_what_a_client_asks_about_the_oldest_first_and_for_nothing_else() {
        let watched = Watched::default();
        let submitted = |id: u128| Request {
            submission: Uuid::from_u128(id),
            rejudge: None,
        };
        let held = [9, 3].map(|id| watched.watch(submitted(id), "site"));
        for unasked in 10..20 {
            watched.watch(submitted(unasked), "site");
            watched.watch(request(unasked), "site");
        }
        assert_eq!(watched.requests(), [9, 3].map(submitted), "a client waits for these");
        let found = watched.find(Uuid::from_u128(12)).unwrap();
        assert!(!found.is_looked_at, "its answer may be there, and was not heard");
        drop((held, found));
        assert_eq!(watched.requests(), [submitted(12)], "a client may ask again");
        assert!(watched.find(Uuid::from_u128(12)).unwrap().is_looked_at);
        drop(watched.rejudging(ID));
        assert_eq!(watched.requests(), [submitted(12), request(19)]);
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
