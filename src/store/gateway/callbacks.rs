//! Callbacks: which are due, and whether they were delivered.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{CallbackFormat, CallbackTarget, Verdict};
use crate::store::{GatewayRow, Store, StoreError};

/// A callback that this service is to try.
#[derive(Debug, Clone, PartialEq)]
pub struct DueCallback {
    /// The submission with its answer or rejection.
    pub row: GatewayRow,
    /// Where to, and what.
    pub target: CallbackTarget,
    /// Tries with this one.
    pub tries: u32,
    /// The request to judge once more that is answered.
    pub rejudge: Option<Uuid>,
    /// The trace of the request whose answer it is.
    pub traceparent: Option<String>,
}

/// How many callbacks a service may take, and how they are shared out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallbackPlaces {
    /// Of all sites together.
    pub free: u32,
    /// Of one site, those that it has taken included.
    pub of_a_site: u32,
    /// What each site has taken.
    pub taken: HashMap<String, u32>,
}

impl CallbackPlaces {
    /// Sites that have no place left.
    fn full_sites(&self) -> Vec<String> {
        let full = self.taken.iter().filter(|(_, taken)| **taken >= self.of_a_site);
        full.map(|(site, _)| site.clone()).collect()
    }

    fn taken_by_site(&self) -> (Vec<String>, Vec<i64>) {
        let taken = self.taken.iter().map(|(site, taken)| (site.clone(), i64::from(*taken)));
        taken.unzip()
    }
}

/// What is noted of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It was taken.
    Delivered,
    /// It is given up, and why.
    GivenUp(String),
    /// It is tried again after a pause, and why.
    Again(String, Duration),
}

impl Store {
    /// Takes callbacks that are due, whose submissions have their answers. No other service takes them before `lease` is
    /// over; what this one has not noted by then is tried once more. Of those that were due for longest each site gets what it
    /// has places for; so there may be more of other sites, unless none is returned.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn due_callbacks(
        &self,
        places: &CallbackPlaces,
        lease: Duration,
    ) -> Result<Vec<DueCallback>, StoreError> {
        let rows = self.soon(async |pool| Ok(claim(pool, places, lease).await?)).await?;
        let claimed: Vec<Claimed> = rows.into_iter().filter_map(DueRow::claimed).collect();
        let ids: Vec<Uuid> = claimed.iter().map(|claimed| claimed.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = self.gateway_rows(&ids).await?;
        let due = claimed.into_iter().filter_map(|claimed| {
            let at = rows.iter().position(|row| row.id == claimed.id)?;
            Some(DueCallback {
                row: rows.swap_remove(at),
                target: claimed.target,
                tries: claimed.tries,
                rejudge: claimed.rejudge,
                traceparent: claimed.traceparent,
            })
        });
        Ok(due.collect())
    }

    /// Records the outcome of a try at the answer to this request. If another request has been made since, or another answer
    /// stored, that answer is still due.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn callback_tried(
        &self,
        id: Uuid,
        (rejudge, tries): (Option<Uuid>, u32),
        tried: &Tried,
    ) -> Result<(), StoreError> {
        self.soon(|pool| note(pool, id, (rejudge, tries), tried)).await
    }

    /// Has nothing sent for a submission.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn forget_callback(&self, id: Uuid) -> Result<(), StoreError> {
        self.soon(|pool| forget(pool, id)).await
    }

    /// Notes that the broker has the message of a request to judge once more, which is of this trace. The verdict that answers
    /// it is sent, too, where the first one was asked for.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn sent_again(&self, id: Uuid, rejudge: Uuid, traceparent: Option<&str>) -> Result<(), StoreError> {
        self.soon(|pool| sent_again(pool, id, rejudge, traceparent)).await
    }

    /// Notes the same of a request that a worker has taken, unless its service has noted it, or the answer to a later request
    /// is waited for. Whether its own answer is.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn sent_before(&self, id: Uuid, rejudge: Uuid, traceparent: Option<&str>) -> Result<bool, StoreError> {
        self.soon(|pool| sent_before(pool, id, rejudge, traceparent)).await
    }
}

struct Claimed {
    id: Uuid,
    target: CallbackTarget,
    tries: u32,
    rejudge: Option<Uuid>,
    traceparent: Option<String>,
}

/// A request to judge once more may end without a verdict that counts: a later one counts by now, or it was cancelled,
/// rejected or ended in a judge error. Its callback tells what counts, and belongs to the request that has decided that from
/// then on: the service that notes at this moment that it has sent that one does not have the same sent once more.
///
/// What is due is read in the order of its index, past that of sites without a place, up to as many as there are places.
async fn claim(pool: &PgPool, places: &CallbackPlaces, lease: Duration) -> Result<Vec<DueRow>, sqlx::Error> {
    let (sites, taken) = places.taken_by_site();
    sqlx::query_as!(
        DueRow,
        r#"WITH due AS MATERIALIZED (
             SELECT c.submission_id, c.due_at, g.site, v.rejudge AS counts FROM gateway_callbacks c
             JOIN gateway_submissions g ON g.id = c.submission_id
             LEFT JOIN verdicts v ON v.submission_id = c.submission_id
                 AND (v.verdict <> $3 OR NOT EXISTS
                     (SELECT 1 FROM attempts a WHERE a.submission_id = c.submission_id AND a.ended_at IS NULL))
             WHERE c.ended_at IS NULL AND c.due_at <= statement_timestamp() AND c.format = ANY($4)
                 AND g.site <> ALL($5)
                 AND CASE WHEN c.rejudge IS NULL THEN v.submission_id IS NOT NULL OR g.rejection IS NOT NULL
                          ELSE v.rejudge = c.rejudge
                               OR (v.submission_id IS NOT NULL OR g.rejection IS NOT NULL) AND (
                                   EXISTS (SELECT 1 FROM verdict_history h
                                           WHERE h.submission_id = c.submission_id AND h.rejudge = c.rejudge)
                                   OR EXISTS (SELECT 1 FROM attempts a
                                              WHERE a.submission_id = c.submission_id AND a.rejudge = c.rejudge
                                                AND a.outcome = 'rejected'))
                                   AND NOT EXISTS (SELECT 1 FROM attempts a
                                                   WHERE a.submission_id = c.submission_id AND a.rejudge = c.rejudge
                                                     AND a.ended_at IS NULL) END
             ORDER BY c.due_at LIMIT $1 FOR UPDATE OF c SKIP LOCKED
         ), ranked AS (
             SELECT due.submission_id, due.counts, coalesce(other.taken, 0)
                 + row_number() OVER (PARTITION BY due.site ORDER BY due.due_at, due.submission_id) AS place
             FROM due LEFT JOIN unnest($6::text[], $7::bigint[]) AS other (site, taken) ON other.site = due.site
         )
         UPDATE gateway_callbacks c SET tries = c.tries + 1, due_at = clock_timestamp() + $2::float8 * interval '1 second',
             rejudge = CASE WHEN c.rejudge IS NOT NULL THEN ranked.counts END
         FROM ranked WHERE c.submission_id = ranked.submission_id AND ranked.place <= $8
         RETURNING c.submission_id, c.url, c.format, c.tries, c.rejudge, c.traceparent"#,
        i64::from(places.free),
        lease.as_secs_f64(),
        Verdict::Je.code(),
        &CallbackFormat::ALL.map(|format| format.name().to_owned()),
        &places.full_sites(),
        &sites,
        &taken,
        i64::from(places.of_a_site),
    )
    .fetch_all(pool)
    .await
}

/// A callback that is due, as the database has it.
struct DueRow {
    submission_id: Uuid,
    url: String,
    format: String,
    tries: i32,
    rejudge: Option<Uuid>,
    traceparent: Option<String>,
}

impl DueRow {
    /// `None` where its format is none of this version.
    fn claimed(self) -> Option<Claimed> {
        let format = CallbackFormat::of_name(&self.format)?;
        Some(Claimed {
            id: self.submission_id,
            target: CallbackTarget { url: self.url, format },
            tries: u32::try_from(self.tries).unwrap_or(u32::MAX),
            rejudge: self.rejudge,
            traceparent: self.traceparent,
        })
    }
}

async fn note(pool: &PgPool, id: Uuid, (rejudge, tries): (Option<Uuid>, u32), tried: &Tried) -> Result<(), StoreError> {
    let (is_over, is_delivered, error, pause) = match tried {
        Tried::Delivered => (true, true, None, Duration::ZERO),
        Tried::GivenUp(error) => (true, false, Some(error.as_str()), Duration::ZERO),
        Tried::Again(error, pause) => (false, false, Some(error.as_str()), *pause),
    };
    sqlx::query!(
        "UPDATE gateway_callbacks SET delivered = $3, error = $4,
             ended_at = CASE WHEN $2 THEN clock_timestamp() END,
             due_at = clock_timestamp() + $5::float8 * interval '1 second'
         WHERE submission_id = $1 AND ended_at IS NULL AND rejudge IS NOT DISTINCT FROM $6 AND tries = $7",
        id,
        is_over,
        is_delivered,
        error,
        pause.as_secs_f64(),
        rejudge,
        i32::try_from(tries).unwrap_or(i32::MAX),
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn forget(pool: &PgPool, id: Uuid) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM gateway_callbacks WHERE submission_id = $1", id)
        .execute(pool)
        .await?;
    Ok(())
}

/// A request that has its answer has no row any more. Another one was made later if its row was made after the first attempt
/// at this one, or if it was taken in hand after the verdict on this one, and has ended without one that counts.
async fn sent_before(pool: &PgPool, id: Uuid, rejudge: Uuid, traceparent: Option<&str>) -> Result<bool, StoreError> {
    let is_open = sqlx::query_scalar!(
        r#"WITH open AS (
             SELECT in_flight, since, unsent_since IS NOT NULL AND EXISTS (
                 SELECT FROM attempts WHERE submission_id = $1 AND rejudge = $2) AS is_taken
             FROM gateway_open WHERE submission_id = $1 AND rejudge = $2
         ), sent AS (
             UPDATE gateway_open SET unsent_since = NULL
             WHERE submission_id = $1 AND rejudge = $2 AND EXISTS (SELECT FROM open WHERE is_taken)
         ), armed AS (
             UPDATE gateway_callbacks c
             SET rejudge = $2, tries = 0, due_at = clock_timestamp(), ended_at = NULL, delivered = false, error = NULL,
                 traceparent = $3
             WHERE submission_id = $1 AND rejudge IS DISTINCT FROM $2
               AND (EXISTS (SELECT FROM open WHERE is_taken)
                    OR EXISTS (SELECT FROM verdicts v WHERE v.submission_id = $1 AND v.rejudge = $2))
               AND NOT EXISTS (SELECT FROM gateway_open later
                               WHERE later.submission_id = $1 AND later.rejudge = coalesce(c.rejudge, $4)
                                 AND CASE WHEN later.in_flight
                                          THEN later.since > coalesce((SELECT since FROM open), '-infinity')
                                          ELSE NOT EXISTS (SELECT FROM open)
                                               AND later.since > (SELECT min(started_at) FROM attempts
                                                                  WHERE submission_id = $1 AND rejudge = $2) END)
               AND NOT EXISTS (SELECT FROM verdicts v
                               JOIN attempts later ON later.submission_id = v.submission_id AND later.number > v.attempt
                               WHERE v.submission_id = $1 AND v.rejudge = $2 AND later.rejudge = c.rejudge)
         )
         SELECT EXISTS (SELECT FROM open WHERE in_flight) AS "is_open!""#,
        id,
        rejudge,
        traceparent,
        Uuid::nil(),
    );
    Ok(is_open.fetch_one(pool).await?)
}

/// A request that has neither a row nor an attempt was rejected already, without one: its callback tells what counts.
async fn sent_again(pool: &PgPool, id: Uuid, rejudge: Uuid, traceparent: Option<&str>) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH sent AS (UPDATE gateway_open SET unsent_since = NULL WHERE submission_id = $1 AND rejudge = $2)
         UPDATE gateway_callbacks
         SET rejudge = CASE WHEN EXISTS (SELECT FROM gateway_open WHERE submission_id = $1 AND rejudge = $2)
                              OR EXISTS (SELECT FROM attempts WHERE submission_id = $1 AND rejudge = $2) THEN $2 END,
             tries = 0, due_at = clock_timestamp(), ended_at = NULL, delivered = false, error = NULL, traceparent = $3
         WHERE submission_id = $1 AND rejudge IS DISTINCT FROM $2",
        id,
        rejudge,
        traceparent,
    )
    .execute(pool)
    .await?;
    Ok(())
}
