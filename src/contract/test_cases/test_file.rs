//! A file with tests, as the commands take it: an array of them, one on each line, an array of asserts, calls of one
//! function, or modules of unit tests.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::contract::json::example::Example;
use crate::contract::json::read::read_like;
use crate::contract::test_cases::call::Functional;
use crate::contract::{InlineTest, PytestOptions, Rejected, RejectionCode, SubmissionMessage};

/// What is in a file with tests.
#[derive(Debug, Clone, PartialEq)]
pub enum TestFile {
    /// Tests.
    Tests(Vec<InlineTest>),
    /// Asserts, a test each.
    Asserts(Vec<String>),
    /// Calls of one function.
    Functional(Functional),
    /// Unit tests.
    Units(UnitFile),
}

/// Unit tests as a document, which are fields of a submission.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFile {
    /// Files by their names.
    pub pytest: BTreeMap<String, String>,
    /// How they see the program.
    #[serde(default)]
    pub pytest_options: Option<PytestOptions>,
}

/// A test in a file of many, read by itself so that each mistake is found in its own.
pub(super) struct Element<'a> {
    /// Where it begins, counted from 1.
    pub(super) line: u64,
    json: &'a str,
}

impl TestFile {
    /// Reads JSON or JSON lines.
    ///
    /// # Errors
    /// The first mistake that is found, with its line.
    pub fn read(text: &str) -> Result<Self, Rejected> {
        if let Some(other) = Self::read_whole(text)? {
            return Ok(other);
        }
        let tests = elements(text)?.into_iter().map(|element| element.read());
        tests.collect::<Result<_, _>>().map(Self::Tests)
    }

    /// Reads what is no list of tests.
    pub(super) fn read_whole(text: &str) -> Result<Option<Self>, Rejected> {
        if let Ok(asserts) = serde_json::from_str(text) {
            return Ok(Some(Self::Asserts(asserts)));
        }
        let is_list = text.trim_start().starts_with('[');
        Ok(match is_list {
            false if text.contains("\"fn_name\"") => {
                Some(Self::Functional(read_like(text.as_bytes(), Example::Functional)?))
            }
            false if text.contains("\"pytest\"") => Some(Self::Units(read_like(text.as_bytes(), Example::Submission)?)),
            _ => None,
        })
    }

    /// Makes them what a message is judged against.
    pub fn put_into(self, message: &mut SubmissionMessage) {
        message.problem = None;
        match self {
            Self::Tests(tests) => message.tests = Some(tests),
            Self::Asserts(asserts) => message.asserts = Some(asserts),
            Self::Functional(functional) => message.functional = Some(functional),
            Self::Units(units) => {
                (message.pytest, message.pytest_options) = (Some(units.pytest), units.pytest_options);
            }
        }
    }
}

impl Element<'_> {
    /// The test, or the mistake in it with its line.
    pub(super) fn read(&self) -> Result<InlineTest, Rejected> {
        read_like(self.json.as_bytes(), Example::Test).map_err(|rejected: Rejected| {
            let field = rejected.field.map(|field| format!(", {field}")).unwrap_or_default();
            Rejected {
                field: Some(format!("line {}{field}", self.line)),
                ..rejected
            }
        })
    }
}

/// The tests of an array, or those on each line.
pub(super) fn elements(text: &str) -> Result<Vec<Element<'_>>, Rejected> {
    if !text.trim_start().starts_with('[') {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        return Ok(lines.map(|(line, json)| Element { line, json }).collect());
    }
    let raw: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|error| Rejected::new(RejectionCode::NotJson, None, error.to_string()))?;
    let (mut line, mut rest) = (1, text);
    let elements = raw.into_iter().map(|element| {
        let json = element.get();
        // What was read is a part of the text, and behind the one before it.
        let skipped = (json.as_ptr().addr() - rest.as_ptr().addr()).min(rest.len());
        line += newlines(&rest[..skipped]);
        rest = &rest[skipped..];
        Element { line, json }
    });
    Ok(elements.collect())
}

fn newlines(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}
