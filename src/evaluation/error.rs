//! Why an evaluation cannot begin or go on.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::evaluation::LineError;

/// Bad lines that a message shows.
const SHOWN: usize = 10;

/// An evaluation that cannot begin or go on.
#[derive(Debug, Error)]
pub enum EvaluationError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The results cannot be kept.
    #[error("cannot write the results to {}: {source}", path.display())]
    Write {
        /// Path of the file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another run writes the same results.
    #[error("{} is being written by another evaluation; give this one a file of its own with --results", path.display())]
    Locked {
        /// Path of the file.
        path: PathBuf,
    },
    /// The file of results is something else.
    #[error("line {number} of {} is no result: {source}; give another file with --results", path.display())]
    NoResult {
        /// Path of the file.
        path: PathBuf,
        /// The line, from 1.
        number: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file is compressed, and not by gzip.
    #[error("{} is compressed; decompress it first, or compress it with gzip", path.display())]
    Compressed {
        /// Its path.
        path: PathBuf,
    },
    /// What is compressed, or no regular file, cannot be copied.
    #[error("cannot copy {} to a temporary file: {source}; TMPDIR says where these are made", path.display())]
    Copy {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds a JSON array in the place of lines.
    #[error("{} is one JSON array; `jq -c '.[]'` makes lines of it", path.display())]
    Array {
        /// Its path.
        path: PathBuf,
    },
    /// A line is longer than one can be.
    #[error("line {number} of {} has more than {most} bytes", path.display())]
    LongLine {
        /// Path of the file.
        path: PathBuf,
        /// The line, from 1.
        number: u64,
        /// How long it can be.
        most: usize,
    },
    /// Lines cannot be understood.
    #[error("{}; mend them, or leave them out with --skip-bad-lines", listed(.0))]
    BadLines(Vec<BadLine>),
    /// There is nothing to judge.
    #[error("{} holds no candidate that can be judged", path.display())]
    NoCandidates {
        /// Path of the candidates.
        path: PathBuf,
    },
}

/// A line that cannot be understood.
#[derive(Debug, Error)]
#[error("{} line {number}: {source}", path.display())]
pub struct BadLine {
    /// Path of the file.
    pub path: PathBuf,
    /// The line, from 1.
    pub number: u64,
    /// What is wrong with it.
    pub source: LineError,
}

fn listed(bad: &[BadLine]) -> String {
    let mut lines: Vec<String> = bad.iter().take(SHOWN).map(BadLine::to_string).collect();
    if bad.len() > SHOWN {
        lines.push(format!("and {} more", bad.len() - SHOWN));
    }
    lines.join("\n")
}
