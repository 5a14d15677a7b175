//! The way to the database, and its tables.

pub(super) mod hosts;
pub(super) mod ping;
pub(super) mod tables;
mod waits;

use std::sync::Arc;
use std::time::Duration;

use backon::Retryable as _;
use futures::FutureExt as _;
use sqlx::{Connection as _, PgPool, Postgres, Transaction};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::backoff::of_a_service;
use crate::config::StoreSettings;
use crate::store::StoreError;
use crate::store::connection::hosts::{Following, Hosts, connect_to, with_timeout};
use crate::store::connection::tables::{MIGRATIONS, migrate};
use crate::store::connection::waits::Waits;

/// How long getting a connection may take.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long one thing that is asked may take, all its statements included.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a person or a client of the HTTP service waits for the database before it is reported as unreachable.
const PATIENCE: Duration = Duration::from_secs(4);

/// The database, or none where it is switched off.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) pool: Option<PgPool>,
    /// The servers that the pool may connect to.
    hosts: Option<Hosts>,
    /// Ends with the last clone.
    _following: Option<Arc<Following>>,
    /// How long the worker that holds a submission may be silent.
    pub(super) lease: Duration,
    /// Writes that go on after their caller has ended; closing waits for them.
    pub(super) pending_writes: TaskTracker,
    /// What is asked until it is done.
    waits: Waits,
}

impl Store {
    /// Connects and brings the tables up to date; waits for a database that is away, with a line per attempt.
    ///
    /// Several workers may do this at once: migrations run under an advisory lock. Tables of a later version are taken as
    /// they are.
    ///
    /// # Errors
    /// When this version cannot use the tables.
    pub async fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        if !settings.enabled {
            tracing::warn!("the database is switched off: a submission that is delivered twice is judged twice");
            return Ok(Self::of(None, settings));
        }
        let connected = (|| connect(settings))
            .retry(of_a_service())
            .when(|error| !error.is_final())
            .notify(|error, delay| tracing::warn!(%error, ?delay, "PostgreSQL cannot be used; it is tried again after the delay"))
            .await?;
        tracing::info!("the worker is connected to PostgreSQL, and has its tables");
        Ok(Self::of(Some(connected), settings))
    }

    /// For a command of a person: tables are as they are, and a database that is away is not waited for.
    ///
    /// # Errors
    /// When the URL is none, the database is switched off, or it cannot be reached.
    pub async fn attach(settings: &StoreSettings) -> Result<Self, StoreError> {
        if !settings.enabled {
            return Err(StoreError::SwitchedOff);
        }
        let hosts = Hosts::of(settings)?;
        let server = hosts.find().await?;
        // A pool says only that it has no connection, and not why.
        connect_to(&server, PATIENCE).await?.close().await?;
        let pool = hosts
            .pool_options()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(with_timeout(server));
        Ok(Self::of(Some((pool, hosts)), settings))
    }

    /// Does it once, within the time that the caller waits for it.
    pub(super) async fn soon<'a, T, F>(&'a self, operation: impl FnOnce(&'a PgPool) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.within(PATIENCE, operation).await
    }

    /// Does it once, within this time.
    pub(super) async fn within<'a, T, F>(
        &'a self,
        patience: Duration,
        operation: impl FnOnce(&'a PgPool) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let pool = self.pool.as_ref().ok_or(StoreError::SwitchedOff)?;
        let answered = timeout(patience, operation(pool)).await;
        match answered.unwrap_or(Err(StoreError::Silent(patience))) {
            Err(error) if error.is_about_a_missing_table() => Err(StoreError::NoTables),
            answered => answered.inspect_err(|error| self.recheck_after(error)),
        }
    }

    /// The server may be another one by now.
    fn recheck_after(&self, error: &StoreError) {
        if error.is_passing()
            && let Some(hosts) = &self.hosts
        {
            hosts.request_recheck();
        }
    }

    fn of(connected: Option<(PgPool, Hosts)>, settings: &StoreSettings) -> Self {
        let following = connected.as_ref().and_then(|(pool, hosts)| hosts.follow(pool));
        let (pool, hosts) = connected.unzip();
        Self {
            pool,
            hosts,
            _following: following.map(Arc::new),
            lease: Duration::from_millis(settings.lease_ms),
            pending_writes: TaskTracker::new(),
            waits: Waits::default(),
        }
    }

    /// Does it until it is done or cannot be done; a database that is away is waited for, with a line per attempt.
    pub(super) async fn with_retry<T, F>(&self, mut operation: impl FnMut() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let within = || {
            let operation = timeout(ANSWER_TIMEOUT, operation());
            operation.map(|answered| answered.unwrap_or(Err(StoreError::Silent(ANSWER_TIMEOUT))))
        };
        let mut wait = self.waits.begin();
        within
            .retry(of_a_service())
            .when(StoreError::is_passing)
            .notify(|error, delay| {
                wait.failed(error);
                self.recheck_after(error);
                tracing::warn!(%error, ?delay, "PostgreSQL cannot be used; it is tried again after the delay");
            })
            .await
    }

    /// Waits until what is under way is written, and disconnects.
    pub async fn close(&self) {
        self.pending_writes.close();
        if timeout(ANSWER_TIMEOUT, self.pending_writes.wait()).await.is_err() {
            tracing::warn!("the database does not answer; submissions in hand wait until their leases end");
            return;
        }
        if let Some(pool) = &self.pool {
            pool.close().await;
        }
    }
}

/// A transaction in which each statement is planned for the values that it is given. A plan for any value uses no index
/// where a value may be absent.
pub(super) async fn with_own_plans(pool: &PgPool) -> Result<Transaction<'static, Postgres>, StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
        .fetch_one(&mut *transaction)
        .await?;
    Ok(transaction)
}

async fn connect(settings: &StoreSettings) -> Result<(PgPool, Hosts), StoreError> {
    let hosts = Hosts::of(settings)?;
    let server = hosts.find().await?;
    // Over a connection of its own: a migration may take as long as it takes.
    let mut migrating = connect_to(&server, CONNECT_TIMEOUT).await?;
    let later = migrate(&mut migrating, &MIGRATIONS).await?;
    migrating.close().await?;
    let pool = hosts
        .pool_options()
        .max_connections(settings.connections)
        .acquire_timeout(CONNECT_TIMEOUT)
        .connect_with(with_timeout(server))
        .await?;
    if !later.is_empty() {
        tracing::warn!(
            migrations = ?later,
            "a later version has migrated the database: this one does not know {later:?}, and uses the tables as they are"
        );
    }
    Ok((pool, hosts))
}
