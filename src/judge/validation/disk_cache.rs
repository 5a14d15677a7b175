//! Built validators on disk, so that a worker that starts anew need not build them again.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use uuid::Uuid;

/// Built validators that are kept on disk, in bytes.
const DISK_BYTES: u64 = 1 << 30;

/// Built validators on disk. What cannot be read or written there is built again.
pub(super) struct DiskCache {
    directory: Option<PathBuf>,
}

impl DiskCache {
    /// In this directory; nowhere where its name is empty.
    pub(super) fn at(directory: &Path) -> Self {
        Self {
            directory: (!directory.as_os_str().is_empty()).then(|| directory.to_owned()),
        }
    }

    pub(super) async fn get(&self, hash: &str) -> Option<Bytes> {
        let path = self.directory.as_ref()?.join(hash);
        tokio::fs::read(path).await.ok().map(Bytes::from)
    }

    pub(super) async fn put(&self, hash: &str, built: &[u8]) {
        let Some(directory) = &self.directory else {
            return;
        };
        let written = match write(directory, hash, built).await {
            Ok(()) => evict(directory).await,
            error => error,
        };
        if let Err(error) = written {
            tracing::warn!(path = %directory.display(), %error, "a built validator cannot be kept on disk");
        }
    }
}

/// Written beside its place and renamed, so that half a program is never read.
async fn write(directory: &Path, hash: &str, content: &[u8]) -> io::Result<()> {
    tokio::fs::create_dir_all(directory).await?;
    let path = directory.join(hash);
    let beside = path.with_extension(Uuid::new_v4().simple().to_string());
    tokio::fs::write(&beside, content).await?;
    tokio::fs::rename(&beside, path).await
}

/// Removes the oldest files until the rest fits.
async fn evict(directory: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    let mut entries = tokio::fs::read_dir(directory).await?;
    while let Some(entry) = entries.next_entry().await? {
        // Another worker may have removed it.
        if let Ok(metadata) = entry.metadata().await {
            let written = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            files.push((written, metadata.len(), entry.path()));
        }
    }
    for path in too_many(files, DISK_BYTES) {
        match tokio::fs::remove_file(path).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The oldest files, without which the rest has at most `bytes` bytes.
fn too_many(mut files: Vec<(SystemTime, u64, PathBuf)>, bytes: u64) -> Vec<PathBuf> {
    files.sort();
    let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
    let mut removed = Vec::new();
    for (_, size, path) in files {
        if total <= bytes {
            break;
        }
        total -= size;
        removed.push(path);
    }
    removed
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_oldest_validators_are_removed_from_disk_until_the_rest_fits() {
        let file = |age: u64, size: u64, name: &str| {
            let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1000 - age);
            (written, size, PathBuf::from(name))
        };
        let files = || vec![file(1, 40, "new"), file(9, 40, "old"), file(5, 40, "middle")];
        assert_eq!(too_many(files(), 120), Vec::<PathBuf>::new());
        assert_eq!(too_many(files(), 100), [PathBuf::from("old")]);
        assert_eq!(too_many(files(), 10), ["old", "middle", "new"].map(PathBuf::from));
    }
}
