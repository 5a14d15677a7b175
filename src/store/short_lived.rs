//! Programs that were only run, and say how long they are kept: they are removed with their results once that is over.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::store::connection::ANSWER_TIMEOUT;
use crate::store::purge::{is_alone, remove_cancellations_of, remove_http_of, remove_submissions};
use crate::store::retention::clock;
use crate::store::{Store, StoreError};

/// Submissions that are removed in one transaction.
const BATCH: i64 = 500;

/// Key of the lock in the database that is held for a batch. Another one than that of [`crate::store::PURGING`], or a worker
/// would keep itself from removing old rows for an hour; each passes over the rows that the other has locked.
const FORGETTING: i64 = 0x6173_7369_7a65_6667;

/// How much longer than it says a run is kept whose result is stored and not noted as published. Until
/// then its message may come again, and it would be judged anew.
pub(in crate::store) const PUBLISHED_WITHIN: Duration = Duration::from_secs(24 * 3600);

impl Store {
    /// Removes some of the runs that are not to be kept any longer; how many. 0 is also said while another program does so.
    ///
    /// # Errors
    /// When the database does not answer; nothing is removed then.
    pub async fn forget_some_runs(&self) -> Result<u64, StoreError> {
        self.within(ANSWER_TIMEOUT, forget_some_runs).await
    }

    /// Counts the runs that are not to be kept any longer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_due_runs(&self) -> Result<u64, StoreError> {
        self.within(ANSWER_TIMEOUT, count_due).await
    }

    /// Notes that the result of a run was published, which is kept for so long from now on. There may be no database.
    ///
    /// # Errors
    /// When the database does not answer soon; it is kept for a day more then.
    pub async fn published_run(&self, id: Uuid, keep: Duration) -> Result<(), StoreError> {
        match self.pool {
            Some(_) => self.soon(|pool| published_run(pool, id, keep)).await,
            None => Ok(()),
        }
    }
}

async fn published_run(pool: &PgPool, id: Uuid, keep: Duration) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE verdicts SET forget_at = clock_timestamp() + $2::float8 * interval '1 second'
         WHERE submission_id = $1 AND forget_at > clock_timestamp() + $2::float8 * interval '1 second'",
        id,
        keep.as_secs_f64(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn forget_some_runs(pool: &PgPool) -> Result<u64, StoreError> {
    let mut transaction = pool.begin().await?;
    if !is_alone(&mut transaction, FORGETTING).await? {
        return Ok(0);
    }
    let due = due(&mut transaction).await?;
    let now = clock(&mut transaction).await?;
    let removed = remove_submissions(&mut transaction, &due, now).await?;
    remove_http_of(&mut transaction, &removed).await?;
    remove_cancellations_of(&mut transaction, &removed).await?;
    transaction.commit().await?;
    Ok(removed.len() as u64)
}

/// Some whose time is over; no attempt can begin at them until the transaction ends.
async fn due(connection: &mut PgConnection) -> Result<Vec<Uuid>, StoreError> {
    let rows = sqlx::query!(
        "SELECT s.id FROM expired_runs r JOIN submissions s ON s.id = r.submission_id
         ORDER BY r.forget_at LIMIT $1
         FOR UPDATE OF s SKIP LOCKED",
        BATCH,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn count_due(pool: &PgPool) -> Result<u64, StoreError> {
    let counted = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM expired_runs"#)
        .fetch_one(pool)
        .await?;
    Ok(u64::try_from(counted).unwrap_or_default())
}
