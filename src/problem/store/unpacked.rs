//! Packages that came as archives, unpacked on disk: an entry of the cache is the directory of one revision.

use std::fs::{self, File};
use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tempfile::tempfile_in;
use tokio::task::spawn_blocking;

use crate::config::ProblemSettings;
use crate::disk_cache::{DiskCache, Lease};
use crate::host_fault::lacks_room;
use crate::problem::files::archive::{ZipCaps, extract_zip};
use crate::problem::store::parsed::blocking;
use crate::problem::{Package, PackageError, ProblemError, ProblemFault};

/// Unpacked packages on disk, within `problems.cache_bytes`.
#[derive(Debug, Clone)]
pub(super) struct UnpackedPackages {
    cache: Arc<DiskCache>,
    caps: ZipCaps,
}

impl UnpackedPackages {
    pub(super) fn of(settings: &ProblemSettings) -> Self {
        let cache = DiskCache::at(&settings.cache_directory, settings.cache_bytes);
        Self {
            cache: Arc::new(cache),
            caps: settings.into(),
        }
    }

    /// Removes what is too much.
    pub(super) async fn make_room(&self) {
        let cache = Arc::clone(&self.cache);
        if let Err(error) = spawn_blocking(move || cache.make_room()).await {
            tracing::error!(%error, "looking through the unpacked packages on disk failed");
        }
    }

    /// Removes all that is not in use, where the disk is full; says whether there was something.
    pub(super) async fn clear(&self) -> bool {
        let cache = Arc::clone(&self.cache);
        let cleared = spawn_blocking(move || cache.clear()).await;
        cleared.unwrap_or_else(|error| {
            tracing::error!(%error, "clearing the unpacked packages on disk failed");
            false
        })
    }

    /// Does what takes room here. Where there is none, what is not in use goes, and it is done once more.
    pub(super) async fn with_room<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, ProblemError>
    where
        F: Future<Output = Result<T, ProblemError>>,
    {
        match attempt().await {
            Err(error) if lacks_room(&error) && self.clear().await => attempt().await,
            done => done,
        }
    }

    /// A revision that is here, and stays as long as the lease.
    pub(super) async fn lease(&self, revision: &str) -> Result<Option<Lease>, ProblemError> {
        let (this, revision) = (self.clone(), revision.to_owned());
        blocking(move || this.cache.lease(&revision).map_err(|error| this.error(error))).await
    }

    /// What is here of a revision is not whole: a temporary directory that was cleared, for one.
    pub(super) async fn discard(&self, lease: Lease) -> Result<(), ProblemError> {
        let this = self.clone();
        blocking(move || this.cache.discard(lease).map_err(|error| this.error(error))).await
    }

    /// A file without a name, for an archive.
    pub(super) async fn scratch_file(&self) -> Result<File, ProblemError> {
        let this = self.clone();
        blocking(move || {
            let directory = this.cache.directory();
            let file = fs::create_dir_all(directory).and_then(|()| tempfile_in(directory));
            file.map_err(|error| this.error(error))
        })
        .await
    }

    /// Unpacks an archive, and makes room. Nothing stays of one that is no package.
    pub(super) async fn add(&self, id: &str, revision: &str, archive: &File) -> Result<(Lease, Package), ProblemError> {
        let (this, id, revision) = (self.clone(), id.to_owned(), revision.to_owned());
        let archive = archive.try_clone().map_err(|error| self.error(error))?;
        blocking(move || {
            let failed = |error| this.error(error);
            let aside = this.cache.aside().map_err(failed)?;
            let inside = |error: PackageError| ProblemError::from(error.inside(aside.path()));
            let root = extract_zip(archive, &aside.path().join("archive"), this.caps).map_err(inside)?;
            fs::rename(root, aside.made()).map_err(failed)?;
            let lease = this.cache.keep(aside, &revision).map_err(failed)?;
            match parse(lease.path(), &id, &revision) {
                Ok(package) => Ok((lease, package)),
                Err(error) => {
                    this.cache.discard(lease).map_err(failed)?;
                    Err(error)
                }
            }
        })
        .await
    }

    pub(super) fn error(&self, source: io::Error) -> ProblemError {
        let path = self.cache.directory().to_owned();
        ProblemFault::Cache { path, source }.into()
    }
}

/// A package under the name and the revision that it was asked for by.
pub(super) fn parse(root: &Path, id: &str, revision: &str) -> Result<Package, ProblemError> {
    let package = Package {
        revision: revision.to_owned(),
        ..Package::load_as(root, id.to_owned())?
    };
    Ok(package.with_small_files())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use rustix::io::Errno;

    use super::*;

    #[tokio::test]
    async fn a_disk_without_room_is_cleared_once_and_other_faults_are_told_at_once() {
        let place = tempfile::tempdir().unwrap();
        let mut settings = crate::config::load(None).unwrap().problems;
        place.path().clone_into(&mut settings.cache_directory);
        let unpacked = UnpackedPackages::of(&settings);
        let entry = place.path().join("revision");
        for (errno, has_others, failing, tries, succeeds) in [
            (Errno::NOSPC, true, 1, 2, true),
            (Errno::DQUOT, true, 2, 2, false),
            (Errno::NOSPC, false, 1, 1, false),
            (Errno::IO, true, 1, 1, false),
        ] {
            if has_others {
                fs::write(&entry, "of another package").unwrap();
            }
            let tried = Cell::new(0);
            let done = unpacked.with_room(|| async {
                tried.set(tried.get() + 1);
                match tried.get() <= failing {
                    true => Err(PackageError::write(&entry)(errno.into()).into()),
                    false => Ok(()),
                }
            });
            let case = format!("{errno}, {has_others}, {failing}");
            assert_eq!(done.await.is_ok(), succeeds, "{case}");
            assert_eq!(tried.get(), tries, "{case}");
            assert_eq!(fs::remove_file(&entry).is_ok(), has_others && tries == 1, "{case}");
        }
    }
}
