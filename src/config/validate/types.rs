//! Values of another type than their setting. The library turns `true` into 1, `2.7` into 3 and `5` into a text.

use config::{Value, ValueKind};
use toml::Value as Default;

use crate::config::range_error::{RangeError, require};
use crate::config::shape::Shape;

/// Holds every value against the type that its default has.
pub(super) fn check(root: &Value, shape: &Shape) -> Result<(), RangeError> {
    visit(root, "", shape)
}

fn visit(value: &Value, key: &str, shape: &Shape) -> Result<(), RangeError> {
    match &value.kind {
        ValueKind::Table(table) => table.iter().try_for_each(|(name, inner)| {
            let key = if key.is_empty() {
                name.clone()
            } else {
                format!("{key}.{name}")
            };
            visit(inner, &key, shape)
        }),
        kind => match shape.default_of(key) {
            Some(default) => hold_against(kind, default, key),
            // Unknown keys are refused by the types of the settings.
            None => Ok(()),
        },
    }
}

fn hold_against(kind: &ValueKind, default: &Default, key: &str) -> Result<(), RangeError> {
    require(is_like(kind, default), key, || {
        format!("it is {}, and {} is expected", found(kind), expected(default))
    })
}

fn is_like(kind: &ValueKind, default: &Default) -> bool {
    match (kind, default) {
        (ValueKind::String(_), Default::String(_)) | (ValueKind::Boolean(_), Default::Boolean(_)) => true,
        (ValueKind::Float(_), Default::Float(_)) => true,
        (kind, Default::Integer(_) | Default::Float(_)) => is_whole(kind),
        (ValueKind::Array(values), Default::Array(defaults)) => match defaults.first() {
            Some(first) => values.iter().all(|value| is_like(&value.kind, first)),
            None => true,
        },
        _ => false,
    }
}

fn is_whole(kind: &ValueKind) -> bool {
    matches!(
        kind,
        ValueKind::I64(_) | ValueKind::I128(_) | ValueKind::U64(_) | ValueKind::U128(_)
    )
}

/// Without the value itself, which may hold a password.
fn found(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Nil => "nothing",
        ValueKind::Boolean(_) => "true or false",
        ValueKind::Float(_) => "a number with a fraction",
        ValueKind::String(_) => "a text",
        ValueKind::Table(_) => "a section",
        ValueKind::Array(_) => "a list",
        _ => "a whole number",
    }
}

fn expected(default: &Default) -> &'static str {
    match default {
        Default::String(_) => "a text",
        Default::Integer(_) => "a whole number",
        Default::Float(_) => "a number",
        Default::Boolean(_) => "true or false",
        Default::Array(defaults) if defaults.first().is_some_and(Default::is_integer) => "a list of whole numbers",
        Default::Array(_) => "a list of texts",
        Default::Table(_) | Default::Datetime(_) => "something else",
    }
}
