//! Requests that a submission is not judged.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::contract::{Cancel, Request};
use crate::store::{Store, StoreError, text};

/// A submission is not to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// Why, for people.
    pub reason: Option<String>,
}

impl Cancelled {
    /// For this reason; an empty one is none.
    pub fn because(reason: String) -> Self {
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        Self { reason }
    }
}

impl Store {
    /// Stores a cancellation, for the worker that leases the submission. Waits while the database is unreachable.
    ///
    /// # Errors
    /// When the database does not do what it must.
    pub async fn record_cancellation(&self, cancel: &Cancel) -> Result<(), StoreError> {
        match &self.pool {
            Some(pool) => self.with_retry(|| insert(pool, cancel)).await,
            None => Ok(()),
        }
    }
}

async fn insert(pool: &PgPool, cancel: &Cancel) -> Result<(), StoreError> {
    let reason = cancel.reason.as_deref().map(text::storable);
    sqlx::query!(
        "INSERT INTO cancellations (submission_id, rejudge, reason) VALUES ($1, $2, $3)
         ON CONFLICT (submission_id, rejudge) DO NOTHING",
        cancel.id,
        cancel.rejudge.unwrap_or(Uuid::nil()),
        reason.as_deref(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The cancellation of a request, if there is one.
pub(super) async fn is_cancelled(
    connection: &mut PgConnection,
    request: Request,
) -> Result<Option<Cancelled>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT coalesce(reason, '') AS "reason!" FROM cancellations WHERE submission_id = $1 AND rejudge = $2"#,
        request.submission,
        request.rejudge.unwrap_or(Uuid::nil()),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Cancelled::because(row.reason)))
}
