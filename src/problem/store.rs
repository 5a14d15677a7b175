//! Problems by id.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use thiserror::Error;
use tokio::task::spawn_blocking;

use crate::contract::ProblemRef;
use crate::problem::{Package, PackageError};

/// Where problems come from. Clones share what was loaded.
#[derive(Debug, Clone)]
pub struct ProblemStore {
    source: Source,
    loaded: Arc<Mutex<HashMap<String, Loaded>>>,
}

#[derive(Debug, Clone)]
enum Source {
    Directory(PathBuf),
    Single(Arc<Package>),
}

#[derive(Debug)]
struct Loaded {
    package: Arc<Package>,
    changed: Option<SystemTime>,
}

/// A problem that cannot be had.
#[derive(Debug, Error)]
pub enum ProblemError {
    /// There is none of this id.
    #[error("this worker has no problem {0:?}")]
    Unknown(String),
    /// There is one, but not this revision.
    #[error("the problem {id:?} is here in revision {here}, not in {wanted}")]
    OtherRevision {
        /// Id of the problem.
        id: String,
        /// The revision that is here.
        here: String,
        /// The revision that is wanted.
        wanted: String,
    },
    /// There is one, but it is broken. Not the submission's fault.
    #[error("{0}")]
    Broken(#[from] PackageError),
    /// The loading task failed.
    #[error("loading failed: {0}")]
    Load(String),
}

impl ProblemStore {
    /// One package per sub-directory; its name is the id.
    pub fn directory(directory: PathBuf) -> Self {
        Self {
            source: Source::Directory(directory),
            loaded: Arc::default(),
        }
    }

    /// Only this package.
    pub fn single(package: Package) -> Self {
        Self {
            source: Source::Single(Arc::new(package)),
            loaded: Arc::default(),
        }
    }

    /// The package that is asked for. A package that changed on disk is loaded again.
    ///
    /// # Errors
    /// When there is none, or it is broken.
    pub async fn get(&self, wanted: &ProblemRef) -> Result<Arc<Package>, ProblemError> {
        let package = match &self.source {
            Source::Single(package) if package.id == wanted.id => Arc::clone(package),
            Source::Single(_) => return Err(ProblemError::Unknown(wanted.id.clone())),
            Source::Directory(directory) => self.look_up(directory, &wanted.id).await?,
        };
        match &wanted.revision {
            Some(revision) if *revision != package.revision => Err(ProblemError::OtherRevision {
                id: wanted.id.clone(),
                here: package.revision.clone(),
                wanted: revision.clone(),
            }),
            _ => Ok(package),
        }
    }

    async fn look_up(&self, directory: &Path, id: &str) -> Result<Arc<Package>, ProblemError> {
        if !is_id(id) {
            return Err(ProblemError::Unknown(id.to_owned()));
        }
        let path = directory.join(id);
        let (id, loaded) = (id.to_owned(), Arc::clone(&self.loaded));
        spawn_blocking(move || load(&path, id, &loaded))
            .await
            .map_err(|error| ProblemError::Load(error.to_string()))?
    }
}

fn load(path: &Path, id: String, loaded: &Mutex<HashMap<String, Loaded>>) -> Result<Arc<Package>, ProblemError> {
    if !path.join("problem.yaml").is_file() {
        return Err(ProblemError::Unknown(id));
    }
    let changed = newest_change(path);
    let known = |known: &Loaded| (known.changed == changed).then(|| Arc::clone(&known.package));
    if let Some(package) = loaded
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&id)
        .and_then(known)
    {
        return Ok(package);
    }
    let package = Arc::new(Package::load(path)?);
    let entry = Loaded {
        package: Arc::clone(&package),
        changed,
    };
    loaded.lock().unwrap_or_else(PoisonError::into_inner).insert(id, entry);
    Ok(package)
}

/// When anything in the package was last changed, as far as the file system says.
fn newest_change(path: &Path) -> Option<SystemTime> {
    let metadata = path.metadata().ok()?;
    let own = metadata.modified().ok();
    if !metadata.is_dir() {
        return own;
    }
    let inside = std::fs::read_dir(path)
        .ok()?
        .filter_map(|entry| newest_change(&entry.ok()?.path()));
    inside.chain(own).max()
}

/// A single name: it cannot lead out of the directory.
fn is_id(id: &str) -> bool {
    !id.is_empty() && !id.starts_with('.') && !id.contains(['/', '\\', '\0'])
}
