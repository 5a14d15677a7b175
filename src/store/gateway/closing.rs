//! What came over HTTP and is in flight no longer: it has its answer, or none is waited for.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::Request;
use crate::store::connection::with_own_plans;
use crate::store::{Store, StoreError};

/// Rows that are looked at once for those that have their answers.
const LOOKED_AT: i64 = 2000;

impl Store {
    /// Counts a request no longer, since it was probably not sent after all.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn close_unsent(&self, request: Request) -> Result<(), StoreError> {
        self.soon(|pool| close_unsent(pool, request)).await
    }

    /// Counts requests no longer that have their answers, or never will: of a site, or the oldest of all. What has none within
    /// `expiry` is waited for no longer. How many.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn close_answered(&self, site: Option<&str>, expiry: Duration) -> Result<u64, StoreError> {
        self.soon(|pool| close_answered(pool, site, expiry)).await
    }

    /// Counts these requests no longer, whose messages were thrown away, but for those that a worker has in hand. How many.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn close_dropped(&self, requests: &[Request]) -> Result<u64, StoreError> {
        self.soon(|pool| close_dropped(pool, requests)).await
    }
}

async fn close_unsent(pool: &PgPool, request: Request) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE gateway_open SET in_flight = false WHERE submission_id = $1 AND rejudge = $2",
        request.submission,
        request.rejudge.unwrap_or_default(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn close_dropped(pool: &PgPool, requests: &[Request]) -> Result<u64, StoreError> {
    let named = requests.iter().copied();
    let named = named.map(|request| (request.submission, request.rejudge.unwrap_or_default()));
    let (submissions, rejudges): (Vec<Uuid>, Vec<Uuid>) = named.unzip();
    let closed = sqlx::query!(
        "UPDATE gateway_open o SET in_flight = false
         FROM unnest($1::uuid[], $2::uuid[]) AS dropped (id, rejudge)
         WHERE o.submission_id = dropped.id AND o.rejudge = dropped.rejudge AND o.in_flight
           AND NOT EXISTS (SELECT 1 FROM attempts a
                           WHERE a.submission_id = o.submission_id AND a.ended_at IS NULL
                             AND coalesce(a.rejudge, $3) = o.rejudge)",
        &submissions,
        &rejudges,
        Uuid::nil(),
    )
    .execute(pool)
    .await?;
    Ok(closed.rows_affected())
}

async fn close_answered(pool: &PgPool, site: Option<&str>, expiry: Duration) -> Result<u64, StoreError> {
    let mut transaction = with_own_plans(pool).await?;
    let mut closed = 0;
    for is_bulk in [false, true] {
        closed += remove_some_answered(&mut transaction, (site, is_bulk)).await?;
        closed += expire_some(&mut transaction, (site, is_bulk), expiry).await?;
    }
    transaction.commit().await?;
    Ok(closed)
}

/// What was cancelled and no worker has taken for a while has no message any more, or is answered at once when it comes. Each
/// row is looked up by itself, so that no table is read as a whole.
async fn remove_some_answered(
    connection: &mut PgConnection,
    (site, is_bulk): (Option<&str>, bool),
) -> Result<u64, StoreError> {
    let removed = sqlx::query!(
        "WITH looked_at AS MATERIALIZED (
             SELECT ctid AS row, submission_id, rejudge FROM gateway_open
             WHERE in_flight AND bulk = $2 AND ($1::text IS NULL OR site = $1) ORDER BY since LIMIT $3)
         DELETE FROM gateway_open WHERE ctid = ANY (ARRAY(
             SELECT o.row FROM looked_at o
             WHERE o.rejudge = $4 AND (SELECT rejection IS NOT NULL FROM gateway_submissions WHERE id = o.submission_id)
                OR (SELECT true FROM verdicts v
                    WHERE v.submission_id = o.submission_id AND (o.rejudge = $4 OR v.rejudge = o.rejudge) LIMIT 1)
                OR (SELECT true FROM verdict_history h
                    WHERE h.submission_id = o.submission_id AND h.rejudge = o.rejudge LIMIT 1)
                OR (SELECT true FROM attempts a
                    WHERE a.submission_id = o.submission_id AND coalesce(a.rejudge, $4) = o.rejudge
                      AND a.outcome = 'rejected' LIMIT 1)
                OR (SELECT c.asked_at < statement_timestamp() - interval '10 minutes' FROM cancellations c
                    WHERE c.submission_id = o.submission_id AND c.rejudge = o.rejudge)
                   AND (SELECT true FROM attempts a
                        WHERE a.submission_id = o.submission_id AND a.ended_at IS NULL LIMIT 1) IS NULL))",
        site,
        is_bulk,
        LOOKED_AT,
        Uuid::nil(),
    )
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}

/// An hour after it was to be published, a client has sent again what it was not told to be accepted.
async fn expire_some(
    connection: &mut PgConnection,
    (site, is_bulk): (Option<&str>, bool),
    expiry: Duration,
) -> Result<u64, StoreError> {
    let expired = sqlx::query!(
        "WITH looked_at AS MATERIALIZED (
             SELECT ctid AS row, submission_id, since, unsent_since FROM gateway_open
             WHERE in_flight AND bulk = $2 AND ($1::text IS NULL OR site = $1) ORDER BY since LIMIT $3)
         UPDATE gateway_open SET in_flight = false WHERE ctid = ANY (ARRAY(
             SELECT o.row FROM looked_at o
             WHERE o.since < statement_timestamp() - $4::float8 * interval '1 second'
                OR o.since < statement_timestamp() - interval '1 hour'
                   AND (o.unsent_since IS NOT NULL
                        OR (SELECT published_at IS NULL FROM gateway_submissions WHERE id = o.submission_id))))",
        site,
        is_bulk,
        LOOKED_AT,
        expiry.as_secs_f64(),
    )
    .execute(connection)
    .await?;
    Ok(expired.rows_affected())
}
