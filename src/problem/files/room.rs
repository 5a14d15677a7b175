//! What a package lays into boxes has to fit there. It is weighed when the package is read, so that its author is told.

use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::{Constants, PackageError};

/// Files that are laid together, at most.
pub(in crate::problem) const MOST_FILES: usize = 1000;

/// Their names together, in bytes, at most, where they are told to a box in one piece: as a command line is.
pub(in crate::problem) const MOST_NAME_BYTES: usize = 64 << 10;

/// What files may take in a box.
#[derive(Debug, Clone, Copy)]
pub(in crate::problem) struct Room<'a> {
    /// What they are, in words for the author.
    pub(in crate::problem) what: &'a str,
    /// All of them together, in bytes.
    pub(in crate::problem) bytes: u64,
    /// Their names together, in bytes.
    pub(in crate::problem) name_bytes: usize,
}

impl Room<'_> {
    /// Holds files, each with its name in the box, against it; `directory` is where they lie. Gives their size.
    pub(in crate::problem) fn check(
        self,
        directory: &Path,
        files: &[(String, PathBuf)],
        constants: &Constants,
    ) -> Result<u64, PackageError> {
        let mut bytes: u64 = 0;
        for (_, path) in files {
            bytes = bytes.saturating_add(fs::metadata(path).map_err(PackageError::read(path))?.len());
        }
        if bytes > self.bytes || files.len() > MOST_FILES {
            return Err(self.exceeded(directory, files.len(), bytes));
        }
        let names: usize = files.iter().map(|(name, _)| name.len()).sum();
        if names > self.name_bytes {
            let message = format!(
                "the {} have names of {names} bytes together, at most {} are told to a box",
                self.what, self.name_bytes
            );
            return Err(PackageError::invalid(directory, message));
        }
        self.check_constants(directory, files, constants)?;
        Ok(bytes)
    }

    /// Values may be longer than what stands for them.
    fn check_constants(
        self,
        directory: &Path,
        files: &[(String, PathBuf)],
        constants: &Constants,
    ) -> Result<(), PackageError> {
        if constants.is_empty() {
            return Ok(());
        }
        let mut bytes: u64 = 0;
        for (_, path) in files {
            let content = fs::read(path).map_err(PackageError::read(path))?;
            bytes = bytes.saturating_add(constants.length_in(&content));
        }
        match bytes > self.bytes {
            true => Err(self.exceeded(directory, files.len(), bytes)),
            false => Ok(()),
        }
    }

    fn exceeded(self, directory: &Path, files: usize, bytes: u64) -> PackageError {
        let message = format!(
            "the {} do not fit into a box: {files} with {bytes} bytes together, at most {MOST_FILES} with {} bytes do",
            self.what, self.bytes
        );
        PackageError::invalid(directory, message)
    }
}
