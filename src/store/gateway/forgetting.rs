//! Messages that are kept for long enough are forgotten.

use std::time::Duration;

use sqlx::PgPool;

use crate::store::{Store, StoreError};

/// Messages that one statement forgets: few enough to be done within its time, however many there are.
const BATCH: i64 = 500;

/// Statements of one kind in a round: what is left then is forgotten in the next one.
const MOST_BATCHES: u32 = 1000;

impl Store {
    /// Forgets the messages of submissions that were accepted so long ago, and those of runs that were not sent; how many. What
    /// goes wrong with one kind does not keep the other one.
    ///
    /// # Errors
    /// When the database does not answer soon; what was forgotten before is.
    pub async fn forget_messages(&self, older_than: Duration) -> Result<u64, StoreError> {
        let old = self.forget_in_batches(Some(older_than)).await;
        let unsent = self.forget_in_batches(None).await;
        Ok(old? + unsent?)
    }

    /// Those of this age, or of runs that were not sent. Goes on until a batch is not whole.
    async fn forget_in_batches(&self, older_than: Option<Duration>) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        for _ in 0..MOST_BATCHES {
            let batch = match older_than {
                Some(older_than) => self.soon(|pool| forget_old(pool, older_than)).await?,
                None => self.soon(forget_unsent_runs).await?,
            };
            forgotten += batch;
            if batch < BATCH.unsigned_abs() {
                break;
            }
        }
        Ok(forgotten)
    }
}

async fn forget_old(pool: &PgPool, older_than: Duration) -> Result<u64, StoreError> {
    let forgotten = sqlx::query!(
        "UPDATE gateway_submissions SET message = NULL
         WHERE id = ANY(ARRAY(
             SELECT id FROM gateway_submissions
             WHERE message IS NOT NULL AND accepted_at < statement_timestamp() - $1::float8 * interval '1 second'
             ORDER BY accepted_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
        older_than.as_secs_f64(),
        BATCH,
    )
    .execute(pool)
    .await?;
    Ok(forgotten.rows_affected())
}

/// A run that was not sent has no result behind which it could be kept for as long as it says.
async fn forget_unsent_runs(pool: &PgPool) -> Result<u64, StoreError> {
    let forgotten = sqlx::query!(
        "UPDATE gateway_submissions SET message = NULL
         WHERE id = ANY(ARRAY(
             SELECT id FROM gateway_submissions
             WHERE published_at IS NULL AND accepted_at < statement_timestamp() - interval '1 hour'
               AND has_own_term AND message IS NOT NULL
             ORDER BY accepted_at LIMIT $1 FOR UPDATE SKIP LOCKED))",
        BATCH,
    )
    .execute(pool)
    .await?;
    Ok(forgotten.rows_affected())
}
