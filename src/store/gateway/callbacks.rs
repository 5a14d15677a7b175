//! Callbacks: which are due, and whether they were delivered.

use std::time::Duration;

use jiff_sqlx::ToSqlx as _;
use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::CallbackTarget;
use crate::store::gateway::due_callbacks::{CallbackClaim, CallbackPlaces, Claimed, Look, claim, name_sites, sites};
use crate::store::{GatewayRow, Store, StoreError, Unreadable};

/// A callback that this service is to try.
#[derive(Debug)]
pub struct DueCallback {
    /// The submission with its answer or rejection, if this version can read it. It counts as tried in any case.
    pub row: Result<GatewayRow, Unreadable>,
    /// Where to, and what.
    pub target: CallbackTarget,
    /// Tries with this one.
    pub tries: u32,
    /// Which try it is: what is noted of another one says nothing about it.
    pub claim: CallbackClaim,
    /// The trace of the request whose answer it is.
    pub traceparent: Option<String>,
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

impl DueCallback {
    /// The site whose callback it is.
    pub fn site(&self) -> &str {
        let site = self.row.as_ref().map(|row| &row.site);
        site.unwrap_or_else(|unreadable| &unreadable.site)
    }
}

impl Store {
    /// Takes callbacks that are due, whose submissions have their answers. No other service takes them before `lease` is
    /// over; what this one has not noted by then is tried once more. Each site gets what it has places for, of those that were
    /// due for longest. There may be more, unless none is returned.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn due_callbacks(
        &self,
        places: &CallbackPlaces,
        lease: Duration,
    ) -> Result<Vec<DueCallback>, StoreError> {
        self.soon(name_sites).await?;
        let claimed = self.claim_callbacks(places, lease).await?;
        let ids: Vec<Uuid> = claimed.iter().map(|claimed| claimed.claim.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = self.gateway_rows(&ids).await?;
        let due = claimed.into_iter().filter_map(|claimed| {
            let at = rows.iter().position(|row| id_of(row) == claimed.claim.id)?;
            Some(DueCallback {
                row: rows.swap_remove(at),
                target: claimed.target,
                tries: claimed.tries,
                claim: claimed.claim,
                traceparent: claimed.traceparent,
            })
        });
        Ok(due.collect())
    }

    /// Looks on behind what has no answer.
    async fn claim_callbacks(&self, places: &CallbackPlaces, lease: Duration) -> Result<Vec<Claimed>, StoreError> {
        let sites = self.soon(sites).await?;
        loop {
            let looking = self.soon(|pool| claim(pool, (places, &sites), lease));
            let Look { taken, has_put_off } = looking.await?;
            if !taken.is_empty() || !has_put_off {
                return Ok(taken);
            }
        }
    }

    /// Records the outcome of a try. If another request has been made since, or another answer stored, that answer is still due.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn callback_tried(&self, claim: CallbackClaim, tried: &Tried) -> Result<(), StoreError> {
        self.soon(|pool| note(pool, claim, tried)).await
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

fn id_of(row: &Result<GatewayRow, Unreadable>) -> Uuid {
    row.as_ref()
        .map_or_else(|unreadable| unreadable.request.submission, |row| row.id)
}

async fn note(pool: &PgPool, claim: CallbackClaim, tried: &Tried) -> Result<(), StoreError> {
    let (is_over, is_delivered, error, pause) = match tried {
        Tried::Delivered => (true, true, None, Duration::ZERO),
        Tried::GivenUp(error) => (true, false, Some(error.as_str()), Duration::ZERO),
        Tried::Again(error, pause) => (false, false, Some(error.as_str()), *pause),
    };
    sqlx::query!(
        "UPDATE gateway_callbacks SET delivered = $3, error = $4,
             ended_at = CASE WHEN $2 THEN clock_timestamp() END,
             due_at = clock_timestamp() + $5::float8 * interval '1 second'
         WHERE submission_id = $1 AND ended_at IS NULL AND rejudge IS NOT DISTINCT FROM $6 AND due_at = $7",
        claim.id,
        is_over,
        is_delivered,
        error,
        pause.as_secs_f64(),
        claim.rejudge,
        claim.until.to_sqlx() as _,
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
             SET rejudge = $2, tries = 0, due_at = clock_timestamp(), unanswered_looks = 0, ended_at = NULL,
                 delivered = false, error = NULL, traceparent = $3
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
             tries = 0, due_at = clock_timestamp(), unanswered_looks = 0, ended_at = NULL, delivered = false, error = NULL,
             traceparent = $3
         WHERE submission_id = $1 AND rejudge IS DISTINCT FROM $2",
        id,
        rejudge,
        traceparent,
    )
    .execute(pool)
    .await?;
    Ok(())
}
