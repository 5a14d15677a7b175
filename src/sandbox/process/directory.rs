//! The writable places of a box without walls: a directory below that for temporary files.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Begins the name of each; the id of the worker's process follows.
const PREFIX: &str = "assize-process-box-";

/// A directory that is removed with its box.
#[derive(Debug)]
pub(super) struct BoxDirectory(TempDir);

impl BoxDirectory {
    pub(super) fn make() -> io::Result<Self> {
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let made = Self(TempDir::with_prefix(prefix)?);
        for place in made.places() {
            std::fs::create_dir(place)?;
        }
        Ok(made)
    }

    /// The work directory, and what else the runner clears between tests.
    pub(super) fn places(&self) -> [PathBuf; 2] {
        [self.work(), self.0.path().join("tmp")]
    }

    pub(super) fn work(&self) -> PathBuf {
        self.0.path().join("work")
    }
}

/// Removes what workers have left behind that are dead; gives the number of directories.
pub(super) fn sweep() -> io::Result<usize> {
    let mut removed = 0;
    for entry in std::fs::read_dir(std::env::temp_dir())? {
        let entry = entry?;
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX)?.split('-').next());
        if let Some(owner) = owner
            && !Path::new("/proc").join(owner).exists()
        {
            std::fs::remove_dir_all(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}
