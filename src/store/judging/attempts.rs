//! Attempts as rows: begun, renewed and ended.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::{Fingerprint, Metadata, Request, metadata_user};
use crate::store::{Cancelled, StoreError, text};

/// Reason of an attempt that its worker did not end.
const SILENT: &str = "its worker did not renew the lease";

/// A submission that a worker wants to judge.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Which, and which time.
    pub request: Request,
    /// What it is written in.
    pub language: &'a str,
    /// The problem that it is for, if it does not bring its own tests.
    pub problem: Option<&'a str>,
    /// Its content; `None` where it is not to be compared.
    pub fingerprint: Option<Fingerprint>,
    /// What its program is called.
    pub file: Option<&'a str>,
    /// Its free data.
    pub metadata: &'a Metadata,
}

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
    /// Nothing is known of an attempt at the same request before.
    pub(super) is_first: bool,
}

/// A worker that wants a lease: its name, the number that it drew, and how long it may be silent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder<'a> {
    pub(super) worker: &'a str,
    pub(super) id: Uuid,
    pub(super) lease: Duration,
}

impl Attempt {
    pub(super) fn of(request: Request, number: i32, holder: Uuid, [failed, lost]: [u64; 2]) -> Self {
        Self {
            request,
            number,
            holder,
            failed,
            lost,
            is_first: false,
        }
    }

    /// The same, which may be the first one at its request.
    pub(super) fn first(self, is_first: bool) -> Self {
        Self { is_first, ..self }
    }
}

/// What came of the first look at a submission.
pub(super) enum FirstLook {
    /// Its first attempt has begun, and has this number.
    Begun(i32, Option<Cancelled>),
    /// It is known.
    Known,
    /// Another one was accepted over HTTP under its id, which no worker has taken yet.
    Conflict,
}

/// The usual case in one statement: this submission has no row yet.
pub(super) async fn first_attempt(
    pool: &PgPool,
    wanted: &Wanted<'_>,
    holder: Holder<'_>,
) -> Result<FirstLook, StoreError> {
    let problem = wanted.problem.map(text::storable);
    let user = metadata_user(wanted.metadata);
    let user = user.as_deref().map(text::storable);
    let row = sqlx::query!(
        r#"WITH conflict AS (
             SELECT FROM gateway_submissions g
             WHERE g.id = $1 AND g.fingerprint <> $4 AND NOT EXISTS (SELECT FROM submissions WHERE id = $1)
         ), seen AS (
             INSERT INTO submissions (id, language, problem_id, user_name, file_name)
             SELECT $1, $2, $3, $10, $11 WHERE NOT EXISTS (SELECT FROM conflict)
             ON CONFLICT (id) DO NOTHING RETURNING id
         ), begun AS (
             INSERT INTO attempts (submission_id, number, worker, holder, lease_until, rejudge, fingerprint)
             SELECT id, 1, $5, $6, clock_timestamp() + $7::float8 * interval '1 millisecond', $8, $4 FROM seen
             RETURNING number
         )
         SELECT (SELECT number FROM begun) AS number, EXISTS (SELECT FROM conflict) AS "is_conflict!",
             (SELECT coalesce(reason, '') FROM cancellations
              WHERE submission_id = $1 AND rejudge = coalesce($8, $9)) AS reason"#,
        wanted.request.submission,
        &*text::storable(wanted.language),
        problem.as_deref(),
        wanted.fingerprint.map(Fingerprint::to_bytes),
        holder.worker,
        holder.id,
        milliseconds(holder.lease),
        wanted.request.rejudge,
        Uuid::nil(),
        user.as_deref(),
        wanted.file,
    )
    .fetch_one(pool)
    .await?;
    Ok(match row.number {
        Some(number) => FirstLook::Begun(number, row.reason.map(Cancelled::because)),
        None if row.is_conflict => FirstLook::Conflict,
        None => FirstLook::Known,
    })
}

/// Holds the row of a submission until the transaction ends. `false`: it was removed meanwhile, as all that is old.
pub(super) async fn lock(connection: &mut PgConnection, submission: Uuid) -> Result<bool, StoreError> {
    let row = sqlx::query!("SELECT id FROM submissions WHERE id = $1 FOR UPDATE", submission)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// The content with which a request was first leased, as far as it is known.
pub(super) async fn first_fingerprint(
    connection: &mut PgConnection,
    request: Request,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT fingerprint AS "fingerprint!" FROM attempts
         WHERE submission_id = $1 AND rejudge IS NOT DISTINCT FROM $2 AND fingerprint IS NOT NULL
         ORDER BY number LIMIT 1"#,
        request.submission,
        request.rejudge,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| row.fingerprint))
}

/// The worker that holds the lease now, and the number that it drew.
pub(super) async fn holder_of(
    connection: &mut PgConnection,
    submission: Uuid,
) -> Result<Option<(String, Uuid)>, StoreError> {
    let row = sqlx::query!(
        "SELECT worker, holder FROM attempts
         WHERE submission_id = $1 AND ended_at IS NULL AND lease_until > clock_timestamp()",
        submission,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.worker, row.holder)))
}

/// Ends the attempt of another worker, whose lease has run out.
pub(super) async fn end_silent(
    connection: &mut PgConnection,
    submission: Uuid,
    holder: Uuid,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE attempts SET ended_at = clock_timestamp(), outcome = 'lost', reason = $2
         WHERE submission_id = $1 AND ended_at IS NULL AND holder <> $3",
        submission,
        SILENT,
        holder,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Begins an attempt, and returns its number. Asked twice by the same holder, it is the same attempt.
pub(super) async fn begin(
    connection: &mut PgConnection,
    wanted: &Wanted<'_>,
    holder: Holder<'_>,
) -> Result<i32, StoreError> {
    let row = sqlx::query!(
        "INSERT INTO attempts (submission_id, number, worker, holder, lease_until, rejudge, fingerprint)
         SELECT $1, coalesce(max(number), 0) + 1, $2, $3, clock_timestamp() + $4::float8 * interval '1 millisecond', $5, $6
         FROM attempts WHERE submission_id = $1
         ON CONFLICT (submission_id) WHERE ended_at IS NULL
         DO UPDATE SET lease_until = excluded.lease_until
         RETURNING number",
        wanted.request.submission,
        holder.worker,
        holder.id,
        milliseconds(holder.lease),
        wanted.request.rejudge,
        wanted.fingerprint.map(Fingerprint::to_bytes),
    )
    .fetch_one(connection)
    .await?;
    Ok(row.number)
}

/// Attempts since the last verdict: those that failed, and those that were lost.
pub(super) async fn failed_attempts(connection: &mut PgConnection, submission: Uuid) -> Result<[u64; 2], StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE outcome = 'failed') AS "failed!",
                  count(*) FILTER (WHERE outcome = 'lost') AS "lost!" FROM attempts
         WHERE submission_id = $1
           AND number > coalesce((SELECT max(number) FROM attempts
                                  WHERE submission_id = $1 AND outcome = 'verdict'), 0)"#,
        submission,
    )
    .fetch_one(connection)
    .await?;
    Ok([row.failed, row.lost].map(|count| u64::try_from(count).unwrap_or_default()))
}

/// A line for each attempt since the last verdict that failed or was lost, the oldest first.
pub(super) async fn attempt_log(pool: &PgPool, submission: Uuid) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT format('%s %s at attempt %s by %s: %s',
                         to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                         outcome, number, worker, reason) AS "line!"
         FROM attempts
         WHERE submission_id = $1 AND outcome IN ('failed', 'lost')
           AND number > coalesce((SELECT max(number) FROM attempts
                                  WHERE submission_id = $1 AND outcome = 'verdict'), 0)
         ORDER BY number"#,
        submission,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// What came of renewing a lease.
pub(super) enum Renewed {
    /// It holds on, and its request was cancelled, if it was.
    Ours(Option<Cancelled>),
    /// Another worker has it.
    Lost,
}

/// Renews a lease. A worker whose link to RabbitMQ was lost when its submission was cancelled hears of it here.
pub(super) async fn renew(pool: &PgPool, attempt: Attempt, lease: Duration) -> Result<Renewed, StoreError> {
    let row = sqlx::query!(
        "UPDATE attempts SET lease_until = clock_timestamp() + $4::float8 * interval '1 millisecond'
         WHERE submission_id = $1 AND number = $2 AND holder = $3 AND ended_at IS NULL
         RETURNING (SELECT coalesce(reason, '') FROM cancellations
                    WHERE submission_id = $1 AND rejudge = coalesce($5::uuid, $6)) AS reason",
        attempt.request.submission,
        attempt.number,
        attempt.holder,
        milliseconds(lease),
        attempt.request.rejudge,
        Uuid::nil(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(match row {
        Some(row) => Renewed::Ours(row.reason.map(Cancelled::because)),
        None => Renewed::Lost,
    })
}

/// Ends an attempt in which the judge failed.
pub(super) async fn fail(pool: &PgPool, attempt: Attempt, reason: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE attempts SET ended_at = clock_timestamp(), outcome = 'failed', reason = $4
         WHERE submission_id = $1 AND number = $2 AND holder = $3 AND ended_at IS NULL",
        attempt.request.submission,
        attempt.number,
        attempt.holder,
        text::shortened(reason),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Ends an attempt that its worker gives back. Those that were given back before it go, but for the first at its request,
/// which says what was first sent: however often a submission is put off, two are kept.
pub(super) async fn give_back(pool: &PgPool, attempt: Attempt) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH ended AS (
             UPDATE attempts SET ended_at = clock_timestamp(), outcome = 'given_back'
             WHERE submission_id = $1 AND number = $2 AND holder = $3 AND ended_at IS NULL
             RETURNING submission_id, number
         )
         DELETE FROM attempts before USING ended
         WHERE before.submission_id = ended.submission_id AND before.number < ended.number
           AND before.outcome = 'given_back'
           AND EXISTS (SELECT FROM attempts first
                       WHERE first.submission_id = before.submission_id AND first.number < before.number
                         AND first.rejudge IS NOT DISTINCT FROM before.rejudge AND first.fingerprint IS NOT NULL)",
        attempt.request.submission,
        attempt.number,
        attempt.holder,
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
