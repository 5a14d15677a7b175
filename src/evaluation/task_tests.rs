//! What candidates of a task are judged by.

use crate::contract::{Data, Functional, InlineTest, document};
use crate::evaluation::line_error::{FieldError, LineError};
use crate::evaluation::readable::readable;

/// What its candidates are judged by.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TaskTests {
    /// Tests as submissions have them.
    Tests(Vec<InlineTest>),
    /// Calls of one function.
    Functional(Functional),
}

/// JSON, or a text with JSON in it.
pub(super) fn object<T: serde::de::DeserializeOwned>(field: &'static str, data: &Data) -> Result<T, LineError> {
    let wrong = |error: serde_json::Error| FieldError::from(error).of(field);
    match data.json().starts_with('"') {
        false => document(data.json().as_bytes()).map_err(wrong),
        true => {
            let inner: String = document(data.json().as_bytes()).map_err(wrong)?;
            document(readable(&inner).as_bytes()).map_err(wrong)
        }
    }
}

pub(super) fn text(field: &'static str, data: &Data) -> Result<String, LineError> {
    document(data.json().as_bytes()).map_err(|_error| LineError::content(field, "is no text"))
}
