//! Things on disk that can be made again, within a size: what was not used for longest goes first.
//!
//! ```text
//! <directory>/<name>        an entry, a file or a directory; it was renamed to here when it was whole
//! <directory>/.aside-...    what is being made, or removed
//! ```
//!
//! Who uses an entry holds a [`Lease`], which is a shared lock (`flock`) on it: no worker removes what another one uses,
//! and the kernel gives the lock up for a worker that died. When an entry was used last is the date of its last change,
//! so that it is known after a restart and to everybody. What is here blocks: call it where that is allowed.

mod eviction;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use tempfile::TempDir;

/// Start of the names of what is no entry.
const ASIDE: &str = ".aside-";

/// Name of what is made, in the directory that it is made in.
const MADE: &str = "made";

/// How often an entry is looked for anew that was replaced meanwhile.
const TRIES: usize = 8;

/// A directory of entries.
#[derive(Debug)]
pub(crate) struct DiskCache {
    directory: PathBuf,
    most_bytes: u64,
    /// What entries take; they do not change.
    sizes: Mutex<HashMap<String, u64>>,
}

/// An entry that is in use, and is not removed meanwhile.
#[derive(Debug)]
pub(crate) struct Lease {
    path: PathBuf,
    _lock: File,
}

/// A place in which an entry is made. It goes away with what is left in it.
#[derive(Debug)]
pub(crate) struct Aside {
    directory: TempDir,
    _lock: File,
}

impl DiskCache {
    /// The entries that lie in a directory, of which there may be none yet. Nothing is looked at: see [`Self::make_room`].
    pub(crate) fn at(directory: &Path, most_bytes: u64) -> Self {
        Self {
            directory: directory.to_owned(),
            most_bytes,
            sizes: Mutex::default(),
        }
    }

    /// Where it is.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// An entry, which counts as used now.
    ///
    /// # Errors
    /// When it cannot be opened or locked.
    pub(crate) fn lease(&self, name: &str) -> io::Result<Option<Lease>> {
        let path = self.directory.join(name);
        for _ in 0..TRIES {
            let Some(file) = found(File::open(&path))? else {
                return Ok(None);
            };
            file.lock_shared()?;
            // It may have been removed, or replaced, before it was locked.
            if !is_at(&file, &path)? {
                continue;
            }
            if let Err(error) = file.set_modified(SystemTime::now()) {
                tracing::debug!(path = %path.display(), %error, "cannot note that an entry of a cache is used");
            }
            return Ok(Some(Lease { path, _lock: file }));
        }
        Ok(None)
    }

    /// A place to make an entry in, which is to be called [`Aside::made`].
    ///
    /// # Errors
    /// When the directory cannot be written to.
    pub(crate) fn aside(&self) -> io::Result<Aside> {
        fs::create_dir_all(&self.directory)?;
        let directory = TempDir::with_prefix_in(ASIDE, &self.directory)?;
        let lock = File::open(directory.path())?;
        lock.lock_shared()?;
        Ok(Aside { directory, _lock: lock })
    }

    /// Takes in what was made, and makes room for it. Where another worker was faster, that one's stays.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub(crate) fn keep(&self, aside: Aside, name: &str) -> io::Result<Lease> {
        let path = self.directory.join(name);
        let file = File::open(aside.made())?;
        file.lock_shared()?;
        let lease = match fs::rename(aside.made(), &path) {
            Ok(()) => Lease { path, _lock: file },
            Err(error) => self.lease(name)?.ok_or(error)?,
        };
        drop(aside);
        self.make_room();
        Ok(lease)
    }

    /// Removes an entry that turned out to be of no use, unless another task or worker uses it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(crate) fn discard(&self, lease: Lease) -> io::Result<()> {
        let name = lease.path.file_name().unwrap_or_default().to_owned();
        drop(lease);
        self.remove(&name.to_string_lossy()).map(drop)
    }
}

impl Lease {
    /// Where the entry is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Aside {
    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Where the entry is made.
    pub(crate) fn made(&self) -> PathBuf {
        self.directory.path().join(MADE)
    }
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let own = file.metadata()?;
    Ok(found(fs::metadata(path))?.is_some_and(|there| (there.dev(), there.ino()) == (own.dev(), own.ino())))
}

fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const OLD: Duration = Duration::from_secs(3600);

    fn add(cache: &DiskCache, name: &str, bytes: usize) -> Lease {
        let aside = cache.aside().unwrap();
        fs::create_dir(aside.made()).unwrap();
        fs::write(aside.made().join("content"), vec![0; bytes]).unwrap();
        cache.keep(aside, name).unwrap()
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn used_before(directory: &Path, name: &str, seconds: u64) {
        let then = SystemTime::now() - Duration::from_secs(seconds);
        File::open(directory.join(name)).unwrap().set_modified(then).unwrap();
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first_and_what_is_in_use_stays() {
        let place = tempfile::tempdir().unwrap();
        let cache = DiskCache::at(place.path(), 100);
        let held = add(&cache, "held", 40);
        drop(add(&cache, "old", 40));
        for (name, seconds) in [("held", 90), ("old", 60)] {
            used_before(place.path(), name, seconds);
        }
        drop(add(&cache, "new", 40));
        assert_eq!(names(place.path()), ["held", "new"]);
        drop(held);
        drop(cache.lease("new").unwrap().unwrap());
        drop(add(&cache, "newest", 40));
        assert_eq!(names(place.path()), ["new", "newest"]);
        assert!(cache.lease("old").unwrap().is_none());
    }

    #[test]
    fn one_worker_does_not_remove_what_another_one_uses_and_counts_what_it_left() {
        let place = tempfile::tempdir().unwrap();
        let (one, other) = (DiskCache::at(place.path(), 60), DiskCache::at(place.path(), 60));
        let used = add(&one, "used", 40);
        let twice = one.lease("used").unwrap();
        drop(add(&one, "unused", 10));
        let own = add(&other, "own", 40);
        assert_eq!(names(place.path()), ["own", "used"]);
        drop(used);
        drop(add(&other, "small", 1));
        assert_eq!(names(place.path()), ["own", "small", "used"], "one holds it still");
        drop((twice, own));
        DiskCache::at(place.path(), 50).make_room();
        assert_eq!(names(place.path()), ["own", "small"], "who may have less makes room");
    }

    #[test]
    fn a_full_disk_gets_back_whatever_is_not_in_use() {
        let place = tempfile::tempdir().unwrap();
        let cache = DiskCache::at(place.path(), 100);
        assert!(!cache.clear(), "there is nothing");
        let held = add(&cache, "held", 10);
        drop(add(&cache, "directory", 10));
        let aside = cache.aside().unwrap();
        fs::write(aside.made(), "of a file").unwrap();
        drop(cache.keep(aside, "file").unwrap());
        let making = cache.aside().unwrap();
        assert!(cache.clear());
        assert!(making.path().exists(), "what is being made stays");
        drop(making);
        assert_eq!(names(place.path()), ["held"]);
        assert!(!cache.clear(), "the rest is in use");
        drop(held);
        assert!(DiskCache::at(place.path(), 100).clear(), "by another worker");
        assert_eq!(names(place.path()), [""; 0]);
    }

    #[test]
    fn of_two_that_make_the_same_the_first_stays_and_both_can_use_it() {
        let place = tempfile::tempdir().unwrap();
        let cache = DiskCache::at(place.path(), 100);
        let (first, second) = (add(&cache, "same", 4), add(&cache, "same", 8));
        assert_eq!(first.path(), second.path());
        assert_eq!(fs::read(second.path().join("content")).unwrap().len(), 4);
        assert_eq!(names(place.path()), ["same"]);
    }

    #[test]
    fn a_useless_entry_can_be_made_anew_and_what_dead_workers_left_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let cache = DiskCache::at(place.path(), 100);
        let useless = add(&cache, "entry", 4);
        cache.discard(useless).unwrap();
        assert_eq!(names(place.path()), [""; 0]);

        let alive = cache.aside().unwrap();
        let [left, removed] = ["left", "removed"].map(|name| place.path().join(format!("{ASIDE}{name}")));
        fs::create_dir(&left).unwrap();
        fs::write(&removed, "a file").unwrap();
        for path in [alive.path(), &left, &removed] {
            let then = SystemTime::now() - OLD;
            File::open(path).unwrap().set_modified(then).unwrap();
        }
        drop(add(&cache, "entry", 8));
        assert!(alive.path().exists() && !left.exists() && !removed.exists());
    }
}
