//! What candidates of a task are judged by, and what can be wrong with it.

use thiserror::Error;

use crate::contract::{Data, Functional, InlineTest, Rejected, document};

/// What is wrong with a row of a data set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TaskError {
    /// It is no JSON object, or a field is of the wrong type.
    #[error("{0}")]
    Row(#[from] Rejected),
    /// A field says something that cannot be.
    #[error("{field}: {reason}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// It has none of the fields that tests are found in.
    #[error(
        "has no tests; they are expected in input_output, public_test_cases, test, test_list, asserts, functional, \
         tests, test_cases or inputs"
    )]
    NoTests,
}

/// What its candidates are judged by.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TaskTests {
    /// Tests as submissions have them.
    Tests(Vec<InlineTest>),
    /// Calls of one function.
    Functional(Functional),
}

/// JSON, or a text with JSON in it.
pub(super) fn object<T: serde::de::DeserializeOwned>(field: &'static str, data: &Data) -> Result<T, TaskError> {
    let wrong = |error: serde_json::Error| TaskError::Field {
        field,
        reason: error.to_string(),
    };
    match data.json().starts_with('"') {
        false => document(data.json().as_bytes()).map_err(wrong),
        true => {
            let inner: String = document(data.json().as_bytes()).map_err(wrong)?;
            document(inner.as_bytes()).map_err(wrong)
        }
    }
}

pub(super) fn text(field: &'static str, data: &Data) -> Result<String, TaskError> {
    document(data.json().as_bytes()).map_err(|_error| TaskError::Field {
        field,
        reason: "is no text".to_owned(),
    })
}
