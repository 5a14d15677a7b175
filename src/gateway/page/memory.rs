//! What the page of one service remembers: a secret for its forms, and what was looked up a moment ago.
//!
//! All visitors who watch the board are shown the same figures, so that many visitors cost no more than one.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::policy::EvictionPolicy;

use crate::contract::ServiceStatus;
use crate::gateway::page::records::{Fleet, Records};
use crate::gateway::sites::random_text::random_text;
use crate::gateway::{Engine, EngineError};
use crate::store::{JudgedMinute, SubmissionFilter, SubmissionRow};

/// How long a look at the board is shown.
const LOOK: Duration = Duration::from_millis(900);

/// The same of figures over an hour, which cost more.
const MINUTES: Duration = Duration::from_secs(5);

/// Sites that watch their own submissions at once.
const MOST_SITES: u64 = 1000;

/// Submissions on the board.
const NEWEST: i64 = 12;

/// What the page remembers.
#[derive(Debug)]
pub(super) struct PageMemory {
    secret: String,
    looks: Cache<Option<Arc<str>>, Arc<Look>>,
    minutes: Cache<(), Arc<[JudgedMinute]>>,
}

/// The service at a moment, as far as a site may see it.
#[derive(Debug)]
pub(super) struct Look {
    /// Of all sites together.
    pub(super) status: Option<ServiceStatus>,
    /// The newest submissions that may be seen.
    pub(super) newest: Vec<SubmissionRow>,
    /// Queues and workers, for who sees every site.
    pub(super) fleet: Option<Fleet>,
    /// The last hour, likewise.
    pub(super) minutes: Option<Arc<[JudgedMinute]>>,
    /// What cannot be shown, and why.
    pub(super) errors: Vec<String>,
}

/// So many of them; the one that was asked for longest ago makes room, also for a visitor who is new.
fn remembered_for<K, V>(time: Duration, most: u64) -> Cache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder()
        .time_to_live(time)
        .max_capacity(most)
        .eviction_policy(EvictionPolicy::lru())
        .build()
}

impl PageMemory {
    pub(super) fn new() -> Self {
        Self {
            secret: random_text(),
            looks: remembered_for(LOOK, MOST_SITES),
            minutes: remembered_for(MINUTES, 1),
        }
    }

    /// For forms of visitors who have no session.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// The service now: of one site, or all that there is.
    pub(super) async fn look(&self, engine: &dyn Engine, records: &dyn Records, site: Option<Arc<str>>) -> Arc<Look> {
        let looking = async { Arc::new(self.look_at(engine, records, site.clone()).await) };
        self.looks.get_with(site.clone(), looking).await
    }

    async fn look_at(&self, engine: &dyn Engine, records: &dyn Records, site: Option<Arc<str>>) -> Look {
        let sees_all = site.is_none();
        let filter = SubmissionFilter {
            site: site.map(|site| site.to_string()),
            rows: NEWEST,
            ..SubmissionFilter::default()
        };
        let (status, newest, fleet, minutes) = tokio::join!(
            engine.status(),
            records.submissions(filter),
            async {
                if sees_all && records.has_fleet() {
                    Some(records.fleet().await)
                } else {
                    None
                }
            },
            async {
                if sees_all {
                    Some(self.minutes(records).await)
                } else {
                    None
                }
            },
        );
        let mut errors = Vec::new();
        let look = Look {
            status: ok_or_shown(status, &mut errors),
            newest: ok_or_shown(newest, &mut errors).unwrap_or_default().rows,
            minutes: minutes.and_then(|minutes| ok_or_shown(minutes, &mut errors)),
            fleet,
            errors: Vec::new(),
        };
        for error in look.fleet.iter().flat_map(|fleet| &fleet.errors) {
            add_once(&mut errors, error.clone());
        }
        Look { errors, ..look }
    }

    async fn minutes(&self, records: &dyn Records) -> Result<Arc<[JudgedMinute]>, Arc<EngineError>> {
        let looking = async { records.minutes().await.map(Arc::from) };
        self.minutes.try_get_with((), looking).await
    }
}

/// The value; an error is added to those that the page shows.
fn ok_or_shown<T>(found: Result<T, impl ToString>, errors: &mut Vec<String>) -> Option<T> {
    found.map_err(|error| add_once(errors, error.to_string())).ok()
}

/// RabbitMQ or PostgreSQL that is unreachable is shown once, and not for each part that needs it.
fn add_once(errors: &mut Vec<String>, error: String) {
    if !errors.contains(&error) {
        errors.push(error);
    }
}
