//! One package per sub-directory; its name is the id.

use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use crate::problem::files::MARKS;
use crate::problem::store::parsed::{Key, ParsedPackages, blocking};
use crate::problem::{Package, PackageError, ProblemError, ProblemFault};

/// A package whose last change is younger may still be being copied.
const SETTLED: Duration = Duration::from_millis(1000);

/// A directory of packages. One that changes on disk is loaded again, when it does not change any more.
#[derive(Debug)]
pub(super) struct Directory {
    root: PathBuf,
    /// How long a package that is being copied is waited for.
    patience: Duration,
    parsed: ParsedPackages,
}

/// Seconds and nanoseconds.
type ChangeTime = (i64, i64);

impl Directory {
    pub(super) fn new(root: PathBuf, patience: Duration, parsed: ParsedPackages) -> Self {
        Self { root, patience, parsed }
    }

    /// What is in it and looks like a package.
    pub(super) async fn ids(&self) -> io::Result<Vec<String>> {
        let mut ids = Vec::new();
        let mut entries = tokio::fs::read_dir(&self.root).await?;
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name().into_string().unwrap_or_default();
            let mut is_package = false;
            for mark in MARKS {
                let found = tokio::fs::try_exists(entry.path().join(mark)).await;
                is_package |= found.unwrap_or(false);
            }
            if !name.starts_with('.') && is_package {
                ids.push(name);
            }
        }
        Ok(ids)
    }

    /// Whether there is anything of this name.
    pub(super) async fn has(&self, id: &str) -> bool {
        tokio::fs::try_exists(self.root.join(id)).await.unwrap_or(true)
    }

    pub(super) async fn get(&self, id: &str) -> Result<Arc<Package>, ProblemError> {
        let path = self.root.join(id);
        let asked = Instant::now();
        let mut changed = last_change(&path, id).await?;
        loop {
            let key = self.key(id, changed);
            if let Some(package) = self.parsed.known(&key).await {
                return Ok(package);
            }
            if let Some(left) = until_settled(changed, SystemTime::now()) {
                if asked.elapsed() + left > self.patience {
                    return Err(self.changing(id, path));
                }
                sleep(left).await;
                let now = last_change(&path, id).await?;
                if now != changed {
                    changed = now;
                    continue;
                }
            }
            let loaded = self.parsed.get(key.clone(), load(path.clone())).await;
            let now = last_change(&path, id).await?;
            if now == changed {
                return loaded;
            }
            // Half of it may be the old one.
            self.parsed.forget(&key).await;
            changed = now;
        }
    }

    fn key(&self, id: &str, (seconds, nanoseconds): ChangeTime) -> Key {
        Key {
            id: id.to_owned(),
            state: format!("{}@{seconds}.{nanoseconds}", self.root.display()),
        }
    }

    fn changing(&self, id: &str, path: PathBuf) -> ProblemError {
        let id = id.to_owned();
        ProblemFault::Changing { id, path }.into()
    }
}

async fn load(path: PathBuf) -> Result<Package, ProblemError> {
    blocking(move || Ok(Package::load(&path)?.with_small_files())).await
}

/// How long to wait until a package has not changed for a while. Nothing is waited for where the clocks disagree.
fn until_settled((seconds, nanoseconds): ChangeTime, now: SystemTime) -> Option<Duration> {
    let seconds = Duration::from_secs(u64::try_from(seconds).ok()?);
    let changed = SystemTime::UNIX_EPOCH + seconds + Duration::from_nanos(u64::try_from(nanoseconds).ok()?);
    let age = now.duration_since(changed).or_else(|ahead| {
        let ahead = ahead.duration();
        if ahead < SETTLED {
            Ok(Duration::ZERO)
        } else {
            Err(ahead)
        }
    });
    SETTLED.checked_sub(age.ok()?).filter(|left| !left.is_zero())
}

async fn last_change(path: &Path, id: &str) -> Result<ChangeTime, ProblemError> {
    let (path, id) = (path.to_owned(), id.to_owned());
    blocking(move || {
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => {}
            Ok(_file) => return Err(ProblemFault::Unknown(id).into()),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(ProblemFault::Unknown(id).into());
            }
            // A disk that fails, or a network file system that is gone, does not make the problem an unknown one.
            Err(error) => return Err(PackageError::read(&path)(error).into()),
        }
        let root = path.canonicalize().map_err(PackageError::read(&path))?;
        Ok(newest_change(&root).unwrap_or_default())
    })
    .await
}

/// When anything in the package was last changed: `ctime`, which copying a file with its old date cannot turn back.
///
/// Symbolic links are not followed: what they lead to lies in the package as well.
fn newest_change(path: &Path) -> Option<ChangeTime> {
    let metadata = path.symlink_metadata().ok()?;
    let own = (metadata.ctime(), metadata.ctime_nsec());
    if !metadata.is_dir() {
        return Some(own);
    }
    let entries = std::fs::read_dir(path).ok()?;
    let inside = entries.filter_map(|entry| newest_change(&entry.ok()?.path()));
    Some(inside.fold(own, Ord::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_waited_for_until_it_has_not_changed_for_a_second() {
        let at = |ms: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(ms);
        let changed = (10, 500_000_000);
        for (now_ms, left_ms) in [
            (10_500, Some(1000)),
            (11_200, Some(300)),
            (11_500, None),
            (90_000, None),
            // The clock of the file system is a little ahead, or far.
            (10_100, Some(1000)),
            (5_000, None),
        ] {
            let expected = left_ms.map(Duration::from_millis);
            assert_eq!(until_settled(changed, at(now_ms)), expected, "{now_ms}");
        }
    }
}
