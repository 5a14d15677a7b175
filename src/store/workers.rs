//! Reports of workers: each writes its row every few seconds, and the row of one that was killed is not renewed.

use std::time::Duration;

use sqlx::PgPool;

use crate::store::{Store, StoreError, text};

/// The time between two reports of a worker: what is not ready is looked at again sooner.
pub const REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// A worker that has reported nothing for so long is gone, or cannot reach the database.
const SILENCE: Duration = Duration::from_secs(35);

/// How long the row of a worker is kept after its last report.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Rows that are read at once.
const MOST_ROWS: i64 = 10_000;

/// Verdicts from which the time that a submission takes is reckoned, at most [`LATEST`] of them.
const RECENT: Duration = Duration::from_secs(600);

/// The latest verdicts that are read: of a thousand workers those of ten minutes are millions.
const LATEST: i64 = 20_000;

/// What a worker reports of itself.
#[derive(Debug, Clone)]
pub struct WorkerReport<'a> {
    /// Its name.
    pub id: &'a str,
    /// How long ago it was started.
    pub up: Duration,
    /// Submissions that it can judge at once.
    pub slots: usize,
    /// Those that it judges.
    pub in_hand: i64,
    /// How long the latest submission had waited when it came, in seconds.
    pub waited_s: Option<f64>,
    /// Why it is not ready.
    pub trouble: Option<&'a str>,
}

/// The last report of a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerRow {
    /// Its name.
    pub id: String,
    /// Its version of Assize.
    pub version: String,
    /// Seconds since it was started.
    pub up_s: f64,
    /// Seconds since this report.
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
    /// Submissions that came to a verdict; where they are very many, reckoned from the latest of them.
    pub judged: u64,
    /// How long each had a slot on average, in seconds.
    pub mean_s: Option<f64>,
}

impl WorkerRow {
    /// Whether its last report is too old.
    pub fn is_silent(&self) -> bool {
        self.silent_s > SILENCE.as_secs_f64()
    }

    /// Whether it can do its work.
    pub fn is_ready(&self) -> bool {
        !self.is_silent() && self.trouble.is_none()
    }
}

impl Store {
    /// Writes how a worker is, into its own row only. Without a database, nothing.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn report_worker(&self, report: &WorkerReport<'_>) -> Result<(), StoreError> {
        if self.pool.is_none() {
            return Ok(());
        }
        self.soon(|pool| write(pool, report)).await
    }

    /// Removes rows of workers that were silent for a day. It looks at the row of every worker, so it is done now and then.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn forget_silent_workers(&self) -> Result<(), StoreError> {
        if self.pool.is_none() {
            return Ok(());
        }
        self.soon(forget_silent).await
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
        "INSERT INTO workers (id, version, started_at, slots, in_hand, waited_s, trouble)
         VALUES ($1, $2, clock_timestamp() - $3::float8 * interval '1 second', $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, started_at = excluded.started_at,
             seen_at = excluded.seen_at, slots = excluded.slots, in_hand = excluded.in_hand,
             waited_s = excluded.waited_s, trouble = excluded.trouble",
        &*text::storable(report.id),
        env!("CARGO_PKG_VERSION"),
        report.up.as_secs_f64(),
        i32::try_from(report.slots).unwrap_or(i32::MAX),
        i32::try_from(report.in_hand.max(0)).unwrap_or(i32::MAX),
        report.waited_s,
        report.trouble.map(text::shortened),
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn forget_silent(pool: &PgPool) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM workers WHERE seen_at < statement_timestamp() - $1::float8 * interval '1 second'",
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
                  avg(extract(epoch FROM judged_at - received_at))::float8 AS mean_s,
                  extract(epoch FROM clock_timestamp() - min(judged_at))::float8 AS span_s
           FROM (SELECT judged_at, received_at FROM verdicts
                 WHERE judged_at > statement_timestamp() - $1::float8 * interval '1 second'
                 ORDER BY judged_at DESC LIMIT $2) AS latest"#,
        RECENT.as_secs_f64(),
        LATEST,
    )
    .fetch_one(pool)
    .await?;
    let span = row.span_s.filter(|_span| row.judged == LATEST);
    Ok(Throughput {
        seconds: RECENT.as_secs(),
        judged: span.map_or(u64::try_from(row.judged).unwrap_or_default(), judged_at_this_rate),
        mean_s: row.mean_s,
    })
}

/// What is judged in all of the time when the latest verdicts took so many seconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a count that is estimated"
)]
fn judged_at_this_rate(span_s: f64) -> u64 {
    (LATEST as f64 * RECENT.as_secs_f64() / span_s.max(1e-3)).round() as u64
}
