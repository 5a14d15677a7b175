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
    /// It answers, and something that is asked of it is refused and asked again.
    #[error("something is refused, and asked again: {0}")]
    Refuses(String),
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
            // It waited too long for a table, or the server went away. A role that may not migrate is no role for this.
            Self::Migrate(MigrateError::ExecuteMigration(error, _)) => !passes(error) || is_a_missing_privilege(error),
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
            Self::Authority(_) | Self::Refuses(_) => true,
            Self::Sql(error) => passes(error),
            Self::OtherLine { .. } | Self::Contracted { .. } => false,
            Self::Migrate(_) | Self::Document(_) | Self::NoTables | Self::SwitchedOff => false,
        }
    }

    /// What is stored or to be stored is at fault, of this submission alone: others are stored meanwhile.
    pub(crate) fn is_of_the_data(&self) -> bool {
        match self {
            Self::Document(_) => true,
            Self::Sql(sqlx::Error::Database(error)) => error
                .code()
                .is_some_and(|code| CLASSES_OF_DATA.iter().any(|class| code.starts_with(class))),
            _ => false,
        }
    }
}

/// What the database says of itself, and not of what it was asked. Classes and codes are those of PostgreSQL's appendix A
/// (errcodes): a worker is kept from the database by what an operator changes, and let in again by the next change.
fn passes(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return matches!(
            error,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_)
        );
    };
    error.code().is_some_and(|code| {
        PASSING_CODES.contains(&&*code) || PASSING_CLASSES.iter().any(|class| code.starts_with(class))
    })
}

fn is_a_missing_privilege(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some(INSUFFICIENT_PRIVILEGE))
}

/// Connection, password or pg_hba.conf, no such database, rolled back, resources, intervention, object state, and errors of
/// the disk, which PostgreSQL tells apart from a full one (53). Its internal errors (XX) are none of these: one may be of a
/// single row, for which a slot would wait for ever.
const PASSING_CLASSES: [&str; 8] = ["08", "28", "3D", "40", "53", "55", "57", "58"];

const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// A server that has become a standby (another one takes writes); a transaction that PostgreSQL has ended since its client
/// was silent, or since it took too long; a prepared statement that a pooler keeps on another connection; a role that has
/// lost a privilege, as that to connect.
const PASSING_CODES: [&str; 5] = ["25006", "25P03", "25P04", "26000", INSUFFICIENT_PRIVILEGE];

/// Data that cannot be stored, a constraint, a limit of the program.
const CLASSES_OF_DATA: [&str; 3] = ["22", "23", "54"];

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::error::Error;
    use std::fmt;

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    #[derive(Debug)]
    struct OfCode(&'static str);

    impl fmt::Display for OfCode {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl Error for OfCode {}

    impl DatabaseError for OfCode {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn of_code(code: &'static str) -> StoreError {
        StoreError::Sql(sqlx::Error::Database(Box::new(OfCode(code))))
    }

    #[test]
    fn what_an_operator_changes_passes_and_says_nothing_of_the_data() {
        let changed = [
            "08006", "25006", "25P03", "25P04", "26000", "28000", "28P01", "3D000", "40001", "42501", "53300", "55P03",
            "57P01", "58030",
        ];
        for code in changed {
            let error = of_code(code);
            assert!(error.is_passing() && !error.is_of_the_data(), "{code}");
        }
    }

    #[test]
    fn data_that_the_database_refuses_is_refused_again() {
        for code in ["22021", "22P05", "23514", "54000"] {
            let error = of_code(code);
            assert!(!error.is_passing() && error.is_of_the_data(), "{code}");
        }
    }

    #[test]
    fn a_migration_is_tried_again_for_what_passes_but_for_a_privilege() {
        for (code, is_final) in [("57P01", false), ("55P03", false), ("42501", true), ("42703", true)] {
            let error = sqlx::Error::Database(Box::new(OfCode(code)));
            let error = StoreError::Migrate(MigrateError::ExecuteMigration(error, 1));
            assert_eq!(error.is_final(), is_final, "{code}");
        }
    }

    #[test]
    fn a_table_of_another_form_neither_passes_nor_is_due_to_the_data() {
        for code in ["42703", "42883", "42P01", "25P01", "XX001"] {
            let error = of_code(code);
            assert!(!error.is_passing() && !error.is_of_the_data(), "{code}");
        }
    }
}
