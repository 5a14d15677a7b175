//! Attempts as rows: begun, renewed and ended.

use std::time::Duration;

use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use crate::contract::{Judgement, Request};
use crate::store::cancellations::is_cancelled;
use crate::store::verdicts::find;
use crate::store::{Cancelled, StoreError, Wanted};

/// Why an attempt that nobody ended is over.
const SILENT: &str = "its worker did not renew the lease";

/// One attempt that has not ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    pub(super) request: Request,
    pub(super) number: i32,
    pub(super) holder: Uuid,
    /// Attempts since the last verdict that failed.
    pub(super) failed: u64,
    /// Attempts since the last verdict that were lost.
    pub(super) lost: u64,
}

/// What a claim found.
pub(super) enum Found {
    Judged(Box<Judgement>),
    Held(String),
    Ours(Attempt, Option<Cancelled>),
}

impl Attempt {
    pub(super) fn of(request: Request, number: i32, holder: Uuid, [failed, lost]: [u64; 2]) -> Self {
        Self {
            request,
            number,
            holder,
            failed,
            lost,
        }
    }
}

/// The usual case in one statement: nobody has seen this submission before.
pub(super) async fn first_attempt(
    pool: &PgPool,
    wanted: &Wanted<'_>,
    worker: &str,
    holder: Uuid,
    lease: Duration,
) -> Result<Option<(i32, Option<Cancelled>)>, StoreError> {
    let row = sqlx::query(
        "WITH seen AS (
             INSERT INTO submissions (id, language, problem_id) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO NOTHING RETURNING id
         )
         INSERT INTO attempts (submission_id, number, worker, holder, lease_until, rejudge)
         SELECT id, 1, $4, $5, clock_timestamp() + $6 * interval '1 millisecond', $7 FROM seen
         RETURNING number,
             (SELECT coalesce(reason, '') FROM cancellations WHERE submission_id = $1 AND rejudge = coalesce($7, $8))",
    )
    .bind(wanted.request.submission)
    .bind(wanted.language)
    .bind(wanted.problem)
    .bind(worker)
    .bind(holder)
    .bind(milliseconds(lease))
    .bind(wanted.request.rejudge)
    .bind(Uuid::nil())
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let reason: Option<String> = row.try_get(1)?;
    Ok(Some((row.try_get(0)?, reason.map(Cancelled::because))))
}

pub(super) async fn lock(connection: &mut PgConnection, submission: Uuid) -> Result<(), StoreError> {
    sqlx::query("SELECT FROM submissions WHERE id = $1 FOR UPDATE")
        .bind(submission)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn next_attempt(
    connection: &mut PgConnection,
    request: Request,
    worker: &str,
    holder: Uuid,
    lease: Duration,
) -> Result<Found, StoreError> {
    let submission = request.submission;
    if let Some(judgement) = find(&mut *connection, request).await? {
        return Ok(Found::Judged(Box::new(judgement)));
    }
    let living = sqlx::query(
        "SELECT worker, holder FROM attempts
         WHERE submission_id = $1 AND ended_at IS NULL AND lease_until > clock_timestamp()",
    )
    .bind(submission)
    .fetch_optional(&mut *connection)
    .await?;
    match living {
        // The answer to the first try was lost on its way.
        Some(row) if row.try_get::<Uuid, _>(1)? == holder => {}
        Some(row) => return Ok(Found::Held(row.try_get(0)?)),
        None => {}
    }
    sqlx::query(
        "UPDATE attempts SET ended_at = clock_timestamp(), outcome = 'lost', reason = $2
         WHERE submission_id = $1 AND ended_at IS NULL AND holder <> $3",
    )
    .bind(submission)
    .bind(SILENT)
    .bind(holder)
    .execute(&mut *connection)
    .await?;
    // A verdict that was on its way at the first look has arrived by now, or its attempt is lost and it never will.
    if let Some(judgement) = find(&mut *connection, request).await? {
        return Ok(Found::Judged(Box::new(judgement)));
    }
    let row = sqlx::query(
        "INSERT INTO attempts (submission_id, number, worker, holder, lease_until, rejudge)
         SELECT $1, coalesce(max(number), 0) + 1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond', $5
         FROM attempts WHERE submission_id = $1
         ON CONFLICT (submission_id) WHERE ended_at IS NULL
         DO UPDATE SET lease_until = excluded.lease_until
         RETURNING number",
    )
    .bind(submission)
    .bind(worker)
    .bind(holder)
    .bind(milliseconds(lease))
    .bind(request.rejudge)
    .fetch_one(&mut *connection)
    .await?;
    let number: i32 = row.try_get(0)?;
    let before = failed_attempts(&mut *connection, submission).await?;
    let cancelled = is_cancelled(&mut *connection, request).await?;
    Ok(Found::Ours(Attempt::of(request, number, holder, before), cancelled))
}

/// Attempts since the last verdict: those that failed, and those that were lost.
async fn failed_attempts(connection: &mut PgConnection, submission: Uuid) -> Result<[u64; 2], StoreError> {
    let row = sqlx::query(
        "SELECT count(*) FILTER (WHERE outcome = 'failed'), count(*) FILTER (WHERE outcome = 'lost') FROM attempts
         WHERE submission_id = $1
           AND number > coalesce((SELECT max(number) FROM attempts WHERE submission_id = $1 AND outcome = 'verdict'), 0)",
    )
    .bind(submission)
    .fetch_one(connection)
    .await?;
    let count = |column| Ok::<_, StoreError>(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or_default());
    Ok([count(0)?, count(1)?])
}

pub(super) async fn attempt_log(pool: &PgPool, submission: Uuid) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT format('%s %s at attempt %s by %s: %s', to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),
                       outcome, number, worker, reason)
         FROM attempts
         WHERE submission_id = $1 AND outcome IN ('failed', 'lost')
           AND number > coalesce((SELECT max(number) FROM attempts WHERE submission_id = $1 AND outcome = 'verdict'), 0)
         ORDER BY number",
    )
    .bind(submission)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

pub(super) async fn renew(pool: &PgPool, attempt: Attempt, lease: Duration) -> Result<bool, StoreError> {
    let renewed = sqlx::query(
        "UPDATE attempts SET lease_until = clock_timestamp() + $4 * interval '1 millisecond'
         WHERE submission_id = $1 AND number = $2 AND holder = $3 AND ended_at IS NULL",
    )
    .bind(attempt.request.submission)
    .bind(attempt.number)
    .bind(attempt.holder)
    .bind(milliseconds(lease))
    .execute(pool)
    .await?;
    Ok(renewed.rows_affected() > 0)
}

pub(super) async fn end(
    pool: &PgPool,
    attempt: Attempt,
    outcome: &str,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE attempts SET ended_at = clock_timestamp(), outcome = $4, reason = $5
         WHERE submission_id = $1 AND number = $2 AND holder = $3 AND ended_at IS NULL",
    )
    .bind(attempt.request.submission)
    .bind(attempt.number)
    .bind(attempt.holder)
    .bind(outcome)
    .bind(reason)
    .execute(pool)
    .await?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
