//! Test sets in the database, for workers.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::timeout;

use crate::contract::TestSetHash;
use crate::gateway::{EngineError, FoundTestSet, TestSets, UploadedTestSet};
use crate::serve::brokered::away;
use crate::store::{NewTestSet, Store, TestSetKept};

/// Test sets that are written at once. Each takes a connection for as long as its megabytes take, and everything else that is
/// asked of the database waits for one for a few seconds only.
const WRITTEN_AT_ONCE: usize = 2;

/// How long a test set waits for those before it. Clients wait no longer for it to be written than half a minute.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sites whose turns are remembered. One that is forgotten meanwhile has two at once, which the database puts in order.
const MOST_SITES: u64 = 10_000;

/// Test sets of all sites.
#[derive(Debug)]
pub(super) struct StoredTestSets {
    store: Store,
    /// Of one site together.
    most_bytes: u64,
    /// One set of a site is written at a time.
    turns: Cache<Arc<str>, Arc<Mutex<()>>>,
    written: Semaphore,
}

impl StoredTestSets {
    pub(super) fn new(store: Store, most_bytes: u64) -> Self {
        Self {
            store,
            most_bytes,
            turns: Cache::builder()
                .eviction_policy(EvictionPolicy::lru())
                .max_capacity(MOST_SITES)
                .build(),
            written: Semaphore::new(WRITTEN_AT_ONCE),
        }
    }

    /// Writes it in its turn. What waits holds no connection, so a site that uploads many keeps no other request from having
    /// one.
    async fn put_in_turn(&self, uploaded: UploadedTestSet) -> Result<bool, EngineError> {
        let turn = self
            .turns
            .get_with(Arc::clone(&uploaded.site), async { Arc::default() });
        let turn: Arc<Mutex<()>> = turn.await;
        let turns = async {
            let alone = turn.lock().await;
            // It is never closed.
            (alone, self.written.acquire().await)
        };
        let _turns = timeout(PATIENCE, turns)
            .await
            .map_err(|_elapsed| EngineError::Unavailable("too many test sets are being uploaded".to_owned()))?;
        self.put(uploaded).await
    }

    async fn put(&self, uploaded: UploadedTestSet) -> Result<bool, EngineError> {
        let new = NewTestSet {
            site: &uploaded.site,
            set: &uploaded.set,
            content: &uploaded.content,
            most_bytes: self.most_bytes,
        };
        match self.store.keep_test_set(new).await.map_err(away)? {
            TestSetKept::New => Ok(true),
            TestSetKept::Before => Ok(false),
            TestSetKept::Full { bytes } => Err(EngineError::CannotKeep(format!(
                "the test sets of {} have {bytes} bytes, and with this one they would have more than {} \
                 (serve.test_set_bytes); remove some with DELETE /v1/test-sets/HASH",
                uploaded.site, self.most_bytes
            ))),
        }
    }
}

impl TestSets for StoredTestSets {
    fn keep(&self, uploaded: UploadedTestSet) -> BoxFuture<'_, Result<bool, EngineError>> {
        self.put_in_turn(uploaded).boxed()
    }

    fn find(&self, site: Arc<str>, hash: TestSetHash) -> BoxFuture<'_, Result<Option<FoundTestSet>, EngineError>> {
        async move {
            let row = self.store.test_set(Some(&site), hash).await.map_err(away)?;
            Ok(row.map(|row| FoundTestSet {
                info: row.info,
                kind: row.kind,
                set: None,
            }))
        }
        .boxed()
    }

    fn remove(&self, site: Arc<str>, hash: TestSetHash) -> BoxFuture<'_, Result<bool, EngineError>> {
        async move { self.store.remove_test_set(&site, hash).await.map_err(away) }.boxed()
    }
}
