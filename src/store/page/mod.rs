//! What the page shows of a submission: everything that is known of it.

pub(super) mod details;
pub(super) mod figures;
pub(super) mod list;
mod sessions;

use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{self, Answer, Rejection, ShownProgram, SubmissionMessage, Verdict};
use crate::store::page::details::{SubmissionDetails, details_of};
use crate::store::{Store, StoreError};

/// Attempts and verdicts of one submission that are read.
const MOST_ROWS: i64 = 100;

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
    /// Whose it is, and what it used.
    pub details: SubmissionDetails,
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
    /// Its program, while that is kept.
    pub program: Option<ShownProgram>,
    /// Whether it can be judged once more.
    pub is_repeatable: bool,
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
    /// The request to judge once more that it was for.
    pub rejudge: Option<Uuid>,
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
    /// The request to judge once more that it was for.
    pub rejudge: Option<Uuid>,
}

impl Store {
    /// Everything that is stored of a submission.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn stored_submission(&self, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
        self.soon(|pool| stored(pool, id)).await
    }
}

/// What is stored of a submission by itself.
struct StoredRow {
    at: jiff_sqlx::Timestamp,
    site: Option<String>,
    language: Option<String>,
    problem: Option<String>,
    verdict: Option<String>,
    score: Option<f64>,
    answer: Option<String>,
    took_s: Option<f64>,
    rejection: Option<String>,
    message: Option<String>,
    running: bool,
    /// Something else was judged under its id first.
    other_is_judged: bool,
}

async fn stored(pool: &PgPool, id: Uuid) -> Result<Option<StoredSubmission>, StoreError> {
    let found = sqlx::query_as!(
        StoredRow,
        r#"SELECT coalesce(g.accepted_at, s.first_seen_at) AS "at!: jiff_sqlx::Timestamp", g.site AS "site?",
                  coalesce(s.language, g.language) AS language, coalesce(s.problem_id, g.problem_id) AS problem,
                  v.verdict AS "verdict?", v.score AS "score?", v.document::text AS "answer?",
                  extract(epoch FROM v.judged_at - v.received_at)::float8 AS took_s,
                  g.rejection::text AS rejection, g.message::text AS message, open.running AS "running!",
                  other.is_judged AS "other_is_judged!"
           FROM (SELECT $1::uuid AS id) AS wanted
           LEFT JOIN submissions s ON s.id = wanted.id
           LEFT JOIN gateway_submissions g ON g.id = wanted.id
           CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM attempts a
                                              WHERE a.submission_id = wanted.id AND a.ended_at IS NULL) AS running) AS open
           CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM gateway_conflicts c
                                              WHERE c.submission_id = wanted.id) AS is_judged) AS other
           LEFT JOIN verdicts v ON v.submission_id = wanted.id AND (v.verdict <> $2 OR NOT open.running)
               AND NOT other.is_judged
           WHERE s.id IS NOT NULL OR g.id IS NOT NULL"#,
        id,
        Verdict::Je.code(),
    )
    .fetch_optional(pool)
    .await?;
    match found {
        Some(found) => described(pool, id, found).await.map(Some),
        None => Ok(None),
    }
}

/// The same with all that belongs to it.
async fn described(pool: &PgPool, id: Uuid, found: StoredRow) -> Result<StoredSubmission, StoreError> {
    let details = details_of(&mut *pool.acquire().await?, &[id]).await?.pop();
    let answer = found.answer.map(|json| contract::document(json.as_bytes()));
    let rejection = found.rejection.map(|json| contract::document(json.as_bytes()));
    let (attempts, history) = match found.other_is_judged {
        true => (Vec::new(), Vec::new()),
        false => (attempts(pool, id).await?, history(pool, id).await?),
    };
    Ok(StoredSubmission {
        row: SubmissionRow {
            id,
            at: found.at.to_jiff(),
            site: found.site,
            language: found.language,
            problem: found.problem,
            state: state_of(found.verdict, rejection.is_some(), found.running),
            score: found.score,
            took_s: found.took_s,
            details: details.unwrap_or_default(),
        },
        answer: answer.transpose()?,
        rejection: rejection.transpose()?,
        is_repeatable: found.message.is_some() && !found.other_is_judged,
        program: found.message.and_then(|message| program_in(id, &message)),
        attempts,
        history,
    })
}

/// The program of a message. One that cannot be read is a fault of ours, and the rest is shown.
fn program_in(id: Uuid, message: &str) -> Option<ShownProgram> {
    match contract::document::<SubmissionMessage>(message.as_bytes()) {
        Ok(message) => Some(message.into_shown()),
        Err(error) => {
            tracing::error!(submission.id = %id, %error, "a stored message cannot be read");
            None
        }
    }
}

/// What a list says of a submission.
pub(super) fn state_of(verdict: Option<String>, is_rejected: bool, is_running: bool) -> String {
    verdict.unwrap_or_else(|| {
        let word = match (is_rejected, is_running) {
            (true, _) => "rejected",
            (false, true) => "running",
            (false, false) => "waiting",
        };
        word.to_owned()
    })
}

async fn attempts(pool: &PgPool, id: Uuid) -> Result<Vec<AttemptRow>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT number, worker, started_at AS "started_at: jiff_sqlx::Timestamp",
                  ended_at AS "ended_at: jiff_sqlx::Timestamp", outcome, reason, rejudge
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
        rejudge: row.rejudge,
    });
    Ok(rows.collect())
}

async fn history(pool: &PgPool, id: Uuid) -> Result<Vec<PastVerdict>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT attempt, verdict, worker, judged_at AS "judged_at: jiff_sqlx::Timestamp", rejudge
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
        rejudge: row.rejudge,
    });
    Ok(rows.collect())
}
