//! What is old enough is removed: submissions that have their answers, with all that is known of them, security events, and
//! test sets that no submission has named for so long.
//!
//! A submission goes when its last attempt ended before the retention, with a verdict or a rejection. One that a worker has in
//! hand, that failed, was given back or that no worker has ever taken stays for twice as long: its message is in a queue
//! still, unless an operator has dropped it.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::store::connection::ANSWER_TIMEOUT;
use crate::store::retention::{Bounds, clock};
use crate::store::{Retention, Store, StoreError};

/// Submissions, and rows of each other kind, that are removed in one transaction: few enough to be done within seconds.
const BATCH: i64 = 500;

/// How long counting what is old may take, which looks at all of it.
const COUNT_TIMEOUT: Duration = Duration::from_secs(300);

/// Key of the lock in the database that is held for a batch: batches of several programs would choose the same rows.
pub const PURGING: i64 = 0x6173_7369_7a65_7067;

/// Rows that were removed, or would be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Purged {
    /// Submissions with their attempts, verdicts and tests.
    pub submissions: u64,
    /// Programs that were only run, and said how long they are kept.
    pub runs: u64,
    /// What came over HTTP: the messages with the sources, and refused or unsent ones.
    pub http_submissions: u64,
    /// Cancellations.
    pub cancellations: u64,
    /// Security events.
    pub security_events: u64,
    /// Test sets.
    pub test_sets: u64,
}

impl Purged {
    /// Whether there was nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Both together.
    pub fn add(&mut self, other: Self) {
        let Self {
            submissions,
            runs,
            http_submissions,
            cancellations,
            security_events,
            test_sets,
        } = other;
        self.submissions += submissions;
        self.runs += runs;
        self.http_submissions += http_submissions;
        self.cancellations += cancellations;
        self.security_events += security_events;
        self.test_sets += test_sets;
    }
}

impl Store {
    /// Removes some of what is older; nothing is left when nothing was removed, but for what is being claimed in that
    /// moment. Several may do this at once, and take turns.
    ///
    /// # Errors
    /// When the database does not answer; nothing is removed then.
    pub async fn purge_some(&self, retention: &Retention) -> Result<Purged, StoreError> {
        self.within(ANSWER_TIMEOUT, |pool| purge_some(pool, retention)).await
    }

    /// The same, unless another program does so now: `None` then. Of many workers whose hour it is, one removes and none
    /// waits.
    ///
    /// # Errors
    /// As [`Store::purge_some`].
    pub async fn purge_some_alone(&self, retention: &Retention) -> Result<Option<Purged>, StoreError> {
        self.within(ANSWER_TIMEOUT, |pool| purge_some_alone(pool, retention))
            .await
    }

    /// Counts what is older; runs aside, which [`Store::count_due_runs`] does.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_purgeable(&self, retention: &Retention) -> Result<Purged, StoreError> {
        self.within(COUNT_TIMEOUT, |pool| count(pool, retention)).await
    }
}

async fn purge_some(pool: &PgPool, retention: &Retention) -> Result<Purged, StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", PURGING)
        .execute(&mut *transaction)
        .await?;
    let purged = purge_batch(&mut transaction, retention).await?;
    transaction.commit().await?;
    Ok(purged)
}

async fn purge_some_alone(pool: &PgPool, retention: &Retention) -> Result<Option<Purged>, StoreError> {
    let mut transaction = pool.begin().await?;
    if !is_alone(&mut transaction, PURGING).await? {
        return Ok(None);
    }
    let purged = purge_batch(&mut transaction, retention).await?;
    transaction.commit().await?;
    Ok(Some(purged))
}

/// Whether no other program removes what this key is for; none does then until the transaction ends.
pub(super) async fn is_alone(transaction: &mut PgConnection, key: i64) -> Result<bool, StoreError> {
    let lock = sqlx::query!(r#"SELECT pg_try_advisory_xact_lock($1) AS "is_alone!""#, key)
        .fetch_one(transaction)
        .await?;
    Ok(lock.is_alone)
}

/// What came over HTTP of these submissions; how much.
pub(super) async fn remove_http_of(connection: &mut PgConnection, ids: &[Uuid]) -> Result<u64, StoreError> {
    let removed = sqlx::query!("DELETE FROM gateway_submissions WHERE id = ANY($1)", ids)
        .execute(connection)
        .await?;
    Ok(removed.rows_affected())
}

/// Cancellations of these submissions; how many.
pub(super) async fn remove_cancellations_of(connection: &mut PgConnection, ids: &[Uuid]) -> Result<u64, StoreError> {
    let removed = sqlx::query!("DELETE FROM cancellations WHERE submission_id = ANY($1)", ids)
        .execute(connection)
        .await?;
    Ok(removed.rows_affected())
}

/// Security events of these submissions, which hold their metadata. Those of what is kept by the settings have a time of their
/// own.
pub(super) async fn remove_security_events_of(connection: &mut PgConnection, ids: &[Uuid]) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM security_events WHERE submission_id = ANY($1)", ids)
        .execute(connection)
        .await?;
    Ok(())
}

/// A batch, under the lock.
async fn purge_batch(transaction: &mut PgConnection, retention: &Retention) -> Result<Purged, StoreError> {
    let bounds = Bounds::at(clock(&mut *transaction).await?, retention);
    let mut purged = Purged::default();
    if let Some(before) = bounds.submissions {
        let ids = answered(&mut *transaction, before, bounds.dropped).await?;
        let ids = remove_submissions(&mut *transaction, &ids, before).await?;
        purged.submissions = ids.len() as u64;
        purged.http_submissions = remove_from_http(&mut *transaction, &ids, (before, bounds.dropped)).await?;
        purged.cancellations = remove_cancellations(&mut *transaction, &ids, before).await?;
    }
    if let Some(before) = bounds.security_events {
        purged.security_events = remove_security_events(&mut *transaction, before).await?;
    }
    if let Some(before) = bounds.test_sets {
        purged.test_sets = remove_test_sets(&mut *transaction, before).await?;
    }
    Ok(purged)
}

/// Some submissions that have had their answers for so long; no attempt can begin at them until the transaction ends.
async fn answered(
    connection: &mut PgConnection,
    before: Timestamp,
    dropped_before: Option<Timestamp>,
) -> Result<Vec<Uuid>, StoreError> {
    let rows = sqlx::query!(
        "SELECT s.id FROM submissions s JOIN attempts a ON a.submission_id = s.id
         WHERE a.started_at < $1
           AND (a.ended_at < $1 AND a.outcome IN ('verdict', 'rejected') OR coalesce(a.ended_at, a.lease_until) < $3)
           AND NOT EXISTS (SELECT 1 FROM attempts later
                           WHERE later.submission_id = a.submission_id AND later.number > a.number)
         ORDER BY a.started_at LIMIT $2
         FOR UPDATE OF s SKIP LOCKED",
        before.to_sqlx() as _,
        BATCH,
        dropped_before.map(|before| before.to_sqlx()) as _,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Those that were removed. An attempt that began while they were looked for is seen only now that they are locked.
pub(super) async fn remove_submissions(
    connection: &mut PgConnection,
    ids: &[Uuid],
    before: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    let removed = sqlx::query!(
        "DELETE FROM submissions s
         WHERE id = ANY($1)
           AND NOT EXISTS (SELECT 1 FROM attempts a
                           WHERE a.submission_id = s.id AND coalesce(a.ended_at, a.lease_until) >= $2)
         RETURNING id",
        ids,
        before.to_sqlx() as _,
    )
    .fetch_all(&mut *connection)
    .await?;
    let removed: Vec<Uuid> = removed.into_iter().map(|row| row.id).collect();
    sqlx::query!("DELETE FROM verdicts WHERE submission_id = ANY($1)", &removed)
        .execute(connection)
        .await?;
    Ok(removed)
}

/// What came over HTTP of these submissions, and what never became one: refused, never sent on, or dropped.
async fn remove_from_http(
    connection: &mut PgConnection,
    ids: &[Uuid],
    (before, dropped_before): (Timestamp, Option<Timestamp>),
) -> Result<u64, StoreError> {
    let answered = remove_http_of(&mut *connection, ids).await?;
    // By itself, so that each of the three finds its rows by an index.
    let never_judged = sqlx::query!(
        "DELETE FROM gateway_submissions WHERE id IN (
             SELECT id FROM gateway_submissions g
             WHERE accepted_at < $1 AND (rejection IS NOT NULL OR published_at IS NULL)
               AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = g.id)
             ORDER BY accepted_at LIMIT $2)",
        before.to_sqlx() as _,
        BATCH,
    )
    .execute(&mut *connection)
    .await?;
    let dropped = sqlx::query!(
        "DELETE FROM gateway_submissions WHERE id IN (
             SELECT id FROM gateway_submissions g
             WHERE accepted_at < $1 AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = g.id)
             ORDER BY accepted_at LIMIT $2)",
        dropped_before.map(|before| before.to_sqlx()) as _,
        BATCH,
    )
    .execute(connection)
    .await?;
    Ok(answered + never_judged.rows_affected() + dropped.rows_affected())
}

/// Those of these submissions, and those of submissions that never came.
async fn remove_cancellations(
    connection: &mut PgConnection,
    ids: &[Uuid],
    before: Timestamp,
) -> Result<u64, StoreError> {
    let answered = remove_cancellations_of(&mut *connection, ids).await?;
    let never_judged = sqlx::query!(
        "DELETE FROM cancellations WHERE (submission_id, rejudge) IN (
             SELECT submission_id, rejudge FROM cancellations c
             WHERE asked_at < $1 AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = c.submission_id)
             ORDER BY asked_at LIMIT $2)",
        before.to_sqlx() as _,
        BATCH,
    )
    .execute(connection)
    .await?;
    Ok(answered + never_judged.rows_affected())
}

async fn remove_security_events(connection: &mut PgConnection, before: Timestamp) -> Result<u64, StoreError> {
    let removed = sqlx::query!(
        "DELETE FROM security_events WHERE id IN (
             SELECT id FROM security_events
             WHERE severity IN ('notice', 'warning', 'alert') AND at < $1 LIMIT $2)",
        before.to_sqlx() as _,
        BATCH,
    )
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}

/// One that is used while it is looked for stays.
async fn remove_test_sets(connection: &mut PgConnection, before: Timestamp) -> Result<u64, StoreError> {
    let removed = sqlx::query!(
        "DELETE FROM test_sets WHERE used_at < $1 AND (hash, site) IN (
             SELECT hash, site FROM test_sets WHERE used_at < $1 ORDER BY used_at LIMIT $2)",
        before.to_sqlx() as _,
        BATCH,
    )
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}

async fn count(pool: &PgPool, retention: &Retention) -> Result<Purged, StoreError> {
    let mut transaction = pool.begin().await?;
    let timeout = format!("SET LOCAL statement_timeout = {}", COUNT_TIMEOUT.as_millis());
    sqlx::query(sqlx::AssertSqlSafe(timeout))
        .execute(&mut *transaction)
        .await?;
    let bounds = Bounds::at(clock(&mut transaction).await?, retention);
    let row = sqlx::query!(
        r#"WITH old AS (
               SELECT a.submission_id AS id FROM attempts a
               WHERE a.started_at < $1
                 AND (a.ended_at < $1 AND a.outcome IN ('verdict', 'rejected')
                      OR coalesce(a.ended_at, a.lease_until) < $3)
                 AND NOT EXISTS (SELECT 1 FROM attempts later
                                 WHERE later.submission_id = a.submission_id AND later.number > a.number)
           )
           SELECT (SELECT count(*) FROM old) AS "submissions!",
                  (SELECT count(*) FROM gateway_submissions g
                   WHERE g.id IN (SELECT id FROM old)
                      OR (g.accepted_at < $1 AND (g.rejection IS NOT NULL OR g.published_at IS NULL OR g.accepted_at < $3)
                          AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = g.id))) AS "http!",
                  (SELECT count(*) FROM cancellations c
                   WHERE c.submission_id IN (SELECT id FROM old)
                      OR (c.asked_at < $1 AND NOT EXISTS
                          (SELECT 1 FROM submissions s WHERE s.id = c.submission_id))) AS "cancellations!",
                  (SELECT count(*) FROM security_events WHERE at < $2) AS "events!",
                  (SELECT count(*) FROM test_sets WHERE used_at < $4) AS "test_sets!""#,
        bounds.submissions.map(|before| before.to_sqlx()) as _,
        bounds.security_events.map(|before| before.to_sqlx()) as _,
        bounds.dropped.map(|before| before.to_sqlx()) as _,
        bounds.test_sets.map(|before| before.to_sqlx()) as _,
    )
    .fetch_one(&mut *transaction)
    .await?;
    let rows = |count: i64| u64::try_from(count).unwrap_or_default();
    Ok(Purged {
        submissions: rows(row.submissions),
        runs: 0,
        http_submissions: rows(row.http),
        cancellations: rows(row.cancellations),
        security_events: rows(row.events),
        test_sets: rows(row.test_sets),
    })
}
