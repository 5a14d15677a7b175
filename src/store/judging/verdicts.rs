//! Verdicts and their tests.

use std::time::Duration;

use jiff_sqlx::ToSqlx as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::{self, Answer, AnswerRow, Judgement, Request, SecurityEvent, Verdict};
use crate::store::gateway::cpu::charge;
use crate::store::judging::attempts::Attempt;
use crate::store::judging::security_events::insert_security_event;
use crate::store::short_lived::PUBLISHED_WITHIN;
use crate::store::{Lease, Store, StoreError, text};

/// What became of a verdict that was to be stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// It is stored, or there is no database.
    New,
    /// Another attempt stored its verdict first; this is the one that counts.
    Already(Box<Answer>),
    /// A later attempt is under way, and its verdict will count.
    Superseded,
}

impl Store {
    /// The verdict on a submission that counts. A judge error is none: it may be tried again. Waits for a database that is
    /// away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, submission: Uuid) -> Result<Option<Judgement>, StoreError> {
        let answer = self.find_answer(submission).await?;
        Ok(answer.and_then(Answer::into_verdict))
    }

    /// The same, also of a program that was only run.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_answer(&self, submission: Uuid) -> Result<Option<Answer>, StoreError> {
        let request = Request {
            submission,
            rejudge: None,
        };
        match &self.pool {
            Some(pool) => self.with_retry(|| find_stored(pool, request)).await,
            None => Ok(None),
        }
    }
}

impl Lease {
    /// Stores a verdict with its tests and what was noticed, unless there is one already or a later attempt has begun.
    /// One that counts no longer becomes history. Waits for a database that is away.
    ///
    /// # Errors
    /// When the database does not do what it must; nothing is stored then.
    pub async fn record(&mut self, answer: &Answer, events: &[SecurityEvent]) -> Result<Recorded, StoreError> {
        let (Some(attempt), Some(pool)) = (self.attempt, self.store.pool.clone()) else {
            return Ok(Recorded::New);
        };
        let recording = Recording {
            answer,
            keep: self.keep,
            cpu_ms: self.cpu_ms.max(answer.cpu_ms()),
            events,
        };
        let recorded = self.store.with_retry(|| record(&pool, attempt, recording)).await?;
        self.ended();
        Ok(recorded)
    }
}

/// What is stored of an attempt.
#[derive(Debug, Clone, Copy)]
struct Recording<'a> {
    answer: &'a Answer,
    /// How long it is kept, where that is for a time of its own.
    keep: Option<Duration>,
    /// CPU time that counts for the site.
    cpu_ms: u64,
    events: &'a [SecurityEvent],
}

async fn record(pool: &PgPool, attempt: Attempt, recording: Recording<'_>) -> Result<Recorded, StoreError> {
    let Recording {
        answer,
        keep: keep_for,
        cpu_ms,
        events,
    } = recording;
    let mut transaction = pool.begin().await?;
    let ended = end_with_verdict(&mut transaction, attempt).await?;
    if ended.is_ours && keep(&mut transaction, attempt, (answer, keep_for)).await? {
        for event in events {
            insert_security_event(&mut transaction, event).await?;
        }
        // At the end: what is stored for the same site at this moment waits for it.
        if let Some(site) = ended.charged_site {
            charge(&mut transaction, &site, cpu_ms, attempt.holder).await?;
        }
        transaction.commit().await?;
        return Ok(Recorded::New);
    }
    // The attempt has ended either way: it was fenced off, or has its verdict.
    transaction.commit().await?;
    let mut connection = pool.acquire().await?;
    Ok(match find(&mut connection, attempt.request).await? {
        // The answer to the first try was lost on its way.
        Some(stored) if stored == *answer => Recorded::New,
        Some(stored) => Recorded::Already(Box::new(stored)),
        None => Recorded::Superseded,
    })
}

/// An attempt that has ended.
struct EndedAttempt {
    /// It is still the one that counts.
    is_ours: bool,
    /// The site for which its CPU time is counted.
    charged_site: Option<String>,
}

/// Ends an attempt, and with it what a site waits for.
async fn end_with_verdict(connection: &mut PgConnection, attempt: Attempt) -> Result<EndedAttempt, StoreError> {
    let ended = sqlx::query_as!(
        EndedAttempt,
        r#"WITH ended AS (
             UPDATE attempts SET ended_at = clock_timestamp(), outcome = 'verdict'
             WHERE submission_id = $1 AND number = $2 AND holder = $3 AND ended_at IS NULL
             RETURNING submission_id
         ), answered AS (
             DELETE FROM gateway_open USING ended
             WHERE gateway_open.submission_id = ended.submission_id AND gateway_open.rejudge = $4
             RETURNING site, charged
         )
         SELECT EXISTS (SELECT FROM ended) AS "is_ours!", (SELECT site FROM answered WHERE charged) AS charged_site"#,
        attempt.request.submission,
        attempt.number,
        attempt.holder,
        attempt.request.rejudge.unwrap_or_default(),
    )
    .fetch_one(connection)
    .await?;
    Ok(ended)
}

/// What was decided about a request, unless it is a judge error. About a submission as it was first sent, that is the
/// verdict that counts, also when it was judged once more meanwhile.
pub(in crate::store) async fn find(
    connection: &mut PgConnection,
    request: Request,
) -> Result<Option<Answer>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT document::text AS "document!" FROM verdicts
         WHERE submission_id = $1 AND verdict <> $2 AND ($3::uuid IS NULL OR rejudge = $3)
         UNION ALL
         SELECT document::text FROM verdict_history
         WHERE submission_id = $1 AND verdict <> $2 AND rejudge = $3
         LIMIT 1"#,
        request.submission,
        Verdict::Je.code(),
        request.rejudge,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| contract::document(row.document.as_bytes())).transpose()?)
}

async fn find_stored(pool: &PgPool, request: Request) -> Result<Option<Answer>, StoreError> {
    find(&mut *pool.acquire().await?, request).await
}

/// Whether it is kept as a new verdict: in the place of the one that counted, or beside it.
async fn keep(
    connection: &mut PgConnection,
    attempt: Attempt,
    (answer, keep_for): (&Answer, Option<Duration>),
) -> Result<bool, StoreError> {
    make_room(&mut *connection, attempt, answer).await?;
    if insert_verdict(&mut *connection, attempt, (answer, keep_for)).await? {
        insert_tests(connection, answer.id(), &answer.rows()).await?;
        return Ok(true);
    }
    Ok(answer.rejudge().is_some() && insert_history(connection, attempt, answer).await?)
}

/// A judge error and a rejection give way to every verdict; every other verdict gives way to that of a later rejudging. The
/// callback that waits for this one is due from now on. Where the request had ended before, and its message was sent to the
/// queue again, its callback tells the new verdict too, and has all its tries; a try that is under way at this moment does not
/// end it. A callback that is over, or belongs to no request to judge once more, knows nothing of this one: that was rejected
/// without an attempt, or its service has not noted yet that it was sent. It belongs to this one from now on, so that it is not
/// sent twice.
async fn make_room(connection: &mut PgConnection, attempt: Attempt, answer: &Answer) -> Result<(), StoreError> {
    let decides = !matches!(answer.verdict(), Verdict::Je | Verdict::Cancelled);
    sqlx::query!(
        "WITH old AS (
             DELETE FROM verdicts WHERE submission_id = $1 AND (verdict = $2 OR $3::bool)
             RETURNING submission_id, attempt, rejudge, verdict, score, worker, judged_at, document
         ), counts AS (
             SELECT WHERE $3 OR NOT EXISTS (SELECT FROM verdicts WHERE submission_id = $1 AND verdict <> $2)
         ), withdrawn AS (
             UPDATE gateway_submissions SET rejection = NULL
             WHERE id = $1 AND rejection IS NOT NULL AND EXISTS (SELECT FROM counts)
               AND NOT EXISTS (SELECT FROM gateway_conflicts WHERE submission_id = $1)
             RETURNING id
         ), told AS (
             UPDATE gateway_callbacks
             SET due_at = clock_timestamp(), unanswered_looks = 0, tries = 0, ended_at = NULL, delivered = false,
                 error = NULL, rejudge = CASE WHEN $5::uuid IS NOT NULL AND (ended_at IS NOT NULL OR rejudge IS NULL)
                                THEN $5 ELSE gateway_callbacks.rejudge END
             WHERE submission_id = $1
               AND (ended_at IS NULL AND tries = 0 AND rejudge IS NOT DISTINCT FROM $5
                    OR EXISTS (SELECT FROM counts)
                       AND (EXISTS (SELECT FROM withdrawn)
                            OR ($5::uuid IS NOT NULL AND rejudge IS DISTINCT FROM $5
                                AND (ended_at IS NOT NULL OR rejudge IS NULL))
                            OR EXISTS (SELECT FROM attempts
                                       WHERE submission_id = $1 AND number < $4 AND rejudge IS NOT DISTINCT FROM $5
                                         AND outcome IN ('verdict', 'rejected'))))
         )
         INSERT INTO verdict_history (submission_id, attempt, rejudge, verdict, score, worker, judged_at, document)
         SELECT submission_id, attempt, rejudge, verdict, score, worker, judged_at, document FROM old",
        attempt.request.submission,
        Verdict::Je.code(),
        decides && attempt.request.rejudge.is_some(),
        attempt.number,
        attempt.request.rejudge,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_history(connection: &mut PgConnection, attempt: Attempt, answer: &Answer) -> Result<bool, StoreError> {
    let inserted = sqlx::query!(
        "INSERT INTO verdict_history (submission_id, attempt, rejudge, verdict, score, worker, judged_at, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json)",
        answer.id(),
        attempt.number,
        attempt.request.rejudge,
        answer.code(),
        answer.score(),
        answer.worker(),
        answer.judged_at().to_sqlx() as _,
        serde_json::to_string(answer)?,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() > 0)
}

/// Whether there was room for it.
async fn insert_verdict(
    connection: &mut PgConnection,
    attempt: Attempt,
    (answer, keep_for): (&Answer, Option<Duration>),
) -> Result<bool, StoreError> {
    let problem = answer.problem();
    let inserted = sqlx::query!(
        "INSERT INTO verdicts (submission_id, verdict, score, language, problem_id, problem_revision,
                               worker, received_at, judged_at, document, attempt, rejudge, forget_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::json, $11, $12,
                 clock_timestamp() + $13::float8 * interval '1 second')
         ON CONFLICT (submission_id) DO NOTHING",
        answer.id(),
        answer.code(),
        answer.score(),
        answer.language(),
        problem.map(|problem| problem.id.as_str()),
        problem.and_then(|problem| problem.revision.as_deref()),
        answer.worker(),
        answer.received_at().to_sqlx() as _,
        answer.judged_at().to_sqlx() as _,
        serde_json::to_string(answer)?,
        attempt.number,
        attempt.request.rejudge,
        keep_for.map(|keep_for| (keep_for + PUBLISHED_WITHIN).as_secs_f64()),
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() > 0)
}

async fn insert_tests(
    connection: &mut PgConnection,
    submission: Uuid,
    rows: &[AnswerRow<'_>],
) -> Result<(), StoreError> {
    let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let column = |of: fn(&AnswerRow<'_>) -> u64| rows.iter().map(|row| count(of(row))).collect::<Vec<_>>();
    let names: Vec<_> = rows.iter().map(|row| text::storable(row.name).into_owned()).collect();
    let verdicts: Vec<_> = rows.iter().map(|row| row.code.to_owned()).collect();
    sqlx::query!(
        "INSERT INTO test_runs
             (submission_id, position, name, verdict, cpu_ms, wall_ms, memory_bytes, exit_code, signal)
         SELECT $1, position - 1, name, verdict, cpu_ms, wall_ms, memory_bytes, exit_code, signal
         FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[], $8::text[])
              WITH ORDINALITY AS run (name, verdict, cpu_ms, wall_ms, memory_bytes, exit_code, signal, position)",
        submission,
        &names,
        &verdicts,
        &column(|row| row.cpu_ms),
        &column(|row| row.wall_ms),
        &column(|row| row.memory_bytes),
        rows.iter().map(|row| row.exit_code).collect::<Vec<_>>() as _,
        rows.iter().map(|row| row.signal.map(str::to_owned)).collect::<Vec<_>>() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
