//! Which content a file has.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The content of a file, as far as the system tells one from another: whatever changes it moves `ctime`, which no program
/// can set (before Linux 6.13 it moves in ticks of the clock).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContentKey {
    path: PathBuf,
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl ContentKey {
    pub(super) fn of(path: &Path, file: &File) -> io::Result<Self> {
        Ok(Self::from_metadata(path, &file.metadata()?))
    }

    fn from_metadata(path: &Path, found: &Metadata) -> Self {
        Self {
            path: path.to_owned(),
            device: found.dev(),
            inode: found.ino(),
            bytes: found.len(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether the file still has the content that it had.
    pub(super) fn still_holds(&self, file: &File) -> io::Result<bool> {
        Ok(Self::of(&self.path, file)? == *self)
    }
}
