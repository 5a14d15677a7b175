//! Why the database did not do what it must.

use std::time::Duration;

use sqlx::migrate::MigrateError;
use thiserror::Error;

use crate::tls::AuthorityError;

/// A database that did not do what it must.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The tables cannot be made.
    #[error("cannot bring the tables up to date: {0}")]
    Migrate(#[from] MigrateError),
    /// A statement failed.
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
    /// No connection.
    #[error("cannot reach PostgreSQL at {place}: {source}; is it running, and is the setting store.url right?")]
    Unreachable {
        /// Host, port and database.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The server shows a certificate that is not trusted.
    #[error("PostgreSQL at {place} is not trusted: {reason}")]
    Mistrusted {
        /// Host, port and database.
        place: String,
        /// Why.
        reason: String,
    },
    /// The authorities of the settings cannot be read.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// Each host that the URL names is away, or a standby.
    #[error("no host of store.url takes writes: {0}; see which of them are running, and whether one was promoted")]
    NoWriter(String),
    /// No answer.
    #[error("the database did not answer within {0:?}")]
    Silent(Duration),
    /// The tables have not been made yet, or are those of an older version.
    #[error("the database has not the tables of this version; start a worker of this version, which makes them")]
    NoTables,
    /// There is none.
    #[error("the database is switched off; set store.enabled = true")]
    SwitchedOff,
    /// A stored document cannot be read.
    #[error("a stored verdict cannot be read: {0}")]
    Document(#[from] serde_json::Error),
}

impl StoreError {
    /// Trying again cannot help: the tables are not those of this version.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Migrate(error) if !matches!(error, MigrateError::Execute(_)))
    }

    /// PostgreSQL's `undefined_table`.
    pub(super) fn is_about_a_missing_table(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01"))
    }

    /// The database is away, or busy with itself; it will come back.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Silent(_) | Self::NoWriter(_) | Self::Unreachable { .. } | Self::Mistrusted { .. } => true,
            Self::Authority(_) => true,
            Self::Sql(sqlx::Error::Database(error)) => {
                // A server that has become a standby; another one takes writes.
                if error.code().as_deref() == Some("25006") {
                    return true;
                }
                // Classes of PostgreSQL's appendix A: connection, rolled back, resources, intervention, object state.
                let class = error.code().map(|code| code.chars().take(2).collect::<String>());
                class.is_some_and(|class| ["08", "40", "53", "55", "57"].contains(&class.as_str()))
            }
            Self::Sql(error) => matches!(
                error,
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_)
            ),
            Self::Migrate(_) | Self::Document(_) | Self::NoTables | Self::SwitchedOff => false,
        }
    }
}
