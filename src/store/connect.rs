//! The way to the database, and its tables.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use sqlx::PgPool;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgPoolOptions;
use thiserror::Error;

use crate::config::StoreSettings;

/// How long getting a connection may take.
const CONNECTING_TAKES_AT_MOST: Duration = Duration::from_secs(10);

/// The memory of what was decided, or none.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) pool: Option<PgPool>,
}

/// A database that did not do what it must.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The tables cannot be made.
    #[error("cannot bring the tables up to date: {0}")]
    Migrate(#[from] MigrateError),
    /// A statement failed.
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
    /// A stored document cannot be read.
    #[error("a stored verdict cannot be read: {0}")]
    Document(#[from] serde_json::Error),
}

impl StoreError {
    /// Trying again cannot help: the tables are not those of this version.
    fn is_final(&self) -> bool {
        matches!(self, Self::Migrate(error) if !matches!(error, MigrateError::Execute(_)))
    }
}

impl Store {
    /// Connects and brings the tables up to date; waits for a database that is away, with a line per attempt.
    ///
    /// Several workers may do this at once: migrations run under an advisory lock (`sqlx::migrate`).
    ///
    /// # Errors
    /// When the tables are those of another version.
    pub async fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        if !settings.enabled {
            tracing::warn!("the database is switched off: a submission that is delivered twice is judged twice");
            return Ok(Self { pool: None });
        }
        let backoff = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(5))
            .with_jitter()
            .without_max_times();
        let pool = (|| connect(settings))
            .retry(backoff)
            .when(|error| !error.is_final())
            .notify(|error, delay| tracing::warn!("PostgreSQL: {error}; next attempt in {delay:.1?}"))
            .await?;
        tracing::info!("connected to PostgreSQL, its tables are up to date");
        Ok(Self { pool: Some(pool) })
    }

    /// Waits until what is under way is written, and disconnects.
    pub async fn close(&self) {
        if let Some(pool) = &self.pool {
            pool.close().await;
        }
    }
}

async fn connect(settings: &StoreSettings) -> Result<PgPool, StoreError> {
    let pool = PgPoolOptions::new()
        .max_connections(settings.connections)
        .acquire_timeout(CONNECTING_TAKES_AT_MOST)
        .connect(&settings.url)
        .await?;
    sqlx::migrate!("./migrations").run(&pool).await?;
    Ok(pool)
}
