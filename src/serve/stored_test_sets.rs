//! Test sets in the database, for workers.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::contract::TestSetHash;
use crate::gateway::{EngineError, FoundTestSet, TestSets, UploadedTestSet};
use crate::serve::brokered::away;
use crate::store::{NewTestSet, Store, TestSetKept};

/// Test sets of all sites.
#[derive(Debug)]
pub(super) struct StoredTestSets {
    store: Store,
    /// Of one site together.
    most_bytes: u64,
}

impl StoredTestSets {
    pub(super) fn new(store: Store, most_bytes: u64) -> Self {
        Self { store, most_bytes }
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
        self.put(uploaded).boxed()
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
