//! A file of JSON lines that may be larger than memory: its lines are found once, and read when they are needed.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use crate::evaluation::EvaluationError;

/// Bytes of a line, at most: rows of data sets hold all tests of a task.
const LONGEST_LINE: usize = 256 << 20;

/// How a file begins that gzip wrote.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Where a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineAt {
    /// Its number, from 1.
    pub(super) number: u64,
    offset: u64,
    length: usize,
}

/// A file of lines.
#[derive(Debug)]
pub(super) struct Lines {
    path: PathBuf,
    file: File,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Self, EvaluationError> {
        let file = File::open(path).map_err(|source| EvaluationError::Read {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Shows each line that is not empty, in order.
    pub(super) fn each(&self, mut see: impl FnMut(LineAt, &[u8])) -> Result<(), EvaluationError> {
        let unreadable = |source| self.unreadable(source);
        let mut reader = BufReader::new(&self.file);
        let (mut line, mut offset) = (Vec::new(), 0);
        for number in 1.. {
            line.clear();
            let most = LONGEST_LINE as u64 + 1;
            let length = reader
                .by_ref()
                .take(most)
                .read_until(b'\n', &mut line)
                .map_err(unreadable)?;
            if length == 0 {
                break;
            }
            if number == 1 && line.starts_with(&GZIP) {
                return Err(EvaluationError::Compressed {
                    path: self.path.clone(),
                });
            }
            if length > LONGEST_LINE {
                return Err(EvaluationError::LongLine {
                    path: self.path.clone(),
                    number,
                    most: LONGEST_LINE,
                });
            }
            if !line.trim_ascii().is_empty() {
                see(LineAt { number, offset, length }, &line);
            }
            offset += length as u64;
        }
        Ok(())
    }

    /// Reads one line.
    pub(super) fn read(&self, at: LineAt) -> Result<Vec<u8>, EvaluationError> {
        let mut line = vec![0; at.length];
        self.file
            .read_exact_at(&mut line, at.offset)
            .map_err(|source| self.unreadable(source))?;
        Ok(line)
    }

    fn unreadable(&self, source: std::io::Error) -> EvaluationError {
        EvaluationError::Read {
            path: self.path.clone(),
            source,
        }
    }
}
