//! Test sets that submissions name: from the database, each once however many submissions name it, and kept in memory for
//! a while within a size.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use thiserror::Error;
use tokio::task::spawn_blocking;

use crate::contract::{Rejected, Submission, SubmissionCaps, TestSet, TestSetHash};
use crate::judge::{JudgeError, JudgeFailure};
use crate::store::{Store, StoreError};

/// How long one is kept. After that the database is asked, which notes that it is used.
const KEPT_FOR: Duration = Duration::from_secs(3600);

/// Test sets of a worker.
#[derive(Debug)]
pub(super) struct TestSets {
    store: Store,
    caps: SubmissionCaps,
    cache: Cache<TestSetHash, Arc<TestSet>>,
}

/// Why a test set cannot be had.
#[derive(Debug, Error)]
enum Missing {
    #[error("there is none of this hash")]
    Unknown,
    /// What is stored is not what was uploaded.
    #[error("the database has other bytes under this hash; upload it once more")]
    Altered,
    /// This worker allows less than the service that has taken it.
    #[error("this worker does not take it: {0}")]
    Refused(#[source] Rejected),
    #[error(transparent)]
    Store(StoreError),
    #[error("the task that reads it failed: {0}")]
    Ended(#[source] tokio::task::JoinError),
}

impl TestSets {
    /// From this database, at most so many bytes in memory.
    pub(super) fn of(store: Store, caps: SubmissionCaps, most_bytes: u64) -> Self {
        let weigh = |_hash: &TestSetHash, set: &Arc<TestSet>| u32::try_from(set.held_bytes()).unwrap_or(u32::MAX);
        // A set that is new is what submissions come with: frequency would keep it out.
        let cache = Cache::builder()
            .max_capacity(most_bytes)
            .weigher(weigh)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_live(KEPT_FOR)
            .build();
        Self { store, caps, cache }
    }

    /// The submission with the test set that it names.
    pub(super) async fn give(&self, submission: &Submission, hash: TestSetHash) -> Result<Submission, JudgeFailure> {
        let found = self.cache.try_get_with(hash, self.load(hash)).await;
        let set = found.map_err(|missing| failure(submission, hash, missing))?;
        let mut submission = submission.clone();
        submission.take_test_set(set)?;
        Ok(submission)
    }

    async fn load(&self, hash: TestSetHash) -> Result<Arc<TestSet>, Missing> {
        let content = self.store.test_set_content(hash).await.map_err(Missing::Store)?;
        let content = content.ok_or(Missing::Unknown)?;
        let caps = self.caps;
        let reading = spawn_blocking(move || match TestSetHash::of(&content) == hash {
            true => TestSet::read(&content, &caps).map_err(Missing::Refused),
            false => Err(Missing::Altered),
        });
        reading.await.map_err(Missing::Ended)?.map(Arc::new)
    }
}

fn failure(submission: &Submission, hash: TestSetHash, missing: Arc<Missing>) -> JudgeFailure {
    match &*missing {
        // Without a database there are no test sets.
        Missing::Unknown | Missing::Store(StoreError::SwitchedOff) => {
            Rejected::unknown_test_set(submission, hash).into()
        }
        Missing::Refused(rejected) => Rejected {
            id: Some(submission.id),
            field: Some("test_set".to_owned()),
            reason: format!("this worker does not take the test set {hash}: {rejected}"),
            ..rejected.clone()
        }
        .into(),
        Missing::Altered | Missing::Store(_) | Missing::Ended(_) => JudgeError::TestSet {
            hash,
            source: Box::new(missing),
        }
        .into(),
    }
}
