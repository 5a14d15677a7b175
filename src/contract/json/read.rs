//! JSON becomes a message, or a mistake in it that a person can find.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::contract::json::complaint::{ONE_OF_SOME_WORDS, complaint, without_place};
use crate::contract::json::example::Example;
use crate::contract::json::object::Object;
use crate::contract::submission::SubmissionType;
use crate::contract::{InlineTest, Rejected, RejectionCode, SubmissionMessage};

/// Reads a message whose fields are still to be checked.
pub(in crate::contract) fn read(body: &[u8]) -> Result<SubmissionMessage, Rejected> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let Object(message) = serde_path_to_error::deserialize(&mut json).map_err(|error| explain(error, body))?;
    json.end()
        .map_err(|error| Rejected::new(RejectionCode::NotJson, None, error.to_string()))?;
    Ok(message)
}

/// Reads a document that a worker has written: a verdict, a rejection, progress or a security event.
///
/// # Errors
/// When it is no such document.
pub fn document<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(json)
}

/// Reads a body of an HTTP request, whose fields are still to be checked.
///
/// # Errors
/// When it is no JSON object, or a field is missing or of the wrong type.
pub fn read_as<T: DeserializeOwned>(body: &[u8]) -> Result<T, Rejected> {
    read_like(body, Example::None)
}

/// The same of what has an example, part of which is shown where a field has the wrong type.
pub(in crate::contract) fn read_like<T: DeserializeOwned>(body: &[u8], example: Example) -> Result<T, Rejected> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let Object(request) = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| rejected_by_serde(error, body, example).shortened())?;
    json.end()
        .map_err(|error| Rejected::new(RejectionCode::NotJson, None, error.to_string()))?;
    Ok(request)
}

/// How many elements an array has, which take no memory.
pub(in crate::contract) fn length_of(body: &[u8]) -> Result<usize, Rejected> {
    let elements: Vec<IgnoredAny> = serde_json::from_slice(body).map_err(|error| not_json(&error))?;
    Ok(elements.len())
}

/// Reads an array, each of whose elements is right or wrong by itself. `check` is asked about the length of each before.
pub(in crate::contract) fn read_values<T: DeserializeOwned>(
    body: &[u8],
    example: Example,
    check: impl Fn(usize) -> Result<(), Rejected>,
) -> Result<Vec<Result<T, Rejected>>, Rejected> {
    // As they are written: a number may be longer than a `Value` keeps.
    let values: Vec<&RawValue> = serde_json::from_slice(body).map_err(|error| not_json(&error))?;
    let read = |value: &RawValue| {
        check(value.get().len())?;
        read_like(value.get().as_bytes(), example)
    };
    Ok(values.into_iter().map(read).collect())
}

fn not_json(error: &serde_json::Error) -> Rejected {
    Rejected::new(RejectionCode::NotJson, None, error.to_string()).shortened()
}

/// Reads an array of tests, which is called `name` where one of them is wrong.
pub(in crate::contract) fn read_tests(name: &str, body: &[u8]) -> Result<Vec<InlineTest>, Rejected> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let objects: Vec<Object<InlineTest>> = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let rejected = rejected_by_serde(error, body, Example::Tests);
        let place = rejected.field.as_deref().unwrap_or_default();
        let field = Some(format!("{name}{place}"));
        Rejected { field, ..rejected }.shortened()
    })?;
    json.end()
        .map_err(|error| Rejected::new(RejectionCode::NotJson, None, error.to_string()))?;
    Ok(objects.into_iter().map(|Object(value)| value).collect())
}

/// Reads the id of a message that is otherwise wrong, so that the rejection can name it.
pub(in crate::contract) fn readable_id(body: &[u8]) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: Uuid,
    }
    let read: Result<Object<OnlyId>, _> = serde_json::from_slice(body);
    read.ok().map(|Object(only)| only.id)
}

/// A message of another version is rejected for its `type`, and not for the fields that this version does not have.
fn explain(error: serde_path_to_error::Error<serde_json::Error>, body: &[u8]) -> Rejected {
    match other_type(body) {
        Some(other) => {
            let reason = format!("{other} is unknown here, expected \"assize.submission.v1\"");
            Rejected::new(RejectionCode::UnknownType, Some("type".to_owned()), reason)
        }
        None => rejected_by_serde(error, body, Example::Submission),
    }
}

/// A rejection with the reason that serde gives, in other words, and the field.
fn rejected_by_serde(error: serde_path_to_error::Error<serde_json::Error>, body: &[u8], example: Example) -> Rejected {
    let said = error.inner().to_string();
    let code = match error.inner().classify() {
        _ if said.starts_with("unknown variant") => RejectionCode::UnknownType,
        Category::Data => RejectionCode::Schema,
        // These are JSON, but more than can be read, or something else than one of some words.
        _ if said.starts_with("number out of range") => RejectionCode::Schema,
        _ if said.starts_with("recursion limit exceeded") => RejectionCode::TooLarge,
        _ if without_place(&said).0 == ONE_OF_SOME_WORDS && is_json(body) => RejectionCode::Schema,
        _ => RejectionCode::NotJson,
    };
    let reason = match code {
        RejectionCode::Schema | RejectionCode::UnknownType => {
            complaint(&said, |name| example.written(error.path(), name))
        }
        _ => said,
    };
    Rejected::new(code, field_of(&error), reason)
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// The path of the field. Of a field that is missing or given twice, serde only knows the object around it.
fn field_of(error: &serde_path_to_error::Error<serde_json::Error>) -> Option<String> {
    let path = error.path().to_string();
    let around = Some(path.trim_end_matches(['?', '.'])).filter(|path| !path.is_empty());
    let message = error.inner().to_string();
    let quoted = ["missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    match (around, quoted) {
        (Some(around), Some(name)) => Some(format!("{around}.{name}")),
        (around, name) => around.or(name).map(str::to_owned),
    }
}

/// The `type` of a message, as JSON, if it has one and it is not ours.
fn other_type(body: &[u8]) -> Option<serde_json::Value> {
    #[derive(Deserialize)]
    struct OnlyType {
        #[serde(rename = "type")]
        version: serde_json::Value,
    }
    let read: Result<Object<OnlyType>, _> = serde_json::from_slice(body);
    let version = read.ok()?.0.version;
    SubmissionType::deserialize(&version).is_err().then_some(version)
}
