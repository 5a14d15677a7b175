//! Metadata, which come back as they were sent: what would not is refused.

use serde_json::Value;

use crate::contract::check::files::Check;
use crate::contract::{Metadata, Rejected, RejectionCode, SubmissionCaps};

/// Levels of metadata at most, themselves included. Readers of JSON go some 127 levels deep, and the documents in which
/// metadata come back put some around them.
const MOST_LEVELS: usize = 100;

pub(super) fn check_metadata(metadata: &Metadata, caps: &SubmissionCaps) -> Check<()> {
    let too_large = |reason| Rejected::new(RejectionCode::TooLarge, Some("metadata".to_owned()), reason);
    let size = serde_json::to_vec(metadata).map_or(usize::MAX, |json| json.len());
    if size > caps.metadata_bytes {
        let reason = format!("has {size} bytes, at most {} are allowed", caps.metadata_bytes);
        return Err(too_large(reason));
    }
    let levels = 1 + deepest(metadata.values());
    if levels > MOST_LEVELS {
        let reason = format!("is {levels} levels deep, at most {MOST_LEVELS} are allowed");
        return Err(too_large(reason));
    }
    match metadata.iter().find_map(|(key, value)| member(key, value)) {
        None => Ok(()),
        Some(place) => {
            let reason = "is a number of more than 64 bits, which would come back as another one; send it as a text";
            let field = Some(format!("metadata{place}"));
            Err(Rejected::new(RejectionCode::Schema, field, reason.to_owned()).shortened())
        }
    }
}

/// Levels of the deepest of these.
fn deepest<'a>(values: impl Iterator<Item = &'a Value>) -> usize {
    values.map(levels).max().unwrap_or(0)
}

fn levels(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + deepest(values.iter()),
        Value::Object(members) => 1 + deepest(members.values()),
        _ => 0,
    }
}

/// Where in a value there is a number that has lost digits: a whole one of more than 64 bits is read as one with a fraction.
fn inexact(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) if number.is_f64() => {
            let fits = |number| number > i64::MIN as f64 && number < u64::MAX as f64;
            let is_kept = number.as_f64().is_some_and(fits);
            (!is_kept).then(String::new)
        }
        Value::Array(values) => {
            let mut numbered = values.iter().enumerate();
            numbered.find_map(|(index, value)| Some(format!("[{index}]{}", inexact(value)?)))
        }
        Value::Object(members) => members.iter().find_map(|(key, value)| member(key, value)),
        _ => None,
    }
}

fn member(key: &str, value: &Value) -> Option<String> {
    Some(format!(".{key}{}", inexact(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPS: SubmissionCaps = SubmissionCaps {
        metadata_bytes: 300,
        ..SubmissionCaps::UNLIMITED
    };

    fn nested(levels: usize) -> String {
        format!("{{\"a\": {}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1))
    }

    #[test]
    fn metadata_that_would_not_come_back_are_refused() {
        let digits = "123456789012345678901234567890";
        let cases = [
            ("{}".to_owned(), None),
            (
                r#"{"a": [18446744073709551615, -9223372036854775808, 0.1, 1e18]}"#.to_owned(),
                None,
            ),
            (format!(r#"{{"a": {digits}}}"#), Some("metadata.a")),
            (format!(r#"{{"b": [1, {{"c": -{digits}}}]}}"#), Some("metadata.b[1].c")),
            (r#"{"a": 18446744073709551616}"#.to_owned(), Some("metadata.a")),
            (r#"{"a": -9223372036854775809}"#.to_owned(), Some("metadata.a")),
            (nested(MOST_LEVELS), None),
            (nested(MOST_LEVELS + 1), Some("metadata")),
            (format!(r#"{{"a": "{}"}}"#, "x".repeat(300)), Some("metadata")),
        ];
        for (json, field) in cases {
            let metadata: Metadata = serde_json::from_str(&json).unwrap();
            let checked = check_metadata(&metadata, &CAPS);
            assert_eq!(
                checked.err().map(|rejected| rejected.field.unwrap()).as_deref(),
                field,
                "{json}"
            );
            if field.is_none() {
                let document = serde_json::json!({ "submissions": [{ "verdict": { "metadata": metadata } }] });
                let back: Value = serde_json::from_str(&document.to_string()).unwrap();
                assert_eq!(back, document, "a reader of a document with them reads all of it");
            }
        }
    }
}
