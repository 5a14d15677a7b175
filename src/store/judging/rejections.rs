//! Attempts that end since their submission cannot be judged.

use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::Rejection;
use crate::store::judging::attempts::Attempt;
use crate::store::{Lease, StoreError, text};

impl Lease {
    /// Ends the attempt with a rejection, which is kept where the submission came over HTTP. `false`: another worker has taken
    /// the submission over, and nothing is stored. Waits for a database that is away.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn reject(mut self, rejection: &Rejection) -> Result<bool, StoreError> {
        let (Some(attempt), Some(pool)) = (self.attempt, self.store.pool.clone()) else {
            return Ok(true);
        };
        let document = serde_json::to_string(rejection)?;
        let reason = text::shortened(&rejection.reason);
        let rejecting = self.store.with_retry(|| reject(&pool, attempt, (&reason, &document)));
        let is_ours = rejecting.await?;
        self.ended();
        Ok(is_ours)
    }
}

/// A request to judge once more that is rejected leaves what counts as it is. A callback that was not tried yet is due. The
/// answer to a first try may be lost on its way.
async fn reject(pool: &PgPool, attempt: Attempt, (reason, document): (&str, &str)) -> Result<bool, StoreError> {
    let is_ours = sqlx::query_scalar!(
        r#"WITH ended AS (
             UPDATE attempts SET ended_at = clock_timestamp(), outcome = 'rejected', reason = $4
             WHERE submission_id = $1 AND number = $2 AND holder = $3 AND ended_at IS NULL
             RETURNING submission_id, fingerprint
         ), told AS (
             UPDATE gateway_submissions g SET rejection = $5::text::json,
                 message = CASE WHEN NOT g.has_own_term THEN g.message END
             FROM ended WHERE g.id = ended.submission_id AND $6::uuid IS NULL AND g.rejection IS NULL
               AND coalesce(g.fingerprint = ended.fingerprint, true)
               AND NOT EXISTS (SELECT FROM verdicts WHERE submission_id = g.id)
         ), closed AS (
             DELETE FROM gateway_open o USING ended
             WHERE o.submission_id = ended.submission_id AND o.rejudge = coalesce($6, $7)
         ), due AS (
             UPDATE gateway_callbacks c SET due_at = clock_timestamp()
             FROM ended WHERE c.submission_id = ended.submission_id AND c.rejudge IS NOT DISTINCT FROM $6
               AND c.ended_at IS NULL AND c.tries = 0
         )
         SELECT EXISTS (SELECT FROM ended)
                OR EXISTS (SELECT FROM attempts
                           WHERE submission_id = $1 AND number = $2 AND holder = $3
                             AND outcome = 'rejected') AS "is_ours!""#,
        attempt.request.submission,
        attempt.number,
        attempt.holder,
        reason,
        document,
        attempt.request.rejudge,
        Uuid::nil(),
    )
    .fetch_one(pool)
    .await?;
    Ok(is_ours)
}
