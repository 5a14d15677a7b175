//! The directories `NAME.files`: what lies in them is laid beside the submission in the tests of that name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::files::Room;
use crate::problem::{Constants, PackageError, TestCase};

/// What a directory may hold. The box has room for as much again: for the submission, and for what a program writes.
const ROOM: Room<'_> = Room {
    what: "files for submissions",
    bytes: 32 << 20,
    name_bytes: usize::MAX,
};

/// What space is given in, in bytes.
const PAGE: u64 = 4096;

/// What lies beside submissions in tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesBeside {
    names: BTreeSet<String>,
    bytes: u64,
}

impl FilesBeside {
    /// Weighs what the tests of a package have.
    pub(in crate::problem) fn read(tests: &[TestCase]) -> Result<Self, PackageError> {
        let directories: BTreeSet<&PathBuf> = tests.iter().filter_map(|test| test.files.as_ref()).collect();
        let mut beside = Self::default();
        for directory in directories {
            let files = files_in(directory)?;
            let bytes = ROOM.check(directory, &files, &Constants::default())?;
            beside.bytes = beside.bytes.max(bytes + files.len() as u64 * PAGE);
            beside.names.extend(files.into_iter().map(|(name, _)| name));
        }
        Ok(beside)
    }

    /// Names of files, as they lie in the work directory, of all tests.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// What the files of one test take in a box, in bytes, at most.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// All files, hidden ones too, with links followed: the survey has seen that these lead back nowhere.
fn files_in(directory: &Path) -> Result<Vec<(String, PathBuf)>, PackageError> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(&inner).map_err(PackageError::read(&inner))? {
            let path = entry.map_err(PackageError::read(&inner))?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(directory).unwrap_or(&path);
                files.push((name.to_string_lossy().into_owned(), path));
            }
        }
    }
    Ok(files)
}
