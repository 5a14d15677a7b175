//! One package per sub-directory; its name is the id.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;

use crate::problem::{Package, PackageError, ProblemError};

/// A directory of packages. One that changes on disk is loaded again.
#[derive(Debug)]
pub(super) struct Directory {
    root: PathBuf,
    loaded: Arc<Mutex<HashMap<String, Loaded>>>,
}

#[derive(Debug)]
struct Loaded {
    package: Arc<Package>,
    changed: Option<(i64, i64)>,
}

impl Directory {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            loaded: Arc::default(),
        }
    }

    pub(super) async fn get(&self, id: &str) -> Result<Arc<Package>, ProblemError> {
        let path = self.root.join(id);
        let (id, loaded) = (id.to_owned(), Arc::clone(&self.loaded));
        spawn_blocking(move || load(&path, id, &loaded))
            .await
            .map_err(|error| ProblemError::Load(error.to_string()))?
    }
}

fn load(path: &Path, id: String, loaded: &Mutex<HashMap<String, Loaded>>) -> Result<Arc<Package>, ProblemError> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => {}
        Ok(_file) => return Err(ProblemError::Unknown(id)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(ProblemError::Unknown(id));
        }
        // A disk that fails, or a network file system that is gone, does not make the problem an unknown one.
        Err(error) => return Err(PackageError::read(path)(error).into()),
    }
    let changed = path.canonicalize().ok().and_then(|path| newest_change(&path));
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

/// When anything in the package was last changed: `ctime`, which copying a file with its old date cannot turn back.
///
/// Symbolic links are not followed: what they lead to lies in the package as well.
fn newest_change(path: &Path) -> Option<(i64, i64)> {
    let metadata = path.symlink_metadata().ok()?;
    let own = (metadata.ctime(), metadata.ctime_nsec());
    if !metadata.is_dir() {
        return Some(own);
    }
    let entries = std::fs::read_dir(path).ok()?;
    let inside = entries.filter_map(|entry| newest_change(&entry.ok()?.path()));
    Some(inside.fold(own, Ord::max))
}
