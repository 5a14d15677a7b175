//! The file of results: a line for each candidate that was judged, on the disk before the next one counts.
//!
//! A run that was killed leaves at most one line unfinished. The next one takes it away, and goes on.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Verdict, document};
use crate::evaluation::EvaluationError;

/// What became of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It passes every test.
    Passed,
    /// It does not.
    Failed,
    /// The judge failed, or the candidate was not taken: nothing is known about it.
    NoAnswer,
}

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow {
    /// The task.
    pub task_id: String,
    /// Number of the candidate among those of its task, from 1.
    pub candidate: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// The verdict, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Tests that it passes.
    pub passed: u64,
    /// Tests of the task.
    pub tests: u64,
    /// CPU time of all tests together, in milliseconds.
    pub cpu_ms: u64,
    /// Peak memory of the hungriest test, in bytes.
    pub memory_bytes: u64,
    /// Why it failed, or why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Digest of program, tests and limits: another one is judged anew.
    pub fingerprint: String,
}

/// The newest line of each candidate, by task and number.
type Known = HashMap<(String, u32), ResultRow>;

/// The file.
#[derive(Debug)]
pub struct ResultFile {
    path: PathBuf,
    file: File,
    known: Known,
}

impl ResultFile {
    /// Opens or makes the file, for this process only.
    ///
    /// # Errors
    /// When it cannot be written, another process does, or it holds something else.
    pub fn open(path: &Path) -> Result<Self, EvaluationError> {
        let failed = |source: io::Error| EvaluationError::Write {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(failed)?;
        if let Err(error) = flock(&file, FlockOperation::NonBlockingLockExclusive) {
            return Err(match error {
                rustix::io::Errno::WOULDBLOCK => EvaluationError::Locked { path: path.to_owned() },
                other => failed(other.into()),
            });
        }
        let (known, end) = read(path, &file)?;
        file.set_len(end).map_err(failed)?;
        let mut file = file;
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            known,
        })
    }

    /// Whether an earlier run wrote about a candidate.
    pub fn has(&self, task_id: &str, candidate: u32) -> bool {
        self.known.contains_key(&(task_id.to_owned(), candidate))
    }

    /// What is known about a candidate from an earlier run, if it is an answer.
    pub fn known(&self, task_id: &str, candidate: u32, fingerprint: &str) -> Option<&ResultRow> {
        let row = self.known.get(&(task_id.to_owned(), candidate));
        row.filter(|row| row.fingerprint == fingerprint && row.outcome != Outcome::NoAnswer)
    }

    /// Adds a line; it is on the disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn append(&mut self, row: &ResultRow) -> Result<(), EvaluationError> {
        let mut written = || -> io::Result<()> {
            let mut line = serde_json::to_vec(row)?;
            line.push(b'\n');
            self.file.write_all(&line)?;
            self.file.sync_data()
        };
        written().map_err(|source| EvaluationError::Write {
            path: self.path.clone(),
            source,
        })
    }
}

/// What is known, and where the last whole line ends.
fn read(path: &Path, file: &File) -> Result<(Known, u64), EvaluationError> {
    let mut known = HashMap::new();
    let mut end = 0;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length = reader
            .read_until(b'\n', &mut line)
            .map_err(|source| EvaluationError::Read {
                path: path.to_owned(),
                source,
            })?;
        if !line.ends_with(b"\n") && is_unfinished(&line) {
            break;
        }
        let row: ResultRow = document(&line).map_err(|source| EvaluationError::NoResult {
            path: path.to_owned(),
            number,
            source,
        })?;
        end += length as u64;
        known.insert((row.task_id.clone(), row.candidate), row);
    }
    Ok((known, end))
}

/// The beginning of a line of ours, or one that lacks its end only. What is whole and is none of ours is not cut off.
fn is_unfinished(line: &[u8]) -> bool {
    let begin: &[u8] = br#"{"task_id":"#;
    let common = line.len().min(begin.len());
    let is_ours = document::<ResultRow>(line).is_ok() || document::<Value>(line).is_err();
    line.get(..common) == begin.get(..common) && is_ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_holds_no_results_keeps_every_byte() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("candidates.jsonl");
        let candidate = r#"{"task_id":"t","completion":"return 1"}"#;
        for text in [candidate.to_owned(), format!("{candidate}\n")] {
            std::fs::write(&path, &text).unwrap();
            assert!(matches!(ResultFile::open(&path), Err(EvaluationError::NoResult { .. })));
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_line_that_was_not_finished_is_taken_away() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("results.jsonl");
        std::fs::write(&path, r#"{"task_id":"t","cand"#).unwrap();
        ResultFile::open(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "");
    }
}
