//! Unpacked packages on disk, within a size cap: the one that was not used for longest goes first.
//!
//! ```text
//! <directory>/<revision>/<id>/...    a package; renamed into place when it is whole
//! ```

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::config::ProblemSettings;
use crate::problem::files::archive::{ZipCaps, extract_zip};
use crate::problem::{Package, ProblemError};

/// Unpacked packages on disk.
#[derive(Debug)]
pub(super) struct Cache {
    directory: PathBuf,
    most_bytes: u64,
    caps: ZipCaps,
    entries: Arc<Mutex<HashMap<String, Entry>>>,
}

#[derive(Debug)]
struct Entry {
    bytes: u64,
    used: Instant,
    /// Somebody still reads its files as long as the package lives.
    package: Weak<Package>,
}

impl Cache {
    pub(super) fn new(settings: &ProblemSettings) -> Self {
        Self {
            directory: settings.cache_directory.clone(),
            most_bytes: settings.cache_bytes,
            caps: settings.into(),
            entries: Arc::default(),
        }
    }

    pub(super) fn error(&self, source: io::Error) -> ProblemError {
        ProblemError::Cache {
            path: self.directory.clone(),
            source,
        }
    }

    /// Whether a package is still here.
    pub(super) fn holds(&self, key: &str) -> bool {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(key)
    }

    /// Whether its files still are where they were unpacked.
    pub(super) async fn is_there(&self, id: &str, revision: &str) -> bool {
        match tokio::fs::metadata(self.directory.join(revision).join(id)).await {
            Err(error) => !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
            Ok(_found) => true,
        }
    }

    /// Its files are gone.
    pub(super) fn forget(&self, key: &str) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// A package is used now.
    pub(super) fn touch(&self, key: &str) {
        if let Some(entry) = self.entries.lock().unwrap_or_else(PoisonError::into_inner).get_mut(key) {
            entry.used = Instant::now();
        }
    }

    /// A file that is gone when it is closed.
    pub(super) async fn scratch_file(&self) -> Result<File, ProblemError> {
        let directory = self.directory.clone();
        let made = spawn_blocking(move || {
            fs::create_dir_all(&directory)?;
            let path = directory.join(format!(".download-{}", Uuid::new_v4().simple()));
            let file = File::options().read(true).write(true).create_new(true).open(&path)?;
            fs::remove_file(path)?;
            Ok(file)
        });
        made.await
            .map_err(|error| ProblemError::Load(error.to_string()))?
            .map_err(|error| self.error(error))
    }

    /// A package that an earlier worker has unpacked.
    pub(super) async fn find(&self, id: &str, revision: &str) -> Result<Option<Arc<Package>>, ProblemError> {
        let path = self.directory.join(revision).join(id);
        if !tokio::fs::try_exists(&path).await.unwrap_or(false) {
            return Ok(None);
        }
        self.load(path, id, revision).await.map(Some)
    }

    /// Unpacks an archive, and makes room.
    pub(super) async fn add(&self, id: &str, revision: &str, archive: File) -> Result<Arc<Package>, ProblemError> {
        let (directory, caps) = (self.directory.clone(), self.caps);
        let (id_owned, revision_owned) = (id.to_owned(), revision.to_owned());
        let unpacked = spawn_blocking(move || unpack(&directory, &id_owned, &revision_owned, archive, caps));
        let path = unpacked
            .await
            .map_err(|error| ProblemError::Load(error.to_string()))??;
        let loaded = self.load(path, id, revision).await;
        if loaded.is_err()
            && let Err(error) = tokio::fs::remove_dir_all(self.directory.join(revision)).await
        {
            tracing::warn!(problem.id = id, %error, "cannot remove a broken package from the cache");
        }
        self.make_room();
        loaded
    }

    async fn load(&self, path: PathBuf, id: &str, revision: &str) -> Result<Arc<Package>, ProblemError> {
        let loaded = spawn_blocking(move || Ok::<_, ProblemError>((Package::load(&path)?, size_of(&path))));
        let (package, bytes) = loaded.await.map_err(|error| ProblemError::Load(error.to_string()))??;
        let package = Arc::new(Package {
            id: id.to_owned(),
            revision: revision.to_owned(),
            ..package
        });
        let entry = Entry {
            bytes,
            used: Instant::now(),
            package: Arc::downgrade(&package),
        };
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(format!("{id}/{revision}"), entry);
        Ok(package)
    }

    /// Removes what was not used for longest and what nobody uses now. The store itself holds one reference.
    fn make_room(&self) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut total: u64 = entries.values().map(|entry| entry.bytes).sum();
        let mut oldest: Vec<(Instant, String)> = entries
            .iter()
            .filter(|(_, entry)| entry.package.strong_count() <= 1)
            .map(|(key, entry)| (entry.used, key.clone()))
            .collect();
        oldest.sort();
        // The newest one was asked for a moment ago.
        oldest.pop();
        for (_, key) in oldest {
            if total <= self.most_bytes {
                break;
            }
            let Some(entry) = entries.remove(&key) else { continue };
            total -= entry.bytes;
            if let Some((_, revision)) = key.split_once('/')
                && let Err(error) = fs::remove_dir_all(self.directory.join(revision))
            {
                tracing::warn!(package = key, %error, "cannot remove a package from the cache");
            }
        }
    }
}

/// Unpacks aside and renames: nobody ever sees half a package.
fn unpack(directory: &Path, id: &str, revision: &str, archive: File, caps: ZipCaps) -> Result<PathBuf, ProblemError> {
    let failed = |source| ProblemError::Cache {
        path: directory.to_owned(),
        source,
    };
    let aside = directory.join(format!(".unpack-{}", Uuid::new_v4().simple()));
    let place = directory.join(revision);
    let unpacked = extract_zip(archive, &aside.join("archive"), caps)
        .map_err(ProblemError::from)
        .and_then(|root| {
            fs::create_dir_all(aside.join("package")).map_err(failed)?;
            fs::rename(root, aside.join("package").join(id)).map_err(failed)?;
            match fs::rename(aside.join("package"), &place) {
                // Another worker with the same cache was faster; the content is the same.
                Err(_) if place.join(id).is_dir() => Ok(()),
                other => other.map_err(failed),
            }
        });
    // What is left aside is of no use whatever came out.
    let _left = fs::remove_dir_all(&aside);
    unpacked.map(|()| place.join(id))
}

fn size_of(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else {
        return path.symlink_metadata().map_or(0, |metadata| metadata.len());
    };
    entries.filter_map(|entry| Some(size_of(&entry.ok()?.path()))).sum()
}
