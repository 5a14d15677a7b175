//! Why the database did not do what it must.

use std::time::Duration;

use semver::Version;
use sqlx::migrate::MigrateError;
use thiserror::Error;

use crate::tls::AuthorityError;

/// A database that did not do what it must.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The tables cannot be made.
    #[error("cannot bring the tables up to date: {0}")]
    Migrate(#[from] MigrateError),
    /// The tables are of no version that comes before or after this one.
    #[error(
        "the tables are not those of an earlier or a later version: migration {missing} of this version was not applied, \
         and {unknown} was, which this version does not know; use a version that has both"
    )]
    OtherLine {
        /// The first that this version does not know.
        unknown: i64,
        /// The first that was not applied.
        missing: i64,
    },
    /// A later version took away what this one uses.
    #[error(
        "migration {migration} of a later version took away what this version uses; start version {since} or later, or \
         restore the database from before that migration"
    )]
    Contracted {
        /// What took it away.
        migration: i64,
        /// The first version that does not use it.
        since: Version,
    },
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
    /// Trying again cannot help: the tables are not those of this version, or cannot be made.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Migrate(MigrateError::Execute(_)) => false,
            // It waited too long for a table, or the server went away.
            Self::Migrate(MigrateError::ExecuteMigration(error, _)) => !passes(error),
            Self::Migrate(_) | Self::OtherLine { .. } | Self::Contracted { .. } => true,
            _ => false,
        }
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
            Self::Sql(error) => passes(error),
            Self::OtherLine { .. } | Self::Contracted { .. } => false,
            Self::Migrate(_) | Self::Document(_) | Self::NoTables | Self::SwitchedOff => false,
        }
    }
}

fn passes(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return matches!(
            error,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_)
        );
    };
    // A server that has become a standby; another one takes writes.
    if error.code().as_deref() == Some("25006") {
        return true;
    }
    // Classes of PostgreSQL's appendix A: connection, rolled back, resources, intervention, object state.
    let class = error.code().map(|code| code.chars().take(2).collect::<String>());
    class.is_some_and(|class| ["08", "40", "53", "55", "57"].contains(&class.as_str()))
}
