//! Submissions that a client watches or that were just handed in, until they have their answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::contract::Progress;
use crate::gateway::{Entry, Outcome};

/// How long a submission is watched that no client asks about: its answer is in the database for later questions.
const FORGOTTEN: Duration = Duration::from_secs(15 * 60);

/// What is watched.
#[derive(Debug, Default)]
pub(super) struct Watched(Mutex<HashMap<Uuid, Watch>>);

#[derive(Debug)]
struct Watch {
    entry: Arc<Entry>,
    asked_at: Instant,
}

impl Watched {
    /// The submission, which is watched from now on.
    pub(super) fn watch(&self, id: Uuid, site: &str) -> Arc<Entry> {
        let mut known = self.lock();
        let watch = known.entry(id).or_insert_with(|| Watch {
            entry: Entry::new(id, site.into()),
            asked_at: Instant::now(),
        });
        watch.asked_at = Instant::now();
        Arc::clone(&watch.entry)
    }

    pub(super) fn find(&self, id: Uuid) -> Option<Arc<Entry>> {
        let mut known = self.lock();
        let watch = known.get_mut(&id)?;
        watch.asked_at = Instant::now();
        Some(Arc::clone(&watch.entry))
    }

    /// A submission that is not handed in after all.
    pub(super) fn forget(&self, id: Uuid) {
        self.lock().remove(&id);
    }

    /// What became of a submission; it is not watched any longer.
    pub(super) fn end(&self, id: Uuid, outcome: Outcome) {
        let watch = self.lock().remove(&id);
        if let Some(watch) = watch {
            watch.entry.end(outcome);
        }
    }

    pub(super) fn advance(&self, progress: Progress) {
        if let Some(watch) = self.lock().get(&progress.id) {
            watch.entry.advance(progress);
        }
    }

    pub(super) fn begin(&self, id: Uuid) {
        if let Some(watch) = self.lock().get(&id) {
            watch.entry.begin();
        }
    }

    /// What is to be asked of the database. What no client asks about is forgotten.
    pub(super) fn ids(&self) -> Vec<Uuid> {
        let mut known = self.lock();
        known.retain(|_id, watch| Arc::strong_count(&watch.entry) > 1 || watch.asked_at.elapsed() < FORGOTTEN);
        known.keys().copied().collect()
    }

    /// Submissions of a site that have no answer, as far as this service knows.
    pub(super) fn of_site(&self, site: &str) -> usize {
        self.lock().values().filter(|watch| *watch.entry.site == *site).count()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Watch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
