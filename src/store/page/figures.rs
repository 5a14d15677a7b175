//! What the page shows over many submissions: minutes of the last hour, revisions of a problem, security findings.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::SecuritySeverity;
use crate::store::connection::with_own_plans;
use crate::store::page::list::PAGE_ROWS;
use crate::store::{Store, StoreError, text};

/// How far back minutes go.
const RECENT: Duration = Duration::from_secs(3600);

/// Verdicts that are read for the minutes, the latest ones: of a thousand workers those of an hour are millions.
const MINUTES_LOOKED_AT: i64 = 200_000;

/// Verdicts of a problem that are counted, the latest ones.
pub const JUDGED_LOOKED_AT: i64 = 20_000;

/// What was judged in one minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedMinute {
    /// How many minutes ago, from 0.
    pub ago: i32,
    /// Submissions that were judged.
    pub judged: i64,
    /// From when a worker took a submission until it was judged, in seconds: half of them took no longer.
    pub median_s: f64,
    /// The same of 95 in 100.
    pub p95_s: f64,
}

/// What was judged against a revision of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// The revision.
    pub revision: Option<String>,
    /// Submissions.
    pub judged: i64,
    /// Those of them that were accepted.
    pub accepted: i64,
    /// When the first one was judged.
    pub first_at: Timestamp,
    /// When the last one was judged.
    pub last_at: Timestamp,
}

/// What was noticed about a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// Its id.
    pub id: Uuid,
    /// When the submission was judged.
    pub at: Timestamp,
    /// The submission.
    pub submission: Uuid,
    /// `notice`, `warning` or `alert`.
    pub severity: String,
    /// Such as `forbidden_call`.
    pub kind: String,
    /// `kernel` or `audit`.
    pub source: String,
    /// In how many tests.
    pub tests: i64,
    /// What is known of it.
    pub detail: String,
    /// The verdict on the submission.
    pub verdict: String,
    /// Its problem.
    pub problem: Option<String>,
    /// Who noticed it.
    pub worker: String,
}

impl Store {
    /// The minutes of the last hour in which something was judged; where that is very much, the latest of them.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn judged_minutes(&self) -> Result<Vec<JudgedMinute>, StoreError> {
        self.soon(minutes).await
    }

    /// Revisions of a problem that something was judged against lately, the latest first.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn judged_revisions(&self, problem: &str) -> Result<Vec<RevisionRow>, StoreError> {
        self.soon(|pool| revisions(pool, problem)).await
    }

    /// Findings, the newest first: of these severities, and behind this one of the list.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn findings(
        &self,
        severities: &[SecuritySeverity],
        before: Option<(Timestamp, Uuid)>,
    ) -> Result<Vec<FindingRow>, StoreError> {
        self.soon(|pool| findings(pool, severities, before)).await
    }
}

async fn minutes(pool: &PgPool) -> Result<Vec<JudgedMinute>, StoreError> {
    let mut rows = sqlx::query!(
        r#"SELECT ago AS "ago!", count(*) AS "judged!",
                  percentile_cont(0.5) WITHIN GROUP (ORDER BY took_s) AS "median_s!",
                  percentile_cont(0.95) WITHIN GROUP (ORDER BY took_s) AS "p95_s!"
           FROM (SELECT floor(extract(epoch FROM clock_timestamp() - judged_at) / 60)::int AS ago,
                        extract(epoch FROM judged_at - received_at)::float8 AS took_s
                 FROM verdicts WHERE judged_at > statement_timestamp() - $1::float8 * interval '1 second'
                 ORDER BY judged_at DESC LIMIT $2) AS recent
           GROUP BY ago ORDER BY ago"#,
        RECENT.as_secs_f64(),
        MINUTES_LOOKED_AT,
    )
    .fetch_all(pool)
    .await?;
    // Of the oldest minute only a part was read.
    if rows.iter().map(|row| row.judged).sum::<i64>() == MINUTES_LOOKED_AT && rows.len() > 1 {
        rows.pop();
    }
    let rows = rows.into_iter().map(|row| JudgedMinute {
        // A clock that was put back has judged in the future.
        ago: row.ago.max(0),
        judged: row.judged,
        median_s: row.median_s,
        p95_s: row.p95_s,
    });
    Ok(rows.collect())
}

async fn revisions(pool: &PgPool, problem: &str) -> Result<Vec<RevisionRow>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT problem_revision, count(*) AS "judged!", count(*) FILTER (WHERE verdict = 'AC') AS "accepted!",
                  min(judged_at) AS "first_at!: jiff_sqlx::Timestamp", max(judged_at) AS "last_at!: jiff_sqlx::Timestamp"
           FROM (SELECT * FROM verdicts WHERE problem_id = $1 ORDER BY judged_at DESC LIMIT $3) AS latest
           GROUP BY problem_revision ORDER BY max(judged_at) DESC LIMIT $2"#,
        &*text::storable(problem),
        PAGE_ROWS,
        JUDGED_LOOKED_AT,
    )
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(|row| RevisionRow {
        revision: row.problem_revision,
        judged: row.judged,
        accepted: row.accepted,
        first_at: row.first_at.to_jiff(),
        last_at: row.last_at.to_jiff(),
    });
    Ok(rows.collect())
}

async fn findings(
    pool: &PgPool,
    severities: &[SecuritySeverity],
    before: Option<(Timestamp, Uuid)>,
) -> Result<Vec<FindingRow>, StoreError> {
    let names: Vec<String> = severities.iter().map(|severity| severity.name().to_owned()).collect();
    let (before_at, before_id) = before.unzip();
    let mut transaction = with_own_plans(pool).await?;
    let rows = sqlx::query!(
        r#"SELECT id, at AS "at: jiff_sqlx::Timestamp", submission_id, severity, kind, source, tests, detail, verdict,
                  problem_id, worker
           FROM security_events
           WHERE severity = ANY($1) AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid))
           ORDER BY at DESC, id DESC LIMIT $4"#,
        &names,
        before_at.map(|at| at.to_sqlx()) as _,
        before_id,
        PAGE_ROWS,
    )
    .fetch_all(&mut *transaction)
    .await?;
    transaction.commit().await?;
    let rows = rows.into_iter().map(|row| FindingRow {
        id: row.id,
        at: row.at.to_jiff(),
        submission: row.submission_id,
        severity: row.severity,
        kind: row.kind,
        source: row.source,
        tests: row.tests,
        detail: row.detail,
        verdict: row.verdict,
        problem: row.problem_id,
        worker: row.worker,
    });
    Ok(rows.collect())
}
