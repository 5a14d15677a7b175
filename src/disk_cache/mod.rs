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

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

/// Start of the names of what is no entry.
const ASIDE: &str = ".aside-";

/// Name of what is made, in the directory that it is made in.
const MADE: &str = "made";

/// What lies aside for so long without a lock was left by a worker that died.
const ABANDONED: Duration = Duration::from_secs(600);

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

struct Entry {
    used: SystemTime,
    bytes: u64,
    name: String,
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

    /// Removes what was not used for longest, and what workers that died have left aside, as each [`Self::keep`] does. The
    /// first time it looks at every file, which can be many.
    pub(crate) fn make_room(&self) {
        let entries = match self.entries() {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(path = %self.directory.display(), %error, "cannot look through a cache");
                return;
            }
        };
        let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
        for entry in entries {
            if total <= self.most_bytes {
                break;
            }
            match self.remove(&entry.name) {
                Ok(true) => total = total.saturating_sub(entry.bytes),
                Ok(false) => {}
                Err(error) => tracing::warn!(
                    path = %self.directory.join(&entry.name).display(),
                    %error,
                    "cannot remove an entry of a cache"
                ),
            }
        }
    }

    /// All entries, the one that was not used for longest first.
    fn entries(&self) -> io::Result<Vec<Entry>> {
        let Some(read) = found(fs::read_dir(&self.directory))? else {
            return Ok(Vec::new());
        };
        let mut entries = Vec::new();
        for entry in read {
            let entry = entry?;
            // Another worker may have removed it.
            let Ok(metadata) = entry.metadata() else { continue };
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(ASIDE) {
                sweep(&entry.path(), used);
            } else if !name.starts_with('.') {
                let bytes = self.size_of(&name);
                entries.push(Entry { used, bytes, name });
            }
        }
        let there = |name: &String, _: &mut u64| entries.iter().any(|entry| entry.name == *name);
        self.sizes.lock().unwrap_or_else(PoisonError::into_inner).retain(there);
        entries.sort_by(|left, right| (left.used, &left.name).cmp(&(right.used, &right.name)));
        Ok(entries)
    }

    fn size_of(&self, name: &str) -> u64 {
        let known = |sizes: &HashMap<String, u64>| sizes.get(name).copied();
        let known = known(&self.sizes.lock().unwrap_or_else(PoisonError::into_inner));
        known.unwrap_or_else(|| {
            let bytes = bytes_below(&self.directory.join(name));
            let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
            sizes.insert(name.to_owned(), bytes);
            bytes
        })
    }

    /// Removes an entry; says whether it is gone. One that is in use stays.
    fn remove(&self, name: &str) -> io::Result<bool> {
        let path = self.directory.join(name);
        let Some(file) = found(File::open(&path))? else {
            return Ok(true);
        };
        match file.try_lock() {
            Ok(()) if is_at(&file, &path)? => {}
            Ok(()) | Err(fs::TryLockError::WouldBlock) => return Ok(false),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        // Half of it is never seen: what is removed lies aside.
        let aside = self.aside()?;
        fs::rename(&path, aside.made())?;
        self.sizes.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        drop(file);
        aside.directory.close()?;
        Ok(true)
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

/// Removes what a worker that died was about to make, or to remove.
fn sweep(path: &Path, changed: SystemTime) {
    let is_old = changed.elapsed().is_ok_and(|age| age > ABANDONED);
    if is_old
        && File::open(path).is_ok_and(|file| file.try_lock().is_ok())
        && let Err(error) = fs::remove_dir_all(path)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "cannot remove what was left in a cache");
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

/// Bytes of all files; what cannot be read counts nothing.
fn bytes_below(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else {
        return path.symlink_metadata().map_or(0, |metadata| metadata.len());
    };
    entries.filter_map(|entry| Some(bytes_below(&entry.ok()?.path()))).sum()
}

#[cfg(test)]
mod tests {
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
        let left = place.path().join(format!("{ASIDE}left"));
        fs::create_dir(&left).unwrap();
        for path in [alive.path(), &left] {
            let then = SystemTime::now() - OLD;
            File::open(path).unwrap().set_modified(then).unwrap();
        }
        drop(add(&cache, "entry", 8));
        assert!(alive.path().exists() && !left.exists());
    }
}
