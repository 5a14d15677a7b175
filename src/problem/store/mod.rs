//! Problems by id: from a directory, or from object storage.
//!
//! A package is loaded once and shared by all slots. A new revision is seen without a restart.

mod cache;
mod directory;
mod examine;
mod remote;

use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use url::Url;

use crate::config::ProblemSettings;
use crate::contract::ProblemRef;
use crate::problem::{Package, PackageError};
use directory::Directory;
pub use examine::{ProblemDirectoryError, examine_problems};
use remote::Remote;

/// Where problems come from.
#[derive(Debug)]
pub struct ProblemStore {
    sources: Vec<Source>,
}

#[derive(Debug)]
enum Source {
    Directory(Directory),
    Remote(Remote),
    Single(Arc<Package>),
}

/// A problem that cannot be had.
#[derive(Debug, Error)]
pub enum ProblemError {
    /// There is none of this id.
    #[error("this worker has no problem {0:?}")]
    Unknown(String),
    /// There is one, but not this revision.
    #[error("the problem {id:?} is not here in revision {wanted:?}")]
    OtherRevision {
        /// Id of the problem.
        id: String,
        /// The revision that is wanted.
        wanted: String,
    },
    /// There is one, but it is broken. Not the submission's fault.
    #[error("{0}")]
    Broken(#[from] PackageError),
    /// The storage gave something else than it said.
    #[error("{path} has the SHA-256 {found}, expected {expected}")]
    Digest {
        /// Path in the storage.
        path: String,
        /// What came.
        found: String,
        /// What was to come.
        expected: String,
    },
    /// The storage did not answer.
    #[error("the problem storage: {0}")]
    Storage(#[from] object_store::Error),
    /// The cache cannot be written.
    #[error("the problem cache {}: {source}", path.display())]
    Cache {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The loading task failed.
    #[error("loading failed: {0}")]
    Load(String),
}

/// Settings from which no store can be made.
#[derive(Debug, Error)]
#[error("the setting problems.url = {url:?} is wrong: {reason}")]
pub struct StoreUrlError {
    url: String,
    reason: String,
}

impl ProblemStore {
    /// The directory first, then the object storage, as far as they are configured.
    ///
    /// # Errors
    /// When the URL of the storage cannot be used.
    pub fn open(settings: &ProblemSettings) -> Result<Self, StoreUrlError> {
        let mut sources = vec![Source::Directory(Directory::new(settings.directory.clone()))];
        if !settings.url.is_empty() {
            let wrong = |reason: String| StoreUrlError {
                url: settings.url.clone(),
                reason,
            };
            let url = Url::parse(&settings.url).map_err(|error| wrong(error.to_string()))?;
            sources.push(Source::Remote(
                Remote::open(&url, settings).map_err(|error| wrong(error.to_string()))?,
            ));
        }
        Ok(Self { sources })
    }

    /// Only this package.
    pub fn single(package: Package) -> Self {
        Self {
            sources: vec![Source::Single(Arc::new(package))],
        }
    }

    /// The package that is asked for.
    ///
    /// # Errors
    /// When there is none, or it is broken.
    pub async fn get(&self, wanted: &ProblemRef) -> Result<Arc<Package>, ProblemError> {
        let mut last = ProblemError::Unknown(wanted.id.clone());
        if !is_id(&wanted.id) {
            return Err(last);
        }
        for source in &self.sources {
            match source.get(wanted).await {
                Err(error @ ProblemError::OtherRevision { .. }) => last = error,
                Err(ProblemError::Unknown(_)) => {}
                decided => return decided,
            }
        }
        Err(last)
    }
}

impl Source {
    async fn get(&self, wanted: &ProblemRef) -> Result<Arc<Package>, ProblemError> {
        let package = match self {
            Self::Single(package) if package.id == wanted.id => Arc::clone(package),
            Self::Single(_) => return Err(ProblemError::Unknown(wanted.id.clone())),
            Self::Directory(directory) => directory.get(&wanted.id).await?,
            Self::Remote(remote) => remote.get(wanted).await?,
        };
        match &wanted.revision {
            Some(revision) if *revision != package.revision => Err(ProblemError::OtherRevision {
                id: wanted.id.clone(),
                wanted: revision.clone(),
            }),
            _ => Ok(package),
        }
    }
}

/// A single name: it cannot lead out of a directory.
fn is_id(id: &str) -> bool {
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    !id.is_empty() && id.len() <= 255 && !id.starts_with('.') && id.chars().all(fits)
}
