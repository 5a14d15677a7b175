//! Programs that were only run, and say how long they are kept: they are removed with their results once that is over.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::store::connection::ANSWER_TIMEOUT;
use crate::store::purge::{is_alone, remove_cancellations_of, remove_http_of, remove_submissions};
use crate::store::{Store, StoreError};

/// Submissions that are removed in one transaction.
const BATCH: i64 = 500;

impl Store {
    /// Removes some of the runs that are not to be kept any longer; how many. 0 is also said while another program removes
    /// something.
    ///
    /// # Errors
    /// When the database does not answer; nothing is removed then.
    pub async fn forget_some_runs(&self) -> Result<u64, StoreError> {
        self.within(ANSWER_TIMEOUT, forget_some_runs).await
    }
}

async fn forget_some_runs(pool: &PgPool) -> Result<u64, StoreError> {
    let mut transaction = pool.begin().await?;
    if !is_alone(&mut transaction).await? {
        return Ok(0);
    }
    let due = due(&mut transaction).await?;
    let removed = remove_submissions(&mut transaction, &due, Timestamp::now()).await?;
    remove_http_of(&mut transaction, &removed).await?;
    remove_cancellations_of(&mut transaction, &removed).await?;
    transaction.commit().await?;
    Ok(removed.len() as u64)
}

/// Some whose time is over; no attempt can begin at them until the transaction ends. An answer that is still to be sent to an
/// address stays until that is over, which takes three days at most.
async fn due(connection: &mut PgConnection) -> Result<Vec<Uuid>, StoreError> {
    let rows = sqlx::query!(
        "SELECT s.id FROM verdicts v JOIN submissions s ON s.id = v.submission_id
         WHERE v.forget_at < statement_timestamp()
           AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = v.submission_id AND a.ended_at IS NULL)
           AND (v.forget_at < statement_timestamp() - interval '4 days'
                OR NOT EXISTS (SELECT 1 FROM gateway_callbacks c
                               WHERE c.submission_id = v.submission_id AND c.ended_at IS NULL))
         ORDER BY v.forget_at LIMIT $1
         FOR UPDATE OF s SKIP LOCKED",
        BATCH,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
