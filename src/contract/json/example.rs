//! Every field of what is handed in with a value that it can have, shown to a client that gives it another type.

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Fields of submissions and runs. Of a list the first value is shown; the others have the fields that it has not.
const EXAMPLE: &str = include_str!("example.json");

/// What of the example a document is an instance of.
#[derive(Debug, Clone, Copy)]
pub(in crate::contract) enum Example {
    /// A submission, or a program that is to be run.
    Submission,
    /// A test.
    Test,
    /// A list of tests.
    Tests,
    /// Calls of one function.
    Functional,
    /// Nothing: it has a form that is another system's.
    None,
}

impl Example {
    /// How the field at this path can be written, such as `"problem": {"id":"sum"}`, or the one of this name in it.
    pub(super) fn written(self, path: &Path, name: Option<&str>) -> Option<String> {
        let whole: Value = serde_json::from_str(EXAMPLE).ok()?;
        let mut found = self.top(&whole);
        let mut key = None;
        for segment in path.iter() {
            (found, key) = match segment {
                Segment::Map { key } => (fields(&found, key), Some(key.as_str())),
                Segment::Seq { .. } => (elements(&found), None),
                Segment::Enum { .. } | Segment::Unknown => (found, key),
            };
        }
        if let Some(name) = name {
            (found, key) = (fields(&found, name), Some(name));
        }
        let value = match found.first()? {
            Value::Array(values) => Value::from_iter(values.iter().take(1).cloned()),
            // Most fields cannot stand beside each other.
            Value::Object(_) if found == [&whole] => return None,
            value => (*value).clone(),
        };
        Some(key.map_or_else(|| value.to_string(), |key| format!("{key:?}: {value}")))
    }

    fn top(self, whole: &Value) -> Vec<&Value> {
        match self {
            Self::Submission => vec![whole],
            Self::Test => elements(&fields(&[whole], "tests")),
            Self::Tests => fields(&[whole], "tests"),
            Self::Functional => fields(&[whole], "functional"),
            Self::None => Vec::new(),
        }
    }
}

/// The field of this name in each of them that has it.
fn fields<'a>(objects: &[&'a Value], name: &str) -> Vec<&'a Value> {
    objects.iter().filter_map(|object| object.get(name)).collect()
}

/// The values of lists.
fn elements<'a>(lists: &[&'a Value]) -> Vec<&'a Value> {
    lists.iter().filter_map(|list| list.as_array()).flatten().collect()
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, schema_for};
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::contract::{RunRequest, SubmissionMessage, SubmissionRequest};

    /// What of the example a document has as its fields is one, and no field is left out.
    fn fits<T: DeserializeOwned + JsonSchema>() {
        let schema = schema_for!(T);
        let names = schema.get("properties").and_then(Value::as_object).unwrap();
        let mut example: Value = serde_json::from_str(EXAMPLE).unwrap();
        let fields = example.as_object_mut().unwrap();
        fields.retain(|name, _| names.contains_key(name));
        assert_eq!(fields.len(), names.len(), "{names:?}");
        // As text: some fields are kept as they are written.
        serde_json::from_str::<T>(&example.to_string()).unwrap();
    }

    #[test]
    fn the_example_has_every_field_of_submissions_and_runs_as_they_are_read() {
        fits::<SubmissionMessage>();
        fits::<SubmissionRequest>();
        fits::<RunRequest>();
    }
}
