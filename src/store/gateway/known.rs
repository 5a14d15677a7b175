//! What is known of submissions that came over HTTP: their answers, as far as there are any.

use serde::de::DeserializeOwned;
use sqlx::PgPool;
use thiserror::Error;
use uuid::Uuid;

use crate::contract::{self, Answer, Rejection, Request, Verdict};
use crate::store::{Store, StoreError};

/// What is known of a submission.
#[derive(Debug, Clone, PartialEq)]
pub struct GatewayRow {
    /// Its id.
    pub id: Uuid,
    /// The site that handed it in.
    pub site: String,
    /// A worker holds its lease.
    pub running: bool,
    /// Its answer, if it has one.
    pub answer: Option<Answer>,
    /// Why it cannot be judged.
    pub rejection: Option<Rejection>,
}

/// What is stored of a submission in a form that this version does not know. It says nothing about any other one.
#[derive(Debug, Error)]
#[error("what is kept of the submission {} cannot be read by this version: {error}", .request.submission)]
pub struct Unreadable {
    /// As it was first sent, or a request to judge it once more.
    pub request: Request,
    /// The site that handed it in, where that was asked for.
    pub site: String,
    pub(in crate::store) error: serde_json::Error,
}

impl Store {
    /// What is known of these submissions, as far as this version can read it.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn gateway_rows(&self, ids: &[Uuid]) -> Result<Vec<Result<GatewayRow, Unreadable>>, StoreError> {
        self.soon(|pool| rows(pool, ids)).await
    }
}

/// A submission with what counts of it, as the database has it.
struct StoredRow {
    id: Uuid,
    site: String,
    rejection: Option<String>,
    document: Option<String>,
    running: bool,
}

impl StoredRow {
    fn read(self) -> Result<GatewayRow, Unreadable> {
        let documents =
            read_of(self.document.as_deref()).and_then(|answer| Ok((answer, read_of(self.rejection.as_deref())?)));
        match documents {
            Ok((answer, rejection)) => Ok(GatewayRow {
                id: self.id,
                site: self.site,
                running: self.running,
                answer,
                rejection,
            }),
            Err(error) => Err(Unreadable {
                request: Request {
                    submission: self.id,
                    rejudge: None,
                },
                site: self.site,
                error,
            }),
        }
    }
}

fn read_of<T: DeserializeOwned>(json: Option<&str>) -> serde_json::Result<Option<T>> {
    json.map(|json| contract::document(json.as_bytes())).transpose()
}

/// The limits keep each look-up one of an index, however many there are: a plan that reads whole tables is none of them.
async fn rows(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<Result<GatewayRow, Unreadable>>, StoreError> {
    let found = sqlx::query_as!(
        StoredRow,
        r#"SELECT g.id AS "id!", g.site AS "site!", g.rejection::text AS rejection, v.document AS "document?",
             EXISTS (SELECT 1 FROM attempts a WHERE a.submission_id = g.id AND a.ended_at IS NULL) AS "running!"
         FROM unnest($1::uuid[]) AS wanted (id)
         CROSS JOIN LATERAL (SELECT id, site, rejection FROM gateway_submissions WHERE id = wanted.id LIMIT 1) AS g
         LEFT JOIN LATERAL (
             SELECT document::text FROM verdicts v
             WHERE v.submission_id = g.id
                 AND (SELECT true FROM gateway_conflicts c WHERE c.submission_id = g.id) IS NULL
                 AND (v.verdict <> $2 OR NOT EXISTS
                     (SELECT 1 FROM attempts a WHERE a.submission_id = g.id AND a.ended_at IS NULL))
             LIMIT 1) AS v ON true"#,
        ids,
        Verdict::Je.code(),
    )
    .fetch_all(pool)
    .await?;
    Ok(found.into_iter().map(StoredRow::read).collect())
}
