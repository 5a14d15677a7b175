//! A seccomp profile as it travels to the daemon: by content, in every request for a box.

use serde_json::{Map, Value};

/// The same profile without white space and with its keys in alphabetical order. Worker and proxy compare it as text, and
/// serde_json keeps the order of keys or not, by what else is built with it.
///
/// # Errors
/// When it is no JSON.
pub fn compact_profile(text: &str) -> Result<String, serde_json::Error> {
    let profile: Value = text.parse()?;
    Ok(sorted(profile).to_string())
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_and_white_space_make_no_difference() {
        let expected = r#"{"a":[{"x":1,"y":2}],"b":{"c":3,"d":4}}"#;
        for text in [
            r#"{"b": {"d": 4, "c": 3}, "a": [{"y": 2, "x": 1}]}"#,
            r#"{"a":[{"x":1,"y":2}],"b":{"c":3,"d":4}}"#,
        ] {
            assert_eq!(compact_profile(text).unwrap(), expected);
        }
    }
}
