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

    /// How many of these submissions were asked for with this request, to be judged once more: whatever came of it. What could
    /// not be sent is as if it was never asked for.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn count_asked_again(&self, ids: &[Uuid], request: Uuid) -> Result<usize, StoreError> {
        self.soon(|pool| count_asked_again(pool, ids, request)).await
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

async fn count_asked_again(pool: &PgPool, ids: &[Uuid], request: Uuid) -> Result<usize, StoreError> {
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM unnest($1::uuid[]) AS wanted (id)
           WHERE EXISTS (SELECT 1 FROM gateway_open o
                         WHERE o.submission_id = wanted.id AND o.rejudge = $2
                           AND (o.in_flight OR o.unsent_since IS NULL))
              OR EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = wanted.id AND a.rejudge = $2)"#,
        ids,
        request,
    )
    .fetch_one(pool)
    .await?;
    Ok(usize::try_from(counted).unwrap_or_default())
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
