//! How workers are: each writes its row every few seconds, and the row of one that was killed falls silent.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgPool;

use crate::store::{Store, StoreError, text};

/// How long a worker may say nothing before the next report: what is not ready is looked at again sooner.
pub const REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// A worker that has said nothing for so long is gone, or cannot reach the database.
const SILENCE: Duration = Duration::from_secs(35);

/// How long the row of a worker is kept that says nothing any more.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Rows that are read at once.
const MOST_ROWS: i64 = 10_000;

/// Attempts from which the time that a submission takes is reckoned.
const RECENT: Duration = Duration::from_secs(600);

/// What a worker says of itself.
#[derive(Debug, Clone)]
pub struct WorkerReport<'a> {
    /// Its name.
    pub id: &'a str,
    /// When it was started.
    pub started_at: Timestamp,
    /// Submissions that it can judge at once.
    pub slots: usize,
    /// Those that it judges.
    pub in_hand: i64,
    /// How long the latest submission had waited when it came, in seconds.
    pub waited_s: Option<f64>,
    /// Why it is not ready.
    pub trouble: Option<&'a str>,
}

/// What a worker said of itself last.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerRow {
    /// Its name.
    pub id: String,
    /// Its version of Assize.
    pub version: String,
    /// Seconds since it was started.
    pub up_s: f64,
    /// Seconds since it said this.
    pub silent_s: f64,
    /// Submissions that it can judge at once.
    pub slots: u64,
    /// Those that it judges.
    pub in_hand: u64,
    /// How long the latest submission had waited when it came, in seconds.
    pub waited_s: Option<f64>,
    /// Why it is not ready.
    pub trouble: Option<String>,
}

/// What all workers have judged lately.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throughput {
    /// In these last seconds.
    pub seconds: u64,
    /// Submissions that came to a verdict.
    pub judged: u64,
    /// How long each had a slot on average, in seconds.
    pub mean_s: Option<f64>,
}

impl WorkerRow {
    /// Whether it has not been heard of for too long.
    pub fn is_silent(&self) -> bool {
        self.silent_s > SILENCE.as_secs_f64()
    }

    /// Whether it can do its work.
    pub fn is_ready(&self) -> bool {
        !self.is_silent() && self.trouble.is_none()
    }
}

impl Store {
    /// Writes how a worker is, and removes rows of workers that were silent for a day. Without a database, nothing.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn report_worker(&self, report: &WorkerReport<'_>) -> Result<(), StoreError> {
        if self.pool.is_none() {
            return Ok(());
        }
        self.soon(|pool| write(pool, report)).await
    }

    /// Removes the row of a worker that stops.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn forget_worker(&self, id: &str) -> Result<(), StoreError> {
        if self.pool.is_none() {
            return Ok(());
        }
        self.soon(|pool| forget(pool, id)).await
    }

    /// How all workers are, by their names.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn workers(&self) -> Result<Vec<WorkerRow>, StoreError> {
        self.soon(rows).await
    }

    /// What was judged in the last minutes.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn throughput(&self) -> Result<Throughput, StoreError> {
        self.soon(throughput).await
    }
}

async fn write(pool: &PgPool, report: &WorkerReport<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH forgotten AS (
             DELETE FROM workers WHERE id <> $1 AND seen_at < clock_timestamp() - $8::float8 * interval '1 second'
         )
         INSERT INTO workers (id, version, started_at, slots, in_hand, waited_s, trouble)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, started_at = excluded.started_at,
             seen_at = excluded.seen_at, slots = excluded.slots, in_hand = excluded.in_hand,
             waited_s = excluded.waited_s, trouble = excluded.trouble",
        &*text::storable(report.id),
        env!("CARGO_PKG_VERSION"),
        report.started_at.to_sqlx() as _,
        i32::try_from(report.slots).unwrap_or(i32::MAX),
        i32::try_from(report.in_hand.max(0)).unwrap_or(i32::MAX),
        report.waited_s,
        report.trouble.map(text::shortened),
        FORGOTTEN_AFTER.as_secs_f64(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn forget(pool: &PgPool, id: &str) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM workers WHERE id = $1", &*text::storable(id))
        .execute(pool)
        .await?;
    Ok(())
}

async fn rows(pool: &PgPool) -> Result<Vec<WorkerRow>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, version, slots, in_hand, waited_s, trouble,
                  extract(epoch FROM clock_timestamp() - started_at)::float8 AS "up_s!",
                  extract(epoch FROM clock_timestamp() - seen_at)::float8 AS "silent_s!"
           FROM workers ORDER BY id LIMIT $1"#,
        MOST_ROWS,
    )
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(|row| WorkerRow {
        id: row.id,
        version: row.version,
        up_s: row.up_s,
        silent_s: row.silent_s,
        slots: u64::try_from(row.slots).unwrap_or_default(),
        in_hand: u64::try_from(row.in_hand).unwrap_or_default(),
        waited_s: row.waited_s,
        trouble: row.trouble,
    });
    Ok(rows.collect())
}

async fn throughput(pool: &PgPool) -> Result<Throughput, StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "judged!",
                  avg(extract(epoch FROM ended_at - started_at))::float8 AS mean_s
           FROM attempts
           WHERE started_at > clock_timestamp() - $1::float8 * interval '1 second' AND outcome = 'verdict'"#,
        RECENT.as_secs_f64(),
    )
    .fetch_one(pool)
    .await?;
    Ok(Throughput {
        seconds: RECENT.as_secs(),
        judged: u64::try_from(row.judged).unwrap_or_default(),
        mean_s: row.mean_s,
    })
}
