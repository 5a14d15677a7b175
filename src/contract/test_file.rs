//! A file with tests, as the commands take it: an array of them, one on each line, an array of asserts, calls of one
//! function, or modules of unit tests.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::contract::call::Functional;
use crate::contract::read::read_as;
use crate::contract::{InlineTest, PytestOptions, Rejected, SubmissionMessage};

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

impl TestFile {
    /// Reads JSON or JSON lines.
    ///
    /// # Errors
    /// The first mistake that is found.
    pub fn read(text: &str) -> Result<Self, Rejected> {
        if let Ok(asserts) = serde_json::from_str(text) {
            return Ok(Self::Asserts(asserts));
        }
        match text.trim_start().starts_with('[') {
            true => elements(text).map(Self::Tests),
            false if text.contains("\"fn_name\"") => read_as(text.as_bytes()).map(Self::Functional),
            false if text.contains("\"pytest\"") => read_as(text.as_bytes()).map(Self::Units),
            false => {
                let lines = text.lines().filter(|line| !line.trim().is_empty());
                let tests = lines.map(|line| read_as(line.as_bytes()));
                tests.collect::<Result<_, _>>().map(Self::Tests)
            }
        }
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

/// The elements of an array, read one after the other so that each mistake is found in its own.
fn elements<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Rejected> {
    let raw: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| {
        let code = crate::contract::RejectionCode::NotJson;
        Rejected::new(code, None, error.to_string())
    })?;
    let numbered = raw.into_iter().enumerate();
    numbered
        .map(|(index, element)| {
            read_as(element.get().as_bytes()).map_err(|rejected: Rejected| Rejected {
                field: Some(format!(
                    "[{index}]{}",
                    rejected.field.map_or(String::new(), |field| format!(".{field}"))
                )),
                ..rejected
            })
        })
        .collect()
}
