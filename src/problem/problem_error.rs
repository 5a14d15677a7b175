//! Why a problem cannot be had, and who has to do something about it.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use tokio::task::JoinError;
use url::Url;

use crate::host_fault::host_fault;
use crate::problem::PackageError;

/// A problem that cannot be had. It is cheap to clone: all who wait for one load get the same error.
#[derive(Debug, Clone)]
pub struct ProblemError(Arc<ProblemFault>);

/// Why a problem cannot be had.
#[derive(Debug, Error)]
pub enum ProblemFault {
    /// There is none of this id.
    #[error("this worker has no problem {0:?}")]
    Unknown(String),
    /// Nothing can be called so here: it names files.
    #[error("{0:?} can be no id of a problem: expected letters, digits, '-', '_' and '.', and no '.' in front")]
    NoId(String),
    /// There is one, but not this revision.
    #[error("the problem {id:?} is not here in revision {wanted:?}")]
    OtherRevision {
        /// Id of the problem.
        id: String,
        /// The revision that is wanted.
        wanted: String,
    },
    /// Its files change all the time, so that no revision of it is whole.
    #[error("the files of the problem {id:?} in {} are still being changed", path.display())]
    Changing {
        /// Id of the problem.
        id: String,
        /// Its directory.
        path: PathBuf,
    },
    /// The storage holds something else than it says.
    #[error("{path} has the SHA-256 {found}, expected {expected}: it is damaged, or not yet uploaded whole")]
    Digest {
        /// Path in the storage.
        path: String,
        /// What came.
        found: String,
        /// What was to come.
        expected: String,
    },
    /// There is one, but it is broken.
    #[error("{0}")]
    Broken(#[from] PackageError),
    /// The file that names the newest revision does not.
    #[error("{path} in the problem storage holds {found:?}, expected a SHA-256 in 64 hexadecimal digits")]
    Latest {
        /// Path in the storage.
        path: String,
        /// What it holds, shortened.
        found: String,
    },
    /// An archive is larger than the settings allow.
    #[error("{path} in the problem storage has {size} bytes, problems.archive_bytes allows {most}")]
    ArchiveTooLarge {
        /// Path in the storage.
        path: String,
        /// Its size.
        size: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// The storage did not answer, or refused to.
    #[error("cannot read {path} in the problem storage: {source}")]
    Storage {
        /// Path in the storage.
        path: String,
        /// Why.
        source: object_store::Error,
    },
    /// The cache cannot be used.
    #[error("cannot use problems.cache_directory = {}: {source}", path.display())]
    Cache {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The loading task panicked.
    #[error("loading the problem failed: {0}")]
    Task(#[from] JoinError),
}

/// Who has to do something about a problem that cannot be had, from which follows what becomes of a submission to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemCulprit {
    /// It is not here, or not yet: the submission comes again a few times, and is rejected then.
    NotHere,
    /// The package, for its author: trying again gives the same.
    Package,
    /// The storage that problems come from: the submission waits for it.
    Storage,
    /// This worker's host: another one can judge the submission.
    Host,
    /// The judge itself.
    Judge,
}

impl ProblemError {
    /// Why.
    pub fn fault(&self) -> &ProblemFault {
        &self.0
    }

    /// Who has to do something about it.
    pub fn culprit(&self) -> ProblemCulprit {
        match self.fault() {
            ProblemFault::Unknown(_)
            | ProblemFault::NoId(_)
            | ProblemFault::OtherRevision { .. }
            | ProblemFault::Changing { .. }
            | ProblemFault::Digest { .. } => ProblemCulprit::NotHere,
            ProblemFault::Broken(error) if error.is_of_the_host() => ProblemCulprit::Host,
            ProblemFault::Broken(_) | ProblemFault::Latest { .. } | ProblemFault::ArchiveTooLarge { .. } => {
                ProblemCulprit::Package
            }
            ProblemFault::Storage { .. } => ProblemCulprit::Storage,
            ProblemFault::Cache { .. } => ProblemCulprit::Host,
            ProblemFault::Task(_) => ProblemCulprit::Judge,
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> Option<&'static str> {
        if let Some(remedy) = host_fault(self.fault()) {
            return Some(remedy);
        }
        Some(match self.fault() {
            ProblemFault::Unknown(_) => "copy the package to the worker, or correct the id",
            ProblemFault::NoId(_) => "give the directory of the package, or the archive, another name",
            ProblemFault::OtherRevision { .. } => "bring the revision to the worker, or ask for the newest one",
            ProblemFault::Changing { .. } => "copy it aside and rename it when it is whole",
            ProblemFault::Digest { .. } => "upload the archive again, and `latest` after it",
            ProblemFault::Broken(PackageError::Write { .. }) => {
                "make problems.cache_directory, or TMPDIR, a directory that the worker can write to"
            }
            ProblemFault::Broken(PackageError::Read { .. }) => "let the worker's user read it",
            ProblemFault::Broken(_) => "correct it, and run `assize verify` on the package",
            ProblemFault::Latest { .. } => "write the SHA-256 of the newest archive into it",
            ProblemFault::ArchiveTooLarge { .. } => "make the package smaller, or raise the setting",
            ProblemFault::Storage { .. } => "see whether problems.url can be reached from the worker's host",
            ProblemFault::Cache { .. } => "make it a directory on a local disk that the worker can write to",
            ProblemFault::Task(_) => return None,
        })
    }
}

impl<E: Into<ProblemFault>> From<E> for ProblemError {
    fn from(fault: E) -> Self {
        Self(Arc::new(fault.into()))
    }
}

impl fmt::Display for ProblemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for ProblemError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// A URL from which no store can be made.
#[derive(Debug, Error)]
#[error("the setting problems.url = {url:?} is wrong: {source}; expected one such as https://host/problems")]
pub struct StoreUrlError {
    url: String,
    source: UrlFault,
}

#[derive(Debug, Error)]
enum UrlFault {
    #[error(transparent)]
    Url(#[from] url::ParseError),
    #[error(transparent)]
    Storage(#[from] object_store::Error),
}

impl StoreUrlError {
    /// Reads the setting, and opens what it names.
    pub(super) fn check<T>(
        text: &str,
        open: impl FnOnce(&Url) -> Result<T, object_store::Error>,
    ) -> Result<T, StoreUrlError> {
        let opened = || Ok(open(&Url::parse(text)?)?);
        opened().map_err(|source| Self {
            url: text.to_owned(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn the_type_of_an_error_says_who_has_to_do_something_and_what() {
        use ProblemCulprit::{Host, NotHere, Package, Storage};
        let path = || PathBuf::from("data/secret/1.in");
        let read = |errno: Errno| PackageError::read(&path())(errno.into());
        let away = object_store::Error::NotImplemented {
            operation: String::new(),
            implementer: String::new(),
        };
        let rows: [(ProblemFault, ProblemCulprit, &str); 9] = [
            (ProblemFault::Unknown("sum".to_owned()), NotHere, "copy the package"),
            (
                ProblemFault::Changing {
                    id: "sum".to_owned(),
                    path: path(),
                },
                NotHere,
                "rename it",
            ),
            (
                PackageError::invalid(&path(), "is wrong").into(),
                Package,
                "assize verify",
            ),
            (read(Errno::ACCESS).into(), Package, "user read it"),
            (read(Errno::IO).into(), Host, "dmesg"),
            (read(Errno::MFILE).into(), Host, "ulimit -n"),
            (
                PackageError::write(&path())(Errno::NOSPC.into()).into(),
                Host,
                "make room",
            ),
            (
                ProblemFault::Cache {
                    path: path(),
                    source: Errno::ACCESS.into(),
                },
                Host,
                "local disk",
            ),
            (
                ProblemFault::Storage {
                    path: "sum/latest".to_owned(),
                    source: away,
                },
                Storage,
                "problems.url",
            ),
        ];
        for (fault, culprit, remedy) in rows {
            let error = ProblemError::from(fault);
            assert_eq!(error.culprit(), culprit, "{error}");
            assert!(error.remedy().is_some_and(|text| text.contains(remedy)), "{error}");
        }
    }

    #[test]
    fn what_failed_below_can_be_asked_for() {
        let error = ProblemError::from(PackageError::read("x".as_ref())(Errno::IO.into()));
        let package = error.source().unwrap().downcast_ref::<PackageError>().unwrap();
        assert!(package.source().unwrap().is::<io::Error>());
    }
}
