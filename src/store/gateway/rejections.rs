//! Why submissions that came over HTTP cannot be judged. The first rejection of one is kept, until it has a verdict.

use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{Fingerprint, Rejection, Request};
use crate::store::{Store, StoreError};

/// A message that is rejected before there is a lease on it. Another one may have the same id.
#[derive(Debug, Clone, Copy)]
pub struct RejectedMessage<'a> {
    /// Which submission, and which time.
    pub request: Request,
    /// Its content, where it could be read.
    pub fingerprint: Option<Fingerprint>,
    /// The message itself.
    pub body: &'a [u8],
}

impl Store {
    /// Notes why a submission cannot be judged, unless a reason is known or it has a verdict. A run that says how long it is
    /// kept has no result to wait for, so its program goes at once.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn reject(&self, id: Uuid, rejection: &Rejection) -> Result<(), StoreError> {
        let document = serde_json::to_string(rejection)?;
        self.soon(|pool| reject(pool, id, &document)).await
    }

    /// The same of a message that a worker has without a lease, if it is the one that was accepted, and no worker has that in
    /// hand. A request to judge once more is not waited for any longer, and what counts stays. Waits for a database that is
    /// away; there may be none.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn reject_unclaimed(
        &self,
        message: RejectedMessage<'_>,
        rejection: &Rejection,
    ) -> Result<(), StoreError> {
        let Some(pool) = &self.pool else { return Ok(()) };
        let document = serde_json::to_string(rejection)?;
        let digest = Sha256::digest(message.body).to_vec();
        self.with_retry(|| reject_unclaimed(pool, message, (&document, &digest)))
            .await
    }
}

async fn reject(pool: &PgPool, id: Uuid, document: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH closed AS (DELETE FROM gateway_open WHERE submission_id = $1)
         UPDATE gateway_submissions SET rejection = $2::text::json,
             message = CASE WHEN NOT has_own_term THEN message END
         WHERE id = $1 AND rejection IS NULL
           AND NOT EXISTS (SELECT FROM verdicts WHERE submission_id = $1)",
        id,
        document
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A request to judge once more has an id that its message alone names. Its callback tells what counts: no attempt says that
/// it has ended.
async fn reject_unclaimed(
    pool: &PgPool,
    message: RejectedMessage<'_>,
    (document, digest): (&str, &[u8]),
) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH accepted AS (
             SELECT id FROM gateway_submissions g
             WHERE g.id = $1
               AND CASE WHEN $3::bytea IS NOT NULL THEN g.fingerprint = $3
                        WHEN $2::uuid IS NOT NULL THEN true
                        ELSE sha256(convert_to(g.message::text, 'UTF8')) = $4 END
               AND NOT EXISTS (SELECT FROM attempts a
                               WHERE a.submission_id = g.id AND a.ended_at IS NULL
                                 AND a.rejudge IS NOT DISTINCT FROM $2)
         ), told AS (
             UPDATE gateway_submissions g SET rejection = $5::text::json,
                 message = CASE WHEN NOT g.has_own_term THEN g.message END
             FROM accepted WHERE g.id = accepted.id AND $2 IS NULL AND g.rejection IS NULL
               AND NOT EXISTS (SELECT FROM verdicts WHERE submission_id = g.id)
         ), closed AS (
             DELETE FROM gateway_open o USING accepted
             WHERE o.submission_id = accepted.id AND o.rejudge = coalesce($2, $6)
         )
         UPDATE gateway_callbacks c SET rejudge = NULL
         FROM accepted WHERE c.submission_id = accepted.id AND c.rejudge = $2 AND c.ended_at IS NULL",
        message.request.submission,
        message.request.rejudge,
        message.fingerprint.map(Fingerprint::to_bytes),
        digest,
        document,
        Uuid::nil(),
    )
    .execute(pool)
    .await?;
    Ok(())
}
