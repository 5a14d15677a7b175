//! Copies of files that the worker has opened.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};

/// How much is copied at once: it stays in the cache of a CPU.
const PIECE: usize = 256 << 10;

/// Copies what is left of a file, so many bytes, and closes it. `false` where it cannot be read, and where more is left or
/// less.
///
/// # Errors
/// When nothing more can be written.
pub(crate) fn copy_rest(mut from: File, to: &mut File, bytes: u64) -> io::Result<bool> {
    let mut buffer = vec![0; PIECE];
    let mut copied = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(copied == bytes),
            Ok(read) => {
                copied += read as u64;
                if copied > bytes {
                    return Ok(false);
                }
                to.write_all(&buffer[..read])?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Ok(false),
        }
    }
}
