//! How much of the service each site uses: what it has in flight, and CPU time. PostgreSQL knows it of all services together,
//! and is asked no more often than answers differ.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::time::{MissedTickBehavior, interval};

use super::{Brokered, away};
use crate::contract::Request;
use crate::gateway::EngineError;
use crate::store::{CpuMinute, StoreError};

/// How long CPU time that was added up is told again. What has ended meanwhile counts a little later.
const RECENT: Duration = Duration::from_secs(1);

/// Sites of which something is remembered.
const MOST_SITES: u64 = 10_000;

/// How often requests are looked for that are open and have their answers.
const CLOSE_EVERY: Duration = Duration::from_secs(60);

/// What was counted a moment ago.
#[derive(Debug)]
pub(super) struct Counted {
    cpu: Cache<Arc<str>, Vec<CpuMinute>>,
    /// Sites of which what has its answer was closed.
    closed: Cache<Arc<str>, ()>,
    /// How long a submission without an answer counts.
    expiry: Duration,
}

impl Counted {
    /// Without an answer a submission counts for so long.
    pub(super) fn within(expiry: Duration) -> Self {
        Self {
            cpu: recent(),
            closed: recent(),
            expiry,
        }
    }
}

fn recent<V: Clone + Send + Sync + 'static>() -> Cache<Arc<str>, V> {
    Cache::builder()
        .eviction_policy(EvictionPolicy::lru())
        .time_to_live(RECENT)
        .max_capacity(MOST_SITES)
        .build()
}

impl Brokered {
    /// Submissions of a site that wait or run.
    pub(super) async fn count_in_flight(&self, site: Arc<str>, more: usize, most: usize) -> Result<usize, EngineError> {
        let counted = self.store.count_open(&site, most).await.map_err(away)?;
        if counted.saturating_add(more) <= most || self.counted.closed.contains_key(&site) {
            return Ok(counted);
        }
        // A worker of an older version leaves what it has answered.
        self.counted.closed.insert(Arc::clone(&site), ()).await;
        let closed = self.store.close_answered(Some(&site), self.counted.expiry).await;
        match closed.map_err(away)? {
            0 => Ok(counted),
            _closed => self.store.count_open(&site, most).await.map_err(away),
        }
    }

    /// CPU time of a site within the last hour.
    pub(super) async fn cpu_of(&self, site: Arc<str>) -> Result<Vec<CpuMinute>, EngineError> {
        let asking = self.store.cpu_used(&site);
        let used = self.counted.cpu.try_get_with(Arc::clone(&site), asking).await;
        used.map_err(|error: Arc<StoreError>| EngineError::Unavailable(error.to_string()))
    }

    /// A submission that is not handed in after all.
    pub(super) async fn forget_unsent(&self, request: Request) {
        self.watched.forget(request);
        if let Err(error) = self.store.close_unsent(request).await {
            tracing::debug!(submission.id = %request.submission, %error, "a submission that was not sent counts for an hour");
        }
    }

    /// Closes what has its answer, for ever.
    pub(in crate::serve) async fn close_answered(self: Arc<Self>) {
        let mut ticks = interval(CLOSE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            while self
                .store
                .close_answered(None, self.counted.expiry)
                .await
                .unwrap_or_else(|error| {
                    tracing::warn!(%error, "it cannot be looked up what has its answer; it is tried again in a minute");
                    0
                })
                > 0
            {}
        }
    }
}
