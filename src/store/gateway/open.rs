//! What came over HTTP and has no answer yet: how much a site has in flight, and what waits before a submission.
//!
//! A row is there from before a submission is published until its verdict is stored, whichever services and workers live
//! meanwhile. No more of them is read than is asked for.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::Request;
use crate::store::connection::with_own_plans;
use crate::store::gateway::NewSubmission;
use crate::store::{Store, StoreError};

/// Rows that are looked at once for those that have their answers.
const LOOKED_AT: i64 = 2000;

/// Something that is to be answered.
#[derive(Debug, Clone, Copy)]
pub struct OpenRequest<'a> {
    /// Which submission, and which time.
    pub request: Request,
    /// The site that waits for it.
    pub site: &'a str,
    /// Whether it may wait behind others.
    pub is_bulk: bool,
    /// Whether its CPU time is counted for the site.
    pub is_charged: bool,
}

impl<'a> OpenRequest<'a> {
    /// A submission as it is first sent.
    pub(super) fn first(new: &NewSubmission<'a>) -> Self {
        Self {
            request: Request {
                submission: new.id,
                rejudge: None,
            },
            site: new.site,
            is_bulk: false,
            is_charged: new.is_charged,
        }
    }
}

impl Store {
    /// Counts a request to judge once more as open, unless it has its verdict.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn open_again(&self, open: OpenRequest<'_>) -> Result<(), StoreError> {
        self.soon(|pool| open_again(pool, open)).await
    }

    /// Counts a request as open no longer, since it was not sent after all.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn close_unsent(&self, request: Request) -> Result<(), StoreError> {
        self.soon(|pool| close(pool, request)).await
    }

    /// Requests of a site without an answer, as far as `most`.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn count_open(&self, site: &str, most: usize) -> Result<usize, StoreError> {
        self.soon(|pool| count(pool, site, most)).await
    }

    /// Closes requests that have their answers, or never will: of a site, or the oldest of all. What has none after `term` is
    /// waited for no longer. How many.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn close_answered(&self, site: Option<&str>, term: Duration) -> Result<u64, StoreError> {
        self.soon(|pool| close_answered(pool, site, term)).await
    }

    /// Closes all requests about these submissions whose messages were thrown away, but for those that a worker has in hand.
    /// How many.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn close_dropped(&self, submissions: &[Uuid]) -> Result<u64, StoreError> {
        self.soon(|pool| close_dropped(pool, submissions)).await
    }

    /// The submissions that wait in the work queue for a worker, in the order in which they were accepted, as far as `most`.
    /// What came over RabbitMQ is not among them; `None` stands for a submission that is judged once more.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn waiting_line(&self, most: usize) -> Result<Vec<Option<Uuid>>, StoreError> {
        self.soon(|pool| waiting_line(pool, most)).await
    }
}

pub(super) async fn open_again(pool: &PgPool, open: OpenRequest<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO gateway_open (submission_id, rejudge, site, bulk, charged)
         SELECT $1, $2, $3, $4, $5
         WHERE NOT EXISTS (SELECT 1 FROM verdicts v
                           WHERE v.submission_id = $1 AND ($2::uuid = $6::uuid OR v.rejudge = $2))
           AND NOT EXISTS (SELECT 1 FROM verdict_history h WHERE h.submission_id = $1 AND h.rejudge = $2)
           AND NOT EXISTS (SELECT 1 FROM gateway_submissions g
                           WHERE g.id = $1 AND g.rejection IS NOT NULL AND $2::uuid = $6::uuid)
         ON CONFLICT (submission_id, rejudge) DO NOTHING",
        open.request.submission,
        open.request.rejudge.unwrap_or_default(),
        open.site,
        open.is_bulk,
        open.is_charged,
        Uuid::nil(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn close(pool: &PgPool, request: Request) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM gateway_open WHERE submission_id = $1 AND rejudge = $2",
        request.submission,
        request.rejudge.unwrap_or_default(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn count(pool: &PgPool, site: &str, most: usize) -> Result<usize, StoreError> {
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (SELECT 1 FROM gateway_open WHERE site = $1 LIMIT $2) AS open"#,
        site,
        i64::try_from(most).unwrap_or(i64::MAX),
    )
    .fetch_one(pool)
    .await?;
    Ok(usize::try_from(counted).unwrap_or_default())
}

async fn close_dropped(pool: &PgPool, submissions: &[Uuid]) -> Result<u64, StoreError> {
    let closed = sqlx::query!(
        "DELETE FROM gateway_open o
         WHERE o.submission_id = ANY($1)
           AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = o.submission_id AND a.ended_at IS NULL)",
        submissions,
    )
    .execute(pool)
    .await?;
    Ok(closed.rows_affected())
}

async fn close_answered(pool: &PgPool, site: Option<&str>, term: Duration) -> Result<u64, StoreError> {
    let mut transaction = with_own_plans(pool).await?;
    let mut closed = 0;
    for is_bulk in [false, true] {
        closed += close_some_answered(&mut transaction, (site, is_bulk), term).await?;
    }
    transaction.commit().await?;
    Ok(closed)
}

/// An hour after it was to be published, a client has sent again what it was not told to be accepted. What was cancelled and
/// no worker has taken for a while has no message any more, or is answered at once when it comes. Each row is looked up by
/// itself, so that no table is read as a whole: rows are not changed, and keep their place.
async fn close_some_answered(
    connection: &mut PgConnection,
    (site, is_bulk): (Option<&str>, bool),
    term: Duration,
) -> Result<u64, StoreError> {
    let closed = sqlx::query!(
        "WITH looked_at AS MATERIALIZED (
             SELECT ctid AS row, submission_id, rejudge, since FROM gateway_open
             WHERE bulk = $2 AND ($1::text IS NULL OR site = $1) ORDER BY since LIMIT $3)
         DELETE FROM gateway_open WHERE ctid = ANY (ARRAY(
             SELECT o.row FROM looked_at o
             CROSS JOIN LATERAL (SELECT published_at IS NULL AS unsent, rejection IS NOT NULL AS rejected
                                 FROM gateway_submissions WHERE id = o.submission_id LIMIT 1) AS g
             WHERE o.rejudge = $4 AND g.rejected
                OR (SELECT true FROM verdicts v
                    WHERE v.submission_id = o.submission_id AND (o.rejudge = $4 OR v.rejudge = o.rejudge) LIMIT 1)
                OR (SELECT true FROM verdict_history h
                    WHERE h.submission_id = o.submission_id AND h.rejudge = o.rejudge LIMIT 1)
                OR (SELECT true FROM attempts a
                    WHERE a.submission_id = o.submission_id AND coalesce(a.rejudge, $4) = o.rejudge
                      AND a.outcome = 'rejected' LIMIT 1)
                OR g.unsent AND o.since < statement_timestamp() - interval '1 hour'
                OR o.since < statement_timestamp() - $5::float8 * interval '1 second'
                OR (SELECT c.asked_at < statement_timestamp() - interval '10 minutes' FROM cancellations c
                    WHERE c.submission_id = o.submission_id AND c.rejudge = o.rejudge)
                   AND (SELECT true FROM attempts a
                        WHERE a.submission_id = o.submission_id AND a.ended_at IS NULL LIMIT 1) IS NULL))",
        site,
        is_bulk,
        LOOKED_AT,
        Uuid::nil(),
        term.as_secs_f64(),
    )
    .execute(connection)
    .await?;
    Ok(closed.rows_affected())
}

/// Each row is looked up by itself, as above: a join would read all attempts that are under way for each of them.
async fn waiting_line(pool: &PgPool, most: usize) -> Result<Vec<Option<Uuid>>, StoreError> {
    let rows = sqlx::query!(
        "SELECT o.submission_id, o.rejudge FROM gateway_open o
         WHERE NOT o.bulk
           AND (SELECT true FROM attempts a
                WHERE a.submission_id = o.submission_id AND a.ended_at IS NULL LIMIT 1) IS NULL
         ORDER BY o.since, o.submission_id LIMIT $1",
        i64::try_from(most).unwrap_or(i64::MAX),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| row.rejudge.is_nil().then_some(row.submission_id))
        .collect())
}
