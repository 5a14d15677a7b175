//! What tells one revision of a package from another.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::problem::PackageError;
use crate::problem::files::JUDGED;

/// How much of a file is read at once, in bytes.
const PIECE: usize = 256 << 10;

/// SHA-256 over the names and contents of all files that judging depends on, in hexadecimal digits.
pub(in crate::problem) fn of(root: &Path, files: &[PathBuf]) -> Result<String, PackageError> {
    let inside = |path: &PathBuf| path.strip_prefix(root).unwrap_or(path).to_owned();
    let is_judged = |name: &PathBuf| JUDGED.iter().any(|part| name.starts_with(part));
    let mut names: Vec<PathBuf> = files.iter().map(inside).filter(is_judged).collect();
    names.sort();
    let mut digest = Sha256::new();
    for name in names {
        let path = root.join(&name);
        let hashed = File::open(&path).and_then(|mut file| digest_of(&mut file));
        let hashed = hashed.map_err(PackageError::read(&path))?;
        digest.update(name.as_os_str().as_encoded_bytes());
        digest.update([0]);
        digest.update(hashed);
    }
    Ok(hex::encode(digest.finalize()))
}

/// SHA-256 of what is read from a file.
pub(in crate::problem) fn digest_of(file: &mut File) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digest.finalize().into()),
            length => digest.update(&piece[..length]),
        }
    }
}
