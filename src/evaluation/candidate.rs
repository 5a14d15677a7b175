//! Candidates: programs that are to solve a task.

use serde::{Deserialize, Deserializer};

use crate::contract::{Data, document, read_as};
use crate::evaluation::LineError;
use crate::evaluation::id::Ids;
use crate::evaluation::readable::readable_line;

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
    #[serde(deserialize_with = "given")]
    completion: Option<Data>,
    #[serde(deserialize_with = "given")]
    completions: Option<Data>,
    #[serde(deserialize_with = "given")]
    solution: Option<Data>,
    #[serde(deserialize_with = "given")]
    solutions: Option<Data>,
    #[serde(deserialize_with = "given")]
    code: Option<Data>,
    #[serde(deserialize_with = "given")]
    code_list: Option<Data>,
}

/// A model that gave no program is one that failed: `null` is not the same as a field that is missing.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Data>, D::Error> {
    Data::deserialize(deserializer).map(Some)
}

/// The id of the task of a line.
pub(super) fn task_of(line: &[u8]) -> Result<String, LineError> {
    let ids: Ids = read_as(&readable_line(line))?;
    ids.of_candidate()?.ok_or(LineError::NoTask)
}

/// The candidates of a line, at least one.
pub(super) fn programs(line: &[u8]) -> Result<Vec<Program>, LineError> {
    let row: CandidateRow = read_as(&readable_line(line))?;
    let fields = [
        ("completion", ProgramKind::Completion, row.completion),
        ("completions", ProgramKind::Completion, row.completions),
        ("solution", ProgramKind::Solution, row.solution),
        ("solutions", ProgramKind::Solution, row.solutions),
        ("code", ProgramKind::Solution, row.code),
        ("code_list", ProgramKind::Solution, row.code_list),
    ];
    let given = fields
        .into_iter()
        .filter_map(|(name, kind, data)| Some((name, kind, data?)));
    // Rows of a table have all of its columns.
    let (nulls, mut filled): (Vec<_>, Vec<_>) = given.partition(|(_, _, data)| data.json() == "null");
    let (name, kind, data) = match (filled.pop(), filled.is_empty()) {
        (Some(only), true) => only,
        (Some(_), false) => return Err(LineError::SeveralPrograms),
        (None, _) => nulls.into_iter().next().ok_or(LineError::NoProgram)?,
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
    if let Ok(one) = document::<Option<String>>(json) {
        return Ok(vec![one.unwrap_or_default()]);
    }
    let several: Vec<Option<String>> = document(json)?;
    Ok(several.into_iter().map(Option::unwrap_or_default).collect())
}
