//! Submissions that are judged once more: which request is judged now, and which have their answers.

use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{self, Answer, Request};
use crate::store::{Store, StoreError};

impl Store {
    /// What a worker judges of a submission now.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn open_request(&self, id: Uuid) -> Result<Option<Request>, StoreError> {
        self.soon(|pool| open(pool, id)).await
    }

    /// Answers to these requests to judge once more, also those that do not count.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn answers_to(&self, requests: &[Request]) -> Result<Vec<Answer>, StoreError> {
        self.soon(|pool| answers(pool, requests)).await
    }
}

async fn open(pool: &PgPool, id: Uuid) -> Result<Option<Request>, StoreError> {
    let found = sqlx::query!(
        "SELECT rejudge FROM attempts WHERE submission_id = $1 AND ended_at IS NULL",
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(found.map(|row| Request {
        submission: id,
        rejudge: row.rejudge,
    }))
}

async fn answers(pool: &PgPool, requests: &[Request]) -> Result<Vec<Answer>, StoreError> {
    let again = requests
        .iter()
        .filter_map(|request| Some((request.submission, request.rejudge?)));
    let (ids, rejudges): (Vec<Uuid>, Vec<Uuid>) = again.unzip();
    let rows = sqlx::query!(
        r#"WITH wanted AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS wanted (id, rejudge))
           SELECT document::text AS "document!" FROM wanted w
           JOIN verdicts v ON v.submission_id = w.id AND v.rejudge = w.rejudge
           UNION ALL
           SELECT document::text FROM wanted w
           JOIN verdict_history h ON h.submission_id = w.id AND h.rejudge = w.rejudge"#,
        &ids,
        &rejudges,
    )
    .fetch_all(pool)
    .await?;
    let answers = rows.into_iter().map(|row| contract::document(row.document.as_bytes()));
    Ok(answers.collect::<Result<_, _>>()?)
}
