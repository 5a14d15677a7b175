//! Operators who logged in to the page.

use std::time::Duration;

use sqlx::PgPool;

use crate::store::{Store, StoreError};

/// Sessions that one token may have; the oldest end.
const MOST_SESSIONS: i64 = 50;

impl Store {
    /// Begins a session, and removes what has expired.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn begin_page_session(
        &self,
        digest: [u8; 32],
        token: [u8; 32],
        lasts: Duration,
    ) -> Result<(), StoreError> {
        self.soon(|pool| begin(pool, digest, token, lasts)).await
    }

    /// SHA-256 of the token of a session that has not expired.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn page_session(&self, digest: [u8; 32]) -> Result<Option<[u8; 32]>, StoreError> {
        self.soon(|pool| find(pool, digest)).await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn end_page_session(&self, digest: [u8; 32]) -> Result<(), StoreError> {
        self.soon(|pool| end(pool, digest)).await
    }
}

async fn begin(pool: &PgPool, digest: [u8; 32], token: [u8; 32], lasts: Duration) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "DELETE FROM page_sessions WHERE expires_at < statement_timestamp()
         OR digest IN (SELECT digest FROM page_sessions WHERE token = $1 ORDER BY expires_at DESC OFFSET $2)",
        &token[..],
        MOST_SESSIONS - 1,
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "INSERT INTO page_sessions (digest, token, expires_at)
         VALUES ($1, $2, clock_timestamp() + $3::float8 * interval '1 second')",
        &digest[..],
        &token[..],
        lasts.as_secs_f64(),
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn find(pool: &PgPool, digest: [u8; 32]) -> Result<Option<[u8; 32]>, StoreError> {
    let found = sqlx::query!(
        "SELECT token FROM page_sessions WHERE digest = $1 AND expires_at > clock_timestamp()",
        &digest[..]
    )
    .fetch_optional(pool)
    .await?;
    Ok(found.and_then(|row| row.token.try_into().ok()))
}

async fn end(pool: &PgPool, digest: [u8; 32]) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM page_sessions WHERE digest = $1", &digest[..])
        .execute(pool)
        .await?;
    Ok(())
}
