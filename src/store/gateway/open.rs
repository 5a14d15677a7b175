//! What came over HTTP and has no answer yet: how much a site has in flight, and what waits before a submission.
//!
//! A row is there from before a submission is published until its verdict is stored, whichever services and workers live
//! meanwhile. One that is waited for no longer is not counted, and stays: its message may still come, and its CPU time is
//! then charged to the site of the row. No more of them is read than is asked for.

use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::Request;
use crate::store::gateway::NewSubmission;
use crate::store::{Store, StoreError};

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

/// What becomes of a request to judge once more that is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenedAgain {
    /// It counts, and its message is to be sent.
    ToPublish,
    /// Its message is being sent by another request at this moment, or was a moment ago.
    BeingSent,
    /// It was sent before, whatever has come of it.
    Before,
}

impl Store {
    /// Counts a request to judge once more, unless it was sent before.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn open_again(&self, open: OpenRequest<'_>) -> Result<OpenedAgain, StoreError> {
        self.soon(|pool| open_again(pool, open)).await
    }

    /// Requests of a site that are in flight, as far as `most`.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn count_open(&self, site: &str, most: usize) -> Result<usize, StoreError> {
        self.soon(|pool| count(pool, site, most)).await
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

/// Counts a submission that could not be sent before, unless it has its answer.
pub(super) async fn open_first(pool: &PgPool, open: OpenRequest<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO gateway_open AS known (submission_id, rejudge, site, bulk, charged)
         SELECT $1, $2, $3, $4, $5
         WHERE NOT EXISTS (SELECT 1 FROM verdicts WHERE submission_id = $1)
           AND NOT EXISTS (SELECT 1 FROM gateway_submissions WHERE id = $1 AND rejection IS NOT NULL)
         ON CONFLICT (submission_id, rejudge) DO UPDATE SET in_flight = true, since = clock_timestamp()
         WHERE NOT known.in_flight",
        open.request.submission,
        Uuid::nil(),
        open.site,
        open.is_bulk,
        open.is_charged,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Sending takes less than half a minute. The service that sends notes how it ended, unless it dies.
async fn open_again(pool: &PgPool, open: OpenRequest<'_>) -> Result<OpenedAgain, StoreError> {
    let row = sqlx::query!(
        r#"WITH judged AS (
             SELECT FROM attempts WHERE submission_id = $1 AND rejudge = $2 LIMIT 1
         ), opened AS (
             INSERT INTO gateway_open AS known (submission_id, rejudge, site, bulk, charged, unsent_since)
             SELECT $1, $2, $3, $4, $5, clock_timestamp() WHERE NOT EXISTS (SELECT FROM judged)
             ON CONFLICT (submission_id, rejudge) DO UPDATE
             SET in_flight = true, since = clock_timestamp(), unsent_since = clock_timestamp()
             WHERE known.unsent_since IS NOT NULL
               AND (NOT known.in_flight OR known.unsent_since < statement_timestamp() - interval '30 seconds')
             RETURNING submission_id
         )
         SELECT EXISTS (SELECT FROM opened) AS "is_opened!",
                EXISTS (SELECT FROM judged)
                OR EXISTS (SELECT FROM gateway_open
                           WHERE submission_id = $1 AND rejudge = $2 AND unsent_since IS NULL) AS "is_sent!""#,
        open.request.submission,
        open.request.rejudge.unwrap_or_default(),
        open.site,
        open.is_bulk,
        open.is_charged,
    )
    .fetch_one(pool)
    .await?;
    Ok(match (row.is_opened, row.is_sent) {
        (true, _) => OpenedAgain::ToPublish,
        (false, true) => OpenedAgain::Before,
        (false, false) => OpenedAgain::BeingSent,
    })
}

async fn count(pool: &PgPool, site: &str, most: usize) -> Result<usize, StoreError> {
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (SELECT 1 FROM gateway_open WHERE site = $1 AND in_flight LIMIT $2) AS open"#,
        site,
        i64::try_from(most).unwrap_or(i64::MAX),
    )
    .fetch_one(pool)
    .await?;
    Ok(usize::try_from(counted).unwrap_or_default())
}

/// Each row is looked up by itself: a join would read all attempts that are under way for each of them.
async fn waiting_line(pool: &PgPool, most: usize) -> Result<Vec<Option<Uuid>>, StoreError> {
    let rows = sqlx::query!(
        "SELECT o.submission_id, o.rejudge FROM gateway_open o
         WHERE o.in_flight AND NOT o.bulk
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
