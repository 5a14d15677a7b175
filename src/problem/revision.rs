//! What tells one revision of a package from another.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::problem::PackageError;

/// What judging depends on; statements and submissions may change freely.
const JUDGED: [&str; 6] = [
    "problem.yaml",
    ".timelimit",
    "domjudge-problem.ini",
    "data",
    "output_validators",
    "output_validator",
];

/// How much of a file is read at once, in bytes.
const PIECE: usize = 256 << 10;

/// Refuses symbolic links that lead out of the package: what they lead to is not the author's to show.
pub(super) fn check_links(root: &Path) -> Result<(), PackageError> {
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        let unreadable = |source| PackageError::Read {
            path: directory.clone(),
            source,
        };
        for entry in fs::read_dir(&directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_symlink() && !fs::canonicalize(entry.path()).is_ok_and(|target| target.starts_with(root))
            {
                let message = "is a symbolic link that leads nowhere or out of the package".to_owned();
                return Err(PackageError::Invalid {
                    path: entry.path(),
                    message,
                });
            }
        }
    }
    Ok(())
}

/// SHA-256 over the names and contents of all files that judging depends on, in hexadecimal digits.
pub(super) fn of(root: &Path) -> Result<String, PackageError> {
    let mut files = Vec::new();
    for part in JUDGED {
        collect(&root.join(part), &mut files).map_err(|(path, source)| PackageError::Read { path, source })?;
    }
    files.sort();
    let mut digest = Sha256::new();
    for path in files {
        let hashed = hash_file(&path).map_err(|source| PackageError::Read {
            path: path.clone(),
            source,
        })?;
        let name = path.strip_prefix(root).unwrap_or(&path);
        digest.update(name.as_os_str().as_encoded_bytes());
        digest.update([0]);
        digest.update(hashed);
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(|error| (path.to_owned(), error))? {
            collect(&entry.map_err(|error| (path.to_owned(), error))?.path(), files)?;
        }
    } else if path.exists() {
        files.push(path.to_owned());
    }
    Ok(())
}

fn hash_file(path: &Path) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    let mut file = File::open(path)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digest.finalize().into()),
            length => digest.update(&piece[..length]),
        }
    }
}
