//! What the page shows of submissions: lists, the newest first, and everything that is known of one.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{self, Answer, Rejection};
use crate::store::{Store, StoreError, text};

/// Rows of a page of a list.
pub const PAGE_ROWS: i64 = 50;

/// Attempts and verdicts of one submission that are read.
const MOST_ROWS: i64 = 100;

/// Which submissions are listed. What is `None` excludes nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubmissionFilter {
    /// Of this site.
    pub site: Option<String>,
    /// For this problem.
    pub problem: Option<String>,
    /// In this language.
    pub language: Option<String>,
    /// Code of the verdict or status, or `waiting`, `running`, `rejected`.
    pub state: Option<String>,
    /// Only those behind this one, in a list that begins with the newest.
    pub before: Option<(Timestamp, Uuid)>,
    /// How many, at most [`PAGE_ROWS`].
    pub rows: i64,
}

/// A submission in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionRow {
    /// Its id.
    pub id: Uuid,
    /// When it came.
    pub at: Timestamp,
    /// The site that handed it in over HTTP.
    pub site: Option<String>,
    /// Its language, where that is known still.
    pub language: Option<String>,
    /// Its problem.
    pub problem: Option<String>,
    /// Code of the verdict or status, or `waiting`, `running`, `rejected`.
    pub state: String,
    /// Points.
    pub score: Option<f64>,
    /// From when it was taken until it was judged, in seconds.
    pub took_s: Option<f64>,
}

/// Everything that is stored of one submission.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSubmission {
    /// Its line in the list.
    pub row: SubmissionRow,
    /// Its answer.
    pub answer: Option<Answer>,
    /// Why it cannot be judged.
    pub rejection: Option<Rejection>,
    /// The message, as JSON, while it is kept.
    pub message: Option<String>,
    /// Who judged it, the first try first.
    pub attempts: Vec<AttemptRow>,
    /// Verdicts that do not count any longer, the newest first.
    pub history: Vec<PastVerdict>,
}

/// One attempt at a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// From 1.
    pub number: i32,
    /// Who judged.
    pub worker: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended, such as `verdict` or `lost`.
    pub outcome: Option<String>,
    /// What went wrong.
    pub reason: Option<String>,
    /// It was for a request to judge once more.
    pub is_rejudging: bool,
}

/// A verdict that does not count any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastVerdict {
    /// The attempt that came to it.
    pub attempt: i32,
    /// Its code.
    pub verdict: String,
    /// Who judged.
    pub worker: String,
    /// When.
    pub judged_at: Timestamp,
}

impl Store {
    /// Submissions, the newest first.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn list_submissions(&self, filter: &SubmissionFilter) -> Result<Vec<SubmissionRow>, StoreError> {
        self.soon(|pool| list(pool, filter, None)).await
    }

    /// Everything that is stored of a submission.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn stored_submission(&self, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
        self.soon(|pool| stored(pool, id)).await
    }
}

async fn list(pool: &PgPool, filter: &SubmissionFilter, only: Option<Uuid>) -> Result<Vec<SubmissionRow>, StoreError> {
    let (before_at, before_id) = filter.before.unzip();
    let word = |word: &Option<String>| word.as_deref().map(|word| text::storable(word).into_owned());
    let rows = sqlx::query!(
        r#"WITH taken AS MATERIALIZED (
             SELECT s.id, s.first_seen_at AS at, g.site, s.language, s.problem_id AS problem, stands.state, v.score,
                    extract(epoch FROM v.judged_at - v.received_at)::float8 AS took_s
             FROM submissions s
             LEFT JOIN verdicts v ON v.submission_id = s.id
             LEFT JOIN gateway_submissions g ON g.id = s.id
             CROSS JOIN LATERAL (SELECT coalesce(v.verdict, CASE WHEN g.rejection IS NOT NULL THEN 'rejected'
                        WHEN EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = s.id AND a.ended_at IS NULL)
                        THEN 'running' ELSE 'waiting' END) AS state) AS stands
             WHERE ($1::timestamptz IS NULL OR (s.first_seen_at, s.id) < ($1, $2::uuid))
               AND ($3::text IS NULL OR g.site = $3)
               AND ($4::text IS NULL OR s.problem_id = $4)
               AND ($5::text IS NULL OR s.language = $5)
               AND ($8::uuid IS NULL OR s.id = $8)
               AND ($6::text IS NULL OR stands.state = $6)
             ORDER BY s.first_seen_at DESC, s.id DESC LIMIT $7
           ), untaken AS (
             SELECT g.id, g.accepted_at AS at, g.site, kept.language, kept.problem, kept.state,
                    NULL::float8 AS score, NULL::float8 AS took_s
             FROM gateway_submissions g
             -- Messages are large, and are read only of submissions that an older service took.
             CROSS JOIN LATERAL (SELECT coalesce(g.language, g.message->>'language') AS language,
                        coalesce(g.problem_id, g.message->'problem'->>'id') AS problem,
                        CASE WHEN g.rejection IS NULL THEN 'waiting' ELSE 'rejected' END AS state) AS kept
             WHERE NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = g.id)
               -- Behind a full page there is nothing to look for.
               AND g.accepted_at >= coalesce((SELECT min(at) FROM taken HAVING count(*) = $7), '-infinity')
               AND ($1::timestamptz IS NULL OR (g.accepted_at, g.id) < ($1, $2::uuid))
               AND ($3::text IS NULL OR g.site = $3)
               AND ($4::text IS NULL OR kept.problem = $4)
               AND ($5::text IS NULL OR kept.language = $5)
               AND ($8::uuid IS NULL OR g.id = $8)
               AND ($6::text IS NULL OR kept.state = $6)
             ORDER BY g.accepted_at DESC, g.id DESC LIMIT $7
           )
           SELECT id AS "id!", at AS "at!: jiff_sqlx::Timestamp", site, language, problem, state AS "state!", score, took_s
           FROM (SELECT * FROM taken UNION ALL SELECT * FROM untaken) AS listed
           ORDER BY at DESC, id DESC LIMIT $7"#,
        before_at.map(|at| at.to_sqlx()) as _,
        before_id,
        word(&filter.site),
        word(&filter.problem),
        word(&filter.language),
        word(&filter.state),
        filter.rows.clamp(1, PAGE_ROWS),
        only,
    )
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(|row| SubmissionRow {
        id: row.id,
        at: row.at.to_jiff(),
        site: row.site,
        language: row.language,
        problem: row.problem,
        state: row.state,
        score: row.score,
        took_s: row.took_s,
    });
    Ok(rows.collect())
}

async fn stored(pool: &PgPool, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
    let one = SubmissionFilter {
        rows: 1,
        ..SubmissionFilter::default()
    };
    let Some(row) = list(pool, &one, Some(id)).await?.pop() else {
        return Ok(None);
    };
    let documents = sqlx::query!(
        r#"SELECT (SELECT document::text FROM verdicts WHERE submission_id = $1) AS answer,
                  (SELECT rejection::text FROM gateway_submissions WHERE id = $1) AS rejection,
                  (SELECT message::text FROM gateway_submissions WHERE id = $1) AS message"#,
        id
    )
    .fetch_one(pool)
    .await?;
    let answer = documents.answer.map(|json| contract::document(json.as_bytes()));
    let rejection = documents.rejection.map(|json| contract::document(json.as_bytes()));
    Ok(Some(StoredSubmission {
        row,
        answer: answer.transpose()?,
        rejection: rejection.transpose()?,
        message: documents.message,
        attempts: attempts(pool, id).await?,
        history: history(pool, id).await?,
    }))
}

async fn attempts(pool: &PgPool, id: Uuid) -> Result<Vec<AttemptRow>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT number, worker, started_at AS "started_at: jiff_sqlx::Timestamp",
                  ended_at AS "ended_at: jiff_sqlx::Timestamp", outcome, reason, rejudge IS NOT NULL AS "is_rejudging!"
           FROM (SELECT * FROM attempts WHERE submission_id = $1 ORDER BY number DESC LIMIT $2) AS newest
           ORDER BY number"#,
        id,
        MOST_ROWS,
    )
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(|row| AttemptRow {
        number: row.number,
        worker: row.worker,
        started_at: row.started_at.to_jiff(),
        ended_at: row.ended_at.map(|at| at.to_jiff()),
        outcome: row.outcome,
        reason: row.reason,
        is_rejudging: row.is_rejudging,
    });
    Ok(rows.collect())
}

async fn history(pool: &PgPool, id: Uuid) -> Result<Vec<PastVerdict>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT attempt, verdict, worker, judged_at AS "judged_at: jiff_sqlx::Timestamp"
           FROM verdict_history WHERE submission_id = $1 ORDER BY attempt DESC LIMIT $2"#,
        id,
        MOST_ROWS,
    )
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(|row| PastVerdict {
        attempt: row.attempt,
        verdict: row.verdict,
        worker: row.worker,
        judged_at: row.judged_at.to_jiff(),
    });
    Ok(rows.collect())
}
