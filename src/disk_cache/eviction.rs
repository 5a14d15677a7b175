//! What goes from a cache: what was not used for longest, what is not in use on a full disk, and what workers that died
//! have left.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use uuid::Uuid;

use super::{ASIDE, DiskCache, found, is_at};

/// What lies aside for so long without a lock was left by a worker that died.
const ABANDONED: Duration = Duration::from_secs(600);

struct Entry {
    used: SystemTime,
    bytes: u64,
    name: String,
}

impl DiskCache {
    /// Removes what was not used for longest, and what workers that died have left aside, as each [`Self::keep`] does. The
    /// first time it looks at every file, which can be many.
    pub(crate) fn make_room(&self) {
        self.shrink(self.most_bytes);
    }

    /// Removes everything that is not in use, for a disk that is full whatever this cache may have; says whether there was
    /// something.
    pub(crate) fn clear(&self) -> bool {
        let removed = self.shrink(0);
        if removed > 0 {
            let path = self.directory.display();
            tracing::warn!(%path, removed, "the disk of a cache is full; what is not in use was removed from it");
        }
        removed > 0
    }

    /// Removes entries until so many bytes are left; says how many entries went.
    fn shrink(&self, most_bytes: u64) -> usize {
        let entries = match self.entries() {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(path = %self.directory.display(), %error, "cannot look through a cache");
                return 0;
            }
        };
        let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
        let mut removed = 0;
        for entry in entries {
            if total <= most_bytes {
                break;
            }
            match self.remove(&entry.name) {
                Ok(true) => {
                    total = total.saturating_sub(entry.bytes);
                    removed += 1;
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(
                    path = %self.directory.join(&entry.name).display(),
                    %error,
                    "cannot remove an entry of a cache"
                ),
            }
        }
        removed
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
    pub(super) fn remove(&self, name: &str) -> io::Result<bool> {
        let path = self.directory.join(name);
        let Some(file) = found(File::open(&path))? else {
            return Ok(true);
        };
        match file.try_lock() {
            Ok(()) if is_at(&file, &path)? => {}
            Ok(()) | Err(fs::TryLockError::WouldBlock) => return Ok(false),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        // Half of it is never seen: what is removed lies aside. A full disk may have no room for a directory around it.
        let aside = self.directory.join(format!("{ASIDE}{}", Uuid::new_v4().simple()));
        fs::rename(&path, &aside)?;
        self.sizes.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        remove_all(&aside)?;
        // Until here it was locked, so that nothing took it for what a worker has left that died.
        drop(file);
        Ok(true)
    }
}

/// Removes what a worker that died was about to make, or to remove.
fn sweep(path: &Path, changed: SystemTime) {
    let is_old = changed.elapsed().is_ok_and(|age| age > ABANDONED);
    if is_old
        && File::open(path).is_ok_and(|file| file.try_lock().is_ok())
        && let Err(error) = remove_all(path)
    {
        tracing::warn!(path = %path.display(), %error, "cannot remove what was left in a cache");
    }
}

/// Removes a file, or a directory with what is in it. Another worker may have done so.
fn remove_all(path: &Path) -> io::Result<()> {
    let removed = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    found(removed).map(drop)
}

/// Bytes of all files; what cannot be read counts nothing.
fn bytes_below(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else {
        return path.symlink_metadata().map_or(0, |metadata| metadata.len());
    };
    entries.filter_map(|entry| Some(bytes_below(&entry.ok()?.path()))).sum()
}
