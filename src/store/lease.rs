//! The right to judge a submission: one attempt at a time, with a number that fences.
//!
//! ```text
//! claim -> Judged: this was judged, and that is the verdict on it
//!       -> Held:   somebody else is at it, and alive
//!       -> Ours:   a lease, renewed by a task of its own until it ends
//!                    |- record: the verdict is stored, if no later attempt has begun
//!                    |- end:    there is none, for this reason
//!                    `- drop:   given back, so that the next worker need not wait
//! ```
//!
//! Time is the database's alone: clocks of workers may differ.

use std::time::Duration;

use sqlx::{PgConnection, PgPool, Row as _};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::contract::{Judgement, Request};
use crate::store::cancellations::is_cancelled;
use crate::store::verdicts::find;
use crate::store::{Store, StoreError};

/// Why an attempt that nobody ended is over.
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
}

/// What becomes of a submission that a worker wants to judge.
#[derive(Debug)]
pub enum Claim {
    /// It has a verdict.
    Judged(Box<Judgement>),
    /// A worker is at it.
    Held {
        /// Its name.
        worker: String,
    },
    /// It may be judged.
    Ours(Lease),
}

/// How an attempt without a verdict ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What the submission asks for cannot be done.
    Rejected,
    /// A fault of ours.
    Failed,
}

impl Ending {
    fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }
}

/// The right to judge a submission. Without a database everybody has it.
#[derive(Debug)]
pub struct Lease {
    pub(super) store: Store,
    pub(super) attempt: Option<Attempt>,
    lost: CancellationToken,
    heart: Option<JoinHandle<()>>,
    cancelled: Option<Cancelled>,
}

/// Somebody asked for a submission not to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// Why, for people.
    pub reason: Option<String>,
}

impl Cancelled {
    /// For this reason, or for none that was said.
    pub fn because(reason: String) -> Self {
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        Self { reason }
    }
}

/// One attempt that has not ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    pub(super) request: Request,
    pub(super) number: i32,
    pub(super) holder: Uuid,
    /// Attempts since the last verdict that failed.
    failed: u64,
    /// Attempts since the last verdict that were lost.
    lost: u64,
}

impl Store {
    /// Takes a submission in hand, if nobody else has it. Waits for a database that is away.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn claim(&self, wanted: &Wanted<'_>, worker: &str) -> Result<Claim, StoreError> {
        let Some(pool) = &self.pool else {
            return Ok(Claim::Ours(Lease::without_end(self.clone())));
        };
        let holder = Uuid::new_v4();
        let found = self.patiently(|| self.claimed(pool, wanted, worker, holder)).await?;
        Ok(match found {
            Found::Judged(judgement) => Claim::Judged(judgement),
            Found::Held(worker) => Claim::Held { worker },
            Found::Ours(attempt, cancelled) => {
                Claim::Ours(Lease::begin(self.clone(), pool.clone(), attempt, cancelled))
            }
        })
    }

    async fn claimed(
        &self,
        pool: &PgPool,
        wanted: &Wanted<'_>,
        worker: &str,
        holder: Uuid,
    ) -> Result<Found, StoreError> {
        let (request, lease) = (wanted.request, self.lease);
        if let Some((number, cancelled)) = first_attempt(pool, wanted, worker, holder, lease).await? {
            return Ok(Found::Ours(Attempt::of(request, number, holder, [0, 0]), cancelled));
        }
        let mut transaction = pool.begin().await?;
        lock(&mut transaction, request.submission).await?;
        let found = next_attempt(&mut transaction, request, worker, holder, lease).await?;
        transaction.commit().await?;
        Ok(found)
    }
}

enum Found {
    Judged(Box<Judgement>),
    Held(String),
    Ours(Attempt, Option<Cancelled>),
}

impl Attempt {
    fn of(request: Request, number: i32, holder: Uuid, [failed, lost]: [u64; 2]) -> Self {
        Self {
            request,
            number,
            holder,
            failed,
            lost,
        }
    }
}

impl Lease {
    fn without_end(store: Store) -> Self {
        Self {
            store,
            attempt: None,
            lost: CancellationToken::new(),
            heart: None,
            cancelled: None,
        }
    }

    fn begin(store: Store, pool: PgPool, attempt: Attempt, cancelled: Option<Cancelled>) -> Self {
        let lost = CancellationToken::new();
        let heart = tokio::spawn(beat(pool, attempt, store.lease, lost.clone()));
        Self {
            store,
            attempt: Some(attempt),
            lost,
            heart: Some(heart),
            cancelled,
        }
    }

    /// The attempt's number, from 1; `None` without a database.
    pub fn number(&self) -> Option<u32> {
        self.attempt.and_then(|attempt| u32::try_from(attempt.number).ok())
    }

    /// The wish not to judge, if there was one when the attempt began.
    pub fn cancelled(&self) -> Option<&Cancelled> {
        self.cancelled.as_ref()
    }

    /// Workers that died or fell silent while they judged it, since the last verdict.
    pub fn workers_lost(&self) -> u64 {
        self.attempt.map_or(0, |attempt| attempt.lost)
    }

    /// Which try this is since the last verdict, from 1, lost ones aside; `None` without a database.
    pub fn tries(&self) -> Option<u64> {
        self.attempt.map(|attempt| attempt.failed + 1)
    }

    /// Returns when somebody else has taken over: whatever is judged here counts no more.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }

    /// What came of the attempts since the last verdict that failed or were lost, a line each.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn history(&self) -> Result<Vec<String>, StoreError> {
        match (self.attempt, &self.store.pool) {
            (Some(attempt), Some(pool)) => {
                let asked = self.store.patiently(|| what_came_of(pool, attempt.request.submission));
                asked.await
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Ends the attempt without a verdict.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn end(mut self, ending: Ending, reason: &str) -> Result<(), StoreError> {
        let (Some(attempt), Some(pool)) = (self.attempt.take(), self.store.pool.clone()) else {
            return Ok(());
        };
        self.store
            .patiently(|| end(&pool, attempt, ending.name(), Some(reason)))
            .await
    }

    /// Nothing is left to be given back.
    pub(super) fn ended(&mut self) {
        self.attempt = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(heart) = self.heart.take() {
            heart.abort();
        }
        if let (Some(attempt), Some(pool)) = (self.attempt.take(), self.store.pool.clone()) {
            self.store.last_words.spawn(async move {
                if let Err(error) = end(&pool, attempt, "given_back", None).await {
                    tracing::warn!(%error, "cannot give a submission back; the next worker waits until the lease ends");
                }
            });
        }
    }
}

/// Renews the lease until it is lost. While the database is away, nobody else can take it either.
async fn beat(pool: PgPool, attempt: Attempt, lease: Duration, lost: CancellationToken) {
    let pause = lease / 3;
    loop {
        sleep(pause).await;
        match timeout(pause, renew(&pool, attempt, lease)).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return lost.cancel(),
            Ok(Err(error)) => tracing::warn!(%error, "cannot renew a lease"),
            Err(_elapsed) => tracing::warn!("cannot renew a lease: the database does not answer"),
        }
    }
}

/// The usual case in one statement: nobody has seen this submission before.
async fn first_attempt(
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

async fn lock(connection: &mut PgConnection, submission: Uuid) -> Result<(), StoreError> {
    sqlx::query("SELECT FROM submissions WHERE id = $1 FOR UPDATE")
        .bind(submission)
        .execute(connection)
        .await?;
    Ok(())
}

async fn next_attempt(
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
    let before = came_to_nothing(&mut *connection, submission).await?;
    let cancelled = is_cancelled(&mut *connection, request).await?;
    Ok(Found::Ours(Attempt::of(request, number, holder, before), cancelled))
}

/// Attempts since the last verdict: those that failed, and those that were lost.
async fn came_to_nothing(connection: &mut PgConnection, submission: Uuid) -> Result<[u64; 2], StoreError> {
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

async fn what_came_of(pool: &PgPool, submission: Uuid) -> Result<Vec<String>, StoreError> {
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

async fn renew(pool: &PgPool, attempt: Attempt, lease: Duration) -> Result<bool, StoreError> {
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

async fn end(pool: &PgPool, attempt: Attempt, outcome: &str, reason: Option<&str>) -> Result<(), StoreError> {
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
