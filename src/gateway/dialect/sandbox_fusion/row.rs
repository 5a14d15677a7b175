//! The row of a data set that a program is judged against. Rows are kept as they are written until the right one is found,
//! and its values until it is known what they are: as values of JSON they would take far more memory.

use std::fmt;

use axum::http::StatusCode;
use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;

use crate::contract::{Data, document, read_as};
use crate::gateway::dialect::first_of::FirstOf;
use crate::gateway::refusal::Refusal;

/// The field of a request that holds the rows.
pub(super) const PROVIDED_DATA: &str = "config.provided_data";

/// Rows that one request may bring.
const MOST_ROWS: usize = 10_000;

/// Longest id, in bytes. It is held for as long as the client waits.
const LONGEST_ID: usize = 255;

/// The id of a row: a text or a number, and 0 where there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum RowId {
    Number(Number),
    Text(String),
}

/// A row, with what of it is used here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    pub(super) prompt: Option<Data>,
    /// The prompt, in samples of SandboxFusion.
    content: Option<Data>,
    pub(super) entry_point: Option<Data>,
    pub(super) test: Option<Data>,
    pub(super) test_list: Option<Data>,
    pub(super) test_setup_code: Option<Data>,
    /// A reference solution.
    pub(super) canonical_solution: Option<Data>,
    pub(super) test_cases: Option<Data>,
    pub(super) pytest: Option<Data>,
    pub(super) labels: Option<Data>,
}

impl Row {
    /// Takes from the labels what the row itself does not say.
    fn with_labels(mut self) -> Self {
        let labels: Self = self
            .labels
            .as_ref()
            .and_then(|labels| read(&unwrapped(labels)))
            .unwrap_or_default();
        self.prompt = self.prompt.or(self.content.take()).or(labels.prompt);
        self.entry_point = self.entry_point.or(labels.entry_point);
        self.test_setup_code = self.test_setup_code.or(labels.test_setup_code);
        self.canonical_solution = self.canonical_solution.or(labels.canonical_solution);
        self
    }
}

/// The row of the program: by its id, which may be a number here and a text there, or the only one. It is no larger than a
/// message may be.
pub(super) fn row_of(data: Option<&Data>, id: &RowId, most: usize) -> Result<Row, Refusal> {
    let row = match data {
        Some(data) if is_list(data) => one_of(data, id)?,
        Some(data) => data.clone(),
        None => return Err(wrong("is missing: the tests come in it")),
    };
    let length = row.json().len();
    if length > most {
        let detail = format!("the row has {length} bytes, at most {most} are allowed (submission.max_message_bytes)");
        let mut refusal = Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail);
        refusal.name_field(Some(PROVIDED_DATA.to_owned()));
        return Err(refusal);
    }
    let unreadable = |reason| wrong(&format!("has a row that cannot be read: {reason}"));
    let read: Row = read_as(row.json().as_bytes()).map_err(|rejected| unreadable(rejected.reason))?;
    Ok(read.with_labels())
}

fn one_of(data: &Data, id: &RowId) -> Result<Data, Refusal> {
    let rows = read::<FirstOf<Data, MOST_ROWS>>(data).unwrap_or_default();
    let length = rows.length;
    let Some(rows) = rows.whole() else {
        return Err(wrong(&format!("has {length} rows, at most {MOST_ROWS} are allowed")));
    };
    let named = rows.iter().find(|row| id_in(row).is_some_and(|of_row| of_row.is(id)));
    match (named, &rows[..]) {
        (Some(row), _) | (None, [row]) => Ok(row.clone()),
        // The tests of another row would make a right program wrong.
        (None, _) => Err(wrong(&format!("has {length} rows, and none with the id {id}"))),
    }
}

fn id_in(row: &Data) -> Option<RowId> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: RowId,
    }
    Some(read::<OnlyId>(row)?.id)
}

/// The value, if it is one of this type.
pub(super) fn read<T: DeserializeOwned>(data: &Data) -> Option<T> {
    document(data.json().as_bytes()).ok()
}

/// The same, or the JSON that it holds as a text: some data sets have their tables so.
pub(super) fn unwrapped(data: &Data) -> Data {
    let inner = match read::<String>(data) {
        Some(text) if text.trim_start().starts_with(['[', '{']) => document(text.as_bytes()).ok(),
        _ => None,
    };
    inner.unwrap_or_else(|| data.clone())
}

pub(super) fn is_list(data: &Data) -> bool {
    data.json().starts_with('[')
}

pub(super) fn is_object(data: &Data) -> bool {
    data.json().starts_with('{')
}

pub(super) fn wrong(complaint: &str) -> Refusal {
    let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "schema", complaint);
    refusal.name_field(Some(PROVIDED_DATA.to_owned()));
    refusal
}

impl RowId {
    /// Whether it is the same, as a number or as a text.
    fn is(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Default for RowId {
    fn default() -> Self {
        Self::Number(0.into())
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for RowId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowIdVisitor)
    }
}

struct RowIdVisitor;

impl Visitor<'_> for RowIdVisitor {
    type Value = RowId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number or a text of at most {LONGEST_ID} bytes")
    }

    fn visit_unit<E: Error>(self) -> Result<RowId, E> {
        Ok(RowId::default())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<RowId, E> {
        Ok(RowId::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<RowId, E> {
        Ok(RowId::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<RowId, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("the id is no number"))?;
        Ok(RowId::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RowId, E> {
        match text.len() <= LONGEST_ID {
            true => Ok(RowId::Text(text.to_owned())),
            false => Err(E::custom(format!(
                "the id has {} bytes, at most {LONGEST_ID} are allowed",
                text.len()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(json: &str) -> Data {
        document(json.as_bytes()).unwrap()
    }

    #[test]
    fn an_id_is_a_text_or_a_number_and_0_where_there_is_none() {
        let longest = format!("\"{}\"", "x".repeat(LONGEST_ID));
        for (json, shown) in [
            ("null", Some("0")),
            ("7", Some("7")),
            ("-7", Some("-7")),
            ("\"HumanEval/0\"", Some("\"HumanEval/0\"")),
            (&longest, Some(&longest[..])),
            (&format!("\"x{}", &longest[1..]), None),
            ("[]", None),
            ("{}", None),
            ("true", None),
        ] {
            let id = read::<RowId>(&data(json));
            let written = id.map(|id| serde_json::to_string(&id).unwrap());
            assert_eq!(written.as_deref(), shown, "{json}");
        }
    }

    #[test]
    fn the_row_is_the_one_with_the_id_or_the_only_one() {
        for (rows, found) in [
            (r#"{"test": "only"}"#, Ok("\"only\"")),
            (r#"[{"test": "only"}]"#, Ok("\"only\"")),
            (r#"[{"id": 1, "test": "a"}, {"id": "7", "test": "b"}]"#, Ok("\"b\"")),
            (r#"[{"id": [], "test": "a"}, {"id": 7, "test": "b"}]"#, Ok("\"b\"")),
            (r#"[{"id": 1, "test": "a"}, {"test": "b"}]"#, Err(422)),
            (
                r#"[{"id": 7, "test": "more than is allowed, which is 60 bytes here"}]"#,
                Err(413),
            ),
            ("[]", Err(422)),
            ("7", Err(422)),
        ] {
            let row = row_of(Some(&data(rows)), &RowId::Number(7.into()), 60);
            let test = row.map(|row| row.test.unwrap().json().to_owned());
            let test = test.map_err(|refusal| refusal.as_document().status);
            assert_eq!(test.as_deref().map_err(|status| *status), found, "{rows}");
        }
        let many = format!("[{}{{}}]", "{},".repeat(MOST_ROWS));
        assert!(row_of(Some(&data(&many)), &RowId::default(), 60).is_err());
        assert!(row_of(None, &RowId::default(), 60).is_err());
    }
}
