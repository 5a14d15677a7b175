//! Candidates: programs that are to solve a task.

use serde::Deserialize;

use crate::contract::{Data, document, read_as};
use crate::evaluation::LineError;
use crate::evaluation::id::Ids;

/// A candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Whether it goes on where the prompt ends.
    pub kind: ProgramKind,
    /// Its text.
    pub text: String,
}

/// How a candidate is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramKind {
    /// It goes on where the prompt of its task ends, if that is code.
    Completion,
    /// It is a whole program.
    Solution,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CandidateRow {
    completion: Option<Data>,
    completions: Option<Data>,
    solution: Option<Data>,
    solutions: Option<Data>,
    code: Option<Data>,
    code_list: Option<Data>,
}

/// The id of the task of a line.
pub(super) fn task_of(line: &[u8]) -> Result<String, LineError> {
    let ids: Ids = read_as(line)?;
    ids.chosen()?.ok_or(LineError::NoTask)
}

/// The candidates of a line, at least one.
pub(super) fn programs(line: &[u8]) -> Result<Vec<Program>, LineError> {
    let row: CandidateRow = read_as(line)?;
    let fields = [
        ("completion", ProgramKind::Completion, row.completion),
        ("completions", ProgramKind::Completion, row.completions),
        ("solution", ProgramKind::Solution, row.solution),
        ("solutions", ProgramKind::Solution, row.solutions),
        ("code", ProgramKind::Solution, row.code),
        ("code_list", ProgramKind::Solution, row.code_list),
    ];
    let mut given = fields
        .into_iter()
        .filter_map(|(name, kind, data)| Some((name, kind, data?)));
    let ((name, kind, data), None) = (given.next().ok_or(LineError::NoProgram)?, given.next()) else {
        return Err(LineError::SeveralPrograms);
    };
    let texts =
        texts(&data).map_err(|_error| LineError::content(name, "is neither a program nor a list of programs"))?;
    if texts.is_empty() {
        return Err(LineError::content(name, "is empty"));
    }
    Ok(texts.into_iter().map(|text| Program { kind, text }).collect())
}

fn texts(data: &Data) -> Result<Vec<String>, serde_json::Error> {
    let json = data.json().as_bytes();
    match document(json) {
        Ok(one) => Ok(vec![one]),
        Err(_) => document(json),
    }
}
