//! Why submissions that came over HTTP cannot be judged. The first rejection of one is kept, until it has a verdict: that of
//! something else under its id is none.

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
    /// Notes of a rejection that a service hears of, for workers that store none. Of a submission as it was first sent it is
    /// kept, unless another one is or there is a verdict; a run that says how long it is kept has no result to wait for then,
    /// so its program goes at once. A request to judge once more is not waited for any longer, and what counts stays.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn reject(&self, request: Request, rejection: &Rejection) -> Result<(), StoreError> {
        let document = serde_json::to_string(rejection)?;
        self.soon(|pool| reject(pool, request, &document)).await
    }

    /// Notes the rejection of a message that a worker has without a lease. Nothing is noted unless it is the message that was
    /// accepted, and while a worker has its request in hand. A request to judge once more is not waited for any longer, and
    /// what counts stays. Waits for a database that is away; there may be none.
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

/// A callback that was not tried yet is due with the answer. Nothing else of the submission is closed: another request to judge it once more is still waited for, and so is what was
/// accepted where this rejection is none of it.
async fn reject(pool: &PgPool, request: Request, document: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH stored AS (
             UPDATE gateway_submissions SET rejection = $3::text::json,
                 message = CASE WHEN NOT has_own_term THEN message END
             WHERE id = $1 AND $2::uuid IS NULL AND rejection IS NULL
               AND (NOT EXISTS (SELECT FROM verdicts WHERE submission_id = $1)
                    OR EXISTS (SELECT FROM gateway_conflicts WHERE submission_id = $1))
             RETURNING id
         ), due AS (
             UPDATE gateway_callbacks SET due_at = clock_timestamp()
             WHERE submission_id = $1 AND rejudge IS NOT DISTINCT FROM $2 AND ended_at IS NULL AND tries = 0
         )
         DELETE FROM gateway_open
         WHERE submission_id = $1 AND rejudge = coalesce($2, $4) AND ($2 IS NOT NULL OR EXISTS (SELECT FROM stored))",
        request.submission,
        request.rejudge,
        document,
        Uuid::nil(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The message of a request to judge once more is known by the id of that request, where the message as a whole cannot be
/// read; that of a submission as it was first sent, by being what was accepted. No attempt says that such a request has
/// ended, so its callback becomes one of the submission: it tells what counts.
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
                                 AND a.rejudge IS NOT DISTINCT FROM $2
                                 AND coalesce(a.fingerprint = g.fingerprint, true))
         ), told AS (
             UPDATE gateway_submissions g SET rejection = $5::text::json,
                 message = CASE WHEN NOT g.has_own_term THEN g.message END
             FROM accepted WHERE g.id = accepted.id AND $2 IS NULL AND g.rejection IS NULL
               AND (NOT EXISTS (SELECT FROM verdicts WHERE submission_id = g.id)
                    OR EXISTS (SELECT FROM gateway_conflicts WHERE submission_id = g.id))
         ), closed AS (
             DELETE FROM gateway_open o USING accepted
             WHERE o.submission_id = accepted.id AND o.rejudge = coalesce($2, $6)
         )
         UPDATE gateway_callbacks c
         SET rejudge = NULL, due_at = CASE WHEN c.tries = 0 THEN clock_timestamp() ELSE c.due_at END
         FROM accepted
         WHERE c.submission_id = accepted.id AND c.rejudge IS NOT DISTINCT FROM $2 AND c.ended_at IS NULL",
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
