//! Submissions that are judged once more: which requests are under way, and which have their answers.

use sqlx::PgPool;
use uuid::Uuid;

use crate::contract::{self, Answer, Request};
use crate::store::{Store, StoreError, Unreadable};

impl Store {
    /// What is under way of a submission: what a worker judges now, and what is in flight. What has no answer is under way
    /// whether or not it counts as in flight.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn requests_under_way(&self, id: Uuid) -> Result<Vec<Request>, StoreError> {
        self.soon(|pool| under_way(pool, id)).await
    }

    /// How many of these submissions were asked for with this request, to be judged once more: whatever came of it. What could
    /// not be sent is as if it was never asked for.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn count_asked_again(&self, ids: &[Uuid], request: Uuid) -> Result<usize, StoreError> {
        self.soon(|pool| count_asked_again(pool, ids, request)).await
    }

    /// Answers to these requests to judge once more, also those that do not count, as far as this version can read them.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn answers_to(&self, requests: &[Request]) -> Result<Vec<Result<Answer, Unreadable>>, StoreError> {
        self.soon(|pool| answers(pool, requests)).await
    }
}

/// What something else is judged for under the same id is none of it. A row of what was answered already may still be there
/// for a while.
async fn under_way(pool: &PgPool, id: Uuid) -> Result<Vec<Request>, StoreError> {
    let rejudges = sqlx::query_scalar!(
        r#"SELECT coalesce(rejudge, $2) AS "rejudge!" FROM attempts
           WHERE submission_id = $1 AND ended_at IS NULL
             AND NOT EXISTS (SELECT FROM gateway_conflicts WHERE submission_id = $1)
           UNION
           SELECT rejudge FROM gateway_open WHERE submission_id = $1 AND in_flight AND rejudge <> $2
           UNION
           SELECT $2 WHERE NOT EXISTS (SELECT FROM verdicts WHERE submission_id = $1)
             AND NOT EXISTS (SELECT FROM gateway_submissions WHERE id = $1 AND rejection IS NOT NULL)
             AND NOT EXISTS (SELECT FROM gateway_conflicts WHERE submission_id = $1)"#,
        id,
        Uuid::nil(),
    )
    .fetch_all(pool)
    .await?;
    let requests = rejudges.into_iter().map(|rejudge| Request {
        submission: id,
        rejudge: Some(rejudge).filter(|rejudge| !rejudge.is_nil()),
    });
    Ok(requests.collect())
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

/// The limits keep each look-up one of an index, however many there are.
async fn answers(pool: &PgPool, requests: &[Request]) -> Result<Vec<Result<Answer, Unreadable>>, StoreError> {
    let again = requests
        .iter()
        .filter_map(|request| Some((request.submission, request.rejudge?)));
    let (ids, rejudges): (Vec<Uuid>, Vec<Uuid>) = again.unzip();
    let rows = sqlx::query!(
        r#"SELECT wanted.id AS "id!", wanted.rejudge AS "rejudge!", answer.document AS "document!"
           FROM unnest($1::uuid[], $2::uuid[]) AS wanted (id, rejudge)
           CROSS JOIN LATERAL (
               (SELECT document::text FROM verdicts v
                WHERE v.submission_id = wanted.id AND v.rejudge = wanted.rejudge LIMIT 1)
               UNION ALL
               (SELECT document::text FROM verdict_history h
                WHERE h.submission_id = wanted.id AND h.rejudge = wanted.rejudge ORDER BY h.attempt LIMIT 1)
           ) AS answer"#,
        &ids,
        &rejudges,
    )
    .fetch_all(pool)
    .await?;
    let answers = rows.into_iter().map(|row| {
        contract::document(row.document.as_bytes()).map_err(|error| Unreadable {
            request: Request {
                submission: row.id,
                rejudge: Some(row.rejudge),
            },
            site: String::new(),
            error,
        })
    });
    Ok(answers.collect())
}
