//! Candidates: programs that are to solve a task.

use serde::{Deserialize, Deserializer};

use crate::contract::{Data, document, read_as};
use crate::evaluation::LineError;
use crate::evaluation::id::Ids;
use crate::evaluation::readable::{readable, readable_line};

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
        texts(name, &data).map_err(|_error| LineError::content(name, "is neither a program nor a list of programs"))?;
    if texts.is_empty() {
        return Err(LineError::content(name, "is empty"));
    }
    Ok(texts.into_iter().map(|text| Program { kind, text }).collect())
}

/// A program or several. What names several may hold their list as text, as rows of APPS do.
fn texts(name: &str, data: &Data) -> Result<Vec<String>, serde_json::Error> {
    const SEVERAL: [&str; 3] = ["completions", "solutions", "code_list"];
    let json = data.json().as_bytes();
    let several: Vec<Option<String>> = match document::<Option<String>>(json) {
        Ok(Some(one)) if SEVERAL.contains(&name) && one.trim_start().starts_with('[') => {
            let list = document(readable(&one).as_bytes());
            list.unwrap_or_else(|_error| vec![Some(one)])
        }
        Ok(one) => vec![one],
        Err(_) => document(json)?,
    };
    Ok(several.into_iter().map(Option::unwrap_or_default).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_holds_a_list_is_one_where_the_field_names_several() {
        let apps = r#"{"solutions": "[\"print(1)\", \"print(2)\"]"}"#;
        for (line, texts) in [
            (apps, &["print(1)", "print(2)"][..]),
            (r#"{"completions": " [\"a\", null]"}"#, &["a", ""]),
            (r#"{"code_list": ["a", "b"]}"#, &["a", "b"]),
            (r#"{"solutions": "[print(x) for x in y]"}"#, &["[print(x) for x in y]"]),
            (r#"{"solutions": "print(1)"}"#, &["print(1)"]),
            (r#"{"solution": "[\"a\"]"}"#, &[r#"["a"]"#]),
            (r#"{"code": null}"#, &[""]),
        ] {
            let programs = programs(line.as_bytes()).unwrap();
            let found: Vec<&str> = programs.iter().map(|program| program.text.as_str()).collect();
            assert_eq!(found, texts, "{line}");
        }
        assert!(programs(br#"{"solutions": "[]"}"#).is_err());
    }
}
