//! What candidates of a task are judged by, and how fields of its row are read.

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

impl TaskTests {
    /// Whether code decides, and no output is compared.
    pub(super) fn are_asserts(&self) -> bool {
        match self {
            Self::Tests(tests) => tests.iter().all(|test| test.asserts.is_some()),
            Self::Functional(_) => false,
        }
    }

    /// The code of the first test.
    pub(super) fn asserts(&self) -> &str {
        match self {
            Self::Tests(tests) => {
                let mut codes = tests.iter().filter_map(|test| test.asserts.as_deref());
                codes.next().unwrap_or_default()
            }
            Self::Functional(_) => "",
        }
    }
}

/// What a field holds, perhaps as JSON in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    List,
    Object,
    Text,
    /// A number or a boolean.
    Other,
}

impl Shape {
    pub(super) fn of(data: &Data) -> Self {
        let json = data.json();
        let of_json = |json: &str| match json.as_bytes().first() {
            Some(b'[') => Some(Self::List),
            Some(b'{') => Some(Self::Object),
            _ => None,
        };
        match json.strip_prefix('"') {
            Some(mut inner) => {
                while let Some(rest) = [" ", "\\n", "\\r", "\\t"]
                    .iter()
                    .find_map(|blank| inner.strip_prefix(blank))
                {
                    inner = rest;
                }
                of_json(inner).unwrap_or(Self::Text)
            }
            None => of_json(json).unwrap_or(Self::Other),
        }
    }
}

/// A field, if it holds one of these.
pub(super) fn shaped<'a>(field: &'a Option<Data>, shapes: &[Shape]) -> Option<&'a Data> {
    field.as_ref().filter(|data| shapes.contains(&Shape::of(data)))
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

/// A text, or lines of one.
pub(super) fn joined(field: &'static str, data: &Data) -> Result<String, LineError> {
    match Shape::of(data) {
        Shape::List => Ok(object::<Vec<String>>(field, data)?.join("\n")),
        _ => text(field, data),
    }
}

/// Code that asserts something.
pub(super) fn asserting(code: String) -> InlineTest {
    InlineTest {
        asserts: Some(code),
        ..InlineTest::default()
    }
}
