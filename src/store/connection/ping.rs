//! Whether the database answers, for the readiness of a worker.

use sqlx::Connection as _;

use crate::config::StoreSettings;
use crate::store::connection::CONNECT_TIMEOUT;
use crate::store::connection::hosts::{Hosts, connect_to};
use crate::store::{Store, StoreError};

impl Store {
    /// Whether the database answers; without one, `false`.
    ///
    /// # Errors
    /// When it does not answer, or refuses what is asked of it again and again. The caller bounds the time.
    pub async fn ping(&self) -> Result<bool, StoreError> {
        let Some(pool) = &self.pool else {
            return Ok(false);
        };
        sqlx::query("SELECT 1").execute(pool).await?;
        // A role may connect and lack a privilege on a table.
        self.waits
            .reason()
            .map_or(Ok(true), |reason| Err(StoreError::Refuses(reason)))
    }
}

/// Whether the database of the settings can be connected to.
///
/// # Errors
/// When it cannot.
pub async fn ping(settings: &StoreSettings) -> Result<(), StoreError> {
    let server = Hosts::of(settings)?.find().await?;
    connect_to(&server, CONNECT_TIMEOUT).await?.close().await?;
    Ok(())
}
