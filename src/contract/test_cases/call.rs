//! Calls of a program's functions: how a test describes one, and what the box of the call reports.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::value::{self, Comparison, Value, ValueError, Way};

/// A value as JSON, as it was written: numbers keep all their digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data(Arc<str>);

impl Data {
    /// The JSON.
    pub fn json(&self) -> &str {
        &self.0
    }

    /// The value that it stands for.
    ///
    /// # Errors
    /// When it stands for none.
    pub fn value(&self) -> Result<Value, ValueError> {
        value::read(&self.0)
    }

    /// For `#[serde(deserialize_with)]` on an `Option<Data>` in which `null` is a value.
    pub(super) fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(deserializer).map(Some)
    }
}

/// A value that is written as JSON.
impl From<&RawValue> for Data {
    fn from(json: &RawValue) -> Self {
        Self(json.get().into())
    }
}

impl From<serde_json::Value> for Data {
    fn from(value: serde_json::Value) -> Self {
        Self(value.to_string().into())
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(json.get().into()))
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?;
        json.serialize(serializer)
    }
}

impl JsonSchema for Data {
    fn schema_name() -> Cow<'static, str> {
        "Data".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A value: JSON, with tags such as {\"$tuple\": [1, 2]} for what JSON has no word for (docs/grading.md)."
        })
    }
}

/// How what a function returns is compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// What counts as equal.
    #[serde(default)]
    pub mode: CompareMode,
    /// For `approximate`: by how much a number may differ, times what was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub rel: Option<f64>,
    /// For `approximate`: by how much a number may differ in itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub abs: Option<f64>,
    /// A tuple counts as the list of its items.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tuples_are_lists: bool,
}

/// What counts as equal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CompareMode {
    /// As Python's `==`; NaN equals NaN.
    #[default]
    Exact,
    /// The same, but numbers may differ by the larger of `abs` and `rel` times what was expected.
    Approximate,
    /// The same items, in any order and however often.
    Set,
    /// The same items as often, in any order.
    Multiset,
    /// The output validator of the problem package decides. For tests of packages only.
    Validator,
}

/// How calls are made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CallOptions {
    /// Which processes they are made in.
    pub processes: CallProcesses,
}

/// Which processes calls are made in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CallProcesses {
    /// Each in one of its own, that imports the program.
    #[default]
    Each,
    /// Each in a fork of one that has imported the program.
    Forks,
    /// All in one, so that a call sees what those before it left.
    One,
}

/// Calls of one function in the form of APPS, TACO and LiveCodeBench. A tuple counts as the list of its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Functional {
    /// The function, as in `call` of a test.
    #[schemars(length(min = 1, max = 255))]
    pub fn_name: String,
    /// What each call is given: a list of arguments, or a text with one of them as JSON on each line.
    #[schemars(length(min = 1))]
    pub inputs: Vec<Data>,
    /// What each call has to return: a value, or for an input that is a text the JSON of one as text.
    pub outputs: Vec<Data>,
}

/// What the box of a call reports. The submission runs in it, so the report can be forged.
#[derive(Debug, Clone, PartialEq)]
pub enum CallReport {
    /// The call returned.
    Returned {
        /// What it returned.
        value: Value,
        /// What has become of its arguments, where that was asked for.
        args: Option<Vec<Value>>,
    },
    /// The call raised an exception.
    Raised(Raised),
    /// What it returned, or one of its arguments, is no data, and why.
    NoData(String),
}

/// An exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// Names of its class and of those above it.
    pub classes: Vec<String>,
    /// What `str` makes of it.
    pub message: String,
}

impl Compare {
    /// The comparison, if it is not left to a validator, or what is wrong with it.
    pub(in crate::contract) fn checked(&self) -> Result<Option<Comparison>, &'static str> {
        let given = [self.rel, self.abs];
        let way = match self.mode {
            CompareMode::Approximate if given.iter().flatten().any(|bound| !bound.is_finite() || *bound < 0.0) => {
                return Err("rel and abs are numbers from 0");
            }
            CompareMode::Approximate if given == [None, None] => return Err("approximate wants rel, abs or both"),
            CompareMode::Approximate => Way::Approximate {
                rel: self.rel.unwrap_or(0.0),
                abs: self.abs.unwrap_or(0.0),
            },
            _ if given != [None, None] => return Err("rel and abs belong to the mode approximate"),
            CompareMode::Exact => Way::Exact,
            CompareMode::Set => Way::Set,
            CompareMode::Multiset => Way::Multiset,
            CompareMode::Validator if self.tuples_are_lists => return Err("a validator is told which are tuples"),
            CompareMode::Validator => return Ok(None),
        };
        Ok(Some(Comparison {
            way,
            tuples_are_lists: self.tuples_are_lists,
            single_is_item: false,
        }))
    }
}

/// Reads the report of a call; it was written by a process that the submission runs in.
///
/// # Errors
/// When it cannot be read.
pub fn read_call_report(json: &[u8]) -> Result<CallReport, ValueError> {
    let text = std::str::from_utf8(json).map_err(|error| ValueError::NotJson(error.to_string()))?;
    let mut fields: BTreeMap<String, &RawValue> = value::read_json(text)?.into_iter().collect();
    let mut field = |name: &str| fields.remove(name).map(|raw| value::read(raw.get())).transpose();
    if let Some(Value::Str(reason)) = field("no_data")? {
        return Ok(CallReport::NoData(reason));
    }
    if let Some(Value::List(classes)) = field("raised")? {
        let names = classes.into_iter().filter_map(text_of).collect();
        let message = field("message")?.and_then(text_of).unwrap_or_default();
        return Ok(CallReport::Raised(Raised {
            classes: names,
            message,
        }));
    }
    let args = match field("args")? {
        Some(Value::List(args)) => Some(args),
        _ => None,
    };
    let value = field("value")?.ok_or_else(|| ValueError::NotJson("no value in it".to_owned()))?;
    Ok(CallReport::Returned { value, args })
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text),
        _ => None,
    }
}
