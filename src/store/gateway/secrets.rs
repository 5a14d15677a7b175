//! Secrets that all services of an installation share.

use sqlx::PgPool;

use crate::store::{Store, StoreError};

/// What the ids of submissions with an `Idempotency-Key` are made with.
const IDS_OF_KEYS: &str = "ids-of-keys";

impl Store {
    /// The secret of which the ids of keys are made: this one, unless a service has stored another one before.
    ///
    /// # Errors
    /// When the database does not answer soon.
    pub async fn secret_of_keys(&self, drawn: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.soon(|pool| draw(pool, IDS_OF_KEYS, drawn)).await
    }
}

async fn draw(pool: &PgPool, purpose: &str, drawn: &[u8]) -> Result<Vec<u8>, StoreError> {
    sqlx::query!(
        "INSERT INTO installation_secrets (purpose, secret) VALUES ($1, $2) ON CONFLICT (purpose) DO NOTHING",
        purpose,
        drawn,
    )
    .execute(pool)
    .await?;
    let stored = sqlx::query_scalar!("SELECT secret FROM installation_secrets WHERE purpose = $1", purpose);
    Ok(stored.fetch_one(pool).await?)
}
