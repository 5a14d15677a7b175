//! A file of JSON lines that may be larger than memory: its lines are found once, and read when they are needed.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Seek as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::evaluation::EvaluationError;

/// Bytes of a line, at most: rows of data sets hold all tests of a task.
const LONGEST_LINE: usize = 256 << 20;

/// How a file begins that gzip wrote (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How files begin that bzip2, xz and Zstandard wrote.
const COMPRESSED: [&[u8]; 3] = [b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];

/// What some programs write in front of UTF-8 (RFC 3629, 6).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

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
        let unreadable = |source| EvaluationError::Read {
            path: path.to_owned(),
            source,
        };
        let is_standard_input = path == Path::new(STANDARD_INPUT);
        let opened = if is_standard_input {
            Path::new("/dev/stdin")
        } else {
            path
        };
        let file = File::open(opened).map_err(unreadable)?;
        let is_plain = file.metadata().map_err(unreadable)?.is_file();
        let mut first = Vec::new();
        (&file)
            .take(GZIP.len() as u64)
            .read_to_end(&mut first)
            .map_err(unreadable)?;
        let is_packed = first == GZIP;
        let whole = first.as_slice().chain(&file);
        let copied = match (is_packed, is_plain) {
            (true, _) => Some(copy_of(MultiGzDecoder::new(BufReader::new(whole)))),
            (false, false) => Some(copy_of(whole)),
            (false, true) => None,
        };
        let copied = copied.transpose().map_err(|source| EvaluationError::Copy {
            path: path.to_owned(),
            source,
        })?;
        let mut file = copied.unwrap_or(file);
        file.rewind().map_err(unreadable)?;
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
        let (mut line, mut offset, mut is_first) = (Vec::new(), 0, true);
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
            if length > LONGEST_LINE {
                return Err(EvaluationError::LongLine {
                    path: self.path.clone(),
                    number,
                    most: LONGEST_LINE,
                });
            }
            let mark = match number == 1 && line.starts_with(BYTE_ORDER_MARK) {
                true => BYTE_ORDER_MARK.len(),
                false => 0,
            };
            let text = line.get(mark..).unwrap_or_default();
            if !text.trim_ascii().is_empty() {
                if is_first {
                    self.check_first(text)?;
                }
                is_first = false;
                let at = LineAt {
                    number,
                    offset: offset + mark as u64,
                    length: text.len(),
                };
                see(at, text);
            }
            offset += length as u64;
        }
        Ok(())
    }

    /// What begins like this has no lines of JSON.
    fn check_first(&self, line: &[u8]) -> Result<(), EvaluationError> {
        let path = self.path.clone();
        if COMPRESSED.iter().any(|begin| line.starts_with(begin)) {
            return Err(EvaluationError::Compressed { path });
        }
        match line.trim_ascii_start().starts_with(b"[") {
            true => Err(EvaluationError::Array { path }),
            false => Ok(()),
        }
    }

    /// Reads one line.
    pub(super) fn read(&self, at: LineAt) -> Result<Vec<u8>, EvaluationError> {
        let mut line = vec![0; at.length];
        self.file
            .read_exact_at(&mut line, at.offset)
            .map_err(|source| self.unreadable(source))?;
        Ok(line)
    }

    fn unreadable(&self, source: io::Error) -> EvaluationError {
        EvaluationError::Read {
            path: self.path.clone(),
            source,
        }
    }
}

/// A file without a name that holds what is read: lines are read again when they are needed, which a pipe cannot do.
fn copy_of(mut source: impl Read) -> io::Result<File> {
    let mut copy = tempfile::tempfile()?;
    io::copy(&mut source, &mut copy)?;
    Ok(copy)
}
