//! Wishes that a submission is not judged.

use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use crate::contract::{Cancel, Request};
use crate::store::lease::Cancelled;
use crate::store::{Store, StoreError};

impl Store {
    /// Keeps the wish, for whoever takes the submission in hand. Waits for a database that is away.
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
    sqlx::query(
        "INSERT INTO cancellations (submission_id, rejudge, reason) VALUES ($1, $2, $3)
         ON CONFLICT (submission_id, rejudge) DO NOTHING",
    )
    .bind(cancel.id)
    .bind(cancel.rejudge.unwrap_or(Uuid::nil()))
    .bind(&cancel.reason)
    .execute(pool)
    .await?;
    Ok(())
}

/// The wish, if there is one.
pub(super) async fn is_cancelled(
    connection: &mut PgConnection,
    request: Request,
) -> Result<Option<Cancelled>, StoreError> {
    let row = sqlx::query("SELECT coalesce(reason, '') FROM cancellations WHERE submission_id = $1 AND rejudge = $2")
        .bind(request.submission)
        .bind(request.rejudge.unwrap_or(Uuid::nil()))
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.map(Cancelled::because))
}
