//! Settings in the environment: `ASSIZE__SECTION__KEY`, and `ASSIZE__SECTION__KEY_FILE` for those that hold passwords.
//!
//! A value is read as the type that its default has, so `00123` stays a text where a text is expected. A variable that
//! names no setting stops the start: it was meant to change something.

use std::ffi::OsString;
use std::path::Path;

use config::{Map, Value, ValueKind};
use thiserror::Error;
use toml::Value as Default;

use crate::config::shape::Shape;
use crate::nearest::asked;

const PREFIX: &str = "ASSIZE__";
const SEPARATOR: &str = "__";
const FROM_FILE: &str = "_FILE";

/// What the origin of a setting begins with where that is a variable.
pub(super) const ORIGIN: &str = "the environment variable";

/// Settings that can hold a password: they may be given by a file, and their values are never shown.
pub(super) const SECRETS: [&str; 4] = ["broker.url", "broker.urls", "store.url", "problems.url"];

/// A variable that cannot be used.
#[derive(Debug, Error)]
#[error("the environment variable {variable} {problem}")]
pub struct EnvironmentError {
    /// Its name.
    variable: String,
    /// What is wrong with it, and what to do.
    problem: String,
    /// Why a file that it names cannot be read.
    #[source]
    source: Option<std::io::Error>,
}

impl EnvironmentError {
    fn new(variable: &str, problem: impl Into<String>) -> Self {
        Self {
            variable: variable.to_owned(),
            problem: problem.into(),
            source: None,
        }
    }
}

/// The settings that these variables hold, by their keys, such as `worker.slots`.
///
/// # Errors
/// Names the variable, what is expected of it, and the setting that was probably meant.
pub(super) fn read(
    variables: impl Iterator<Item = (OsString, OsString)>,
    shape: &Shape,
) -> Result<Map<String, Value>, EnvironmentError> {
    let mut found = Map::new();
    for (variable, value) in variables {
        // A name that is not UTF-8 is none of ours.
        let Some(variable) = variable.to_str() else { continue };
        let Some(name) = variable.strip_prefix(PREFIX) else {
            refuse_near_miss(variable, shape)?;
            continue;
        };
        let Some(value) = value.to_str() else {
            return Err(EnvironmentError::new(variable, "holds bytes that are not UTF-8"));
        };
        let (key, setting) = setting(variable, name, value, shape)?;
        if found.insert(key.clone(), setting).is_some() {
            let problem = format!("and another one both give {key}; unset one of them");
            return Err(EnvironmentError::new(variable, problem));
        }
    }
    Ok(found)
}

fn setting(variable: &str, name: &str, value: &str, shape: &Shape) -> Result<(String, Value), EnvironmentError> {
    let origin = format!("{ORIGIN} {variable}");
    let key = key_of(name);
    if let Some(default) = shape.default_of(&key) {
        let kind = parse(value, default).map_err(|expected| {
            let shown = if is_secret(&key) { "***" } else { value };
            EnvironmentError::new(variable, format!("is {shown:?}; {key} is {expected}"))
        })?;
        return Ok((key, Value::new(Some(&origin), kind)));
    }
    let secret = name.strip_suffix(FROM_FILE).map(key_of).filter(|key| is_secret(key));
    if let Some(key) = secret
        && let Some(default) = shape.default_of(&key)
    {
        let text = read_file(variable, Path::new(value))?;
        let kind = parse(&text, default).map_err(|expected| {
            EnvironmentError::new(
                variable,
                format!("names a file that cannot be used; {key} is {expected}"),
            )
        })?;
        return Ok((key, Value::new(Some(&origin), kind)));
    }
    let nearest = shape.nearest(&key);
    Err(EnvironmentError::new(variable, no_setting(nearest.as_deref())))
}

/// The file's content without the line break that editors leave at its end.
fn read_file(variable: &str, path: &Path) -> Result<String, EnvironmentError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(source) => Err(EnvironmentError {
            source: Some(source),
            ..EnvironmentError::new(variable, format!("names {}, which cannot be read", path.display()))
        }),
    }
}

/// Refuses `ASSIZE_WORKER_SLOTS`: it names no setting, so the default would stay in force without a word.
fn refuse_near_miss(variable: &str, shape: &Shape) -> Result<(), EnvironmentError> {
    let Some(name) = variable.strip_prefix("ASSIZE_") else {
        return Ok(());
    };
    let flat = name.to_lowercase();
    let mut keys = shape.keys();
    match keys.find(|key| key.replace('.', "_") == flat.replace(SEPARATOR, "_")) {
        Some(key) => Err(EnvironmentError::new(variable, no_setting(Some(&key)))),
        None => Ok(()),
    }
}

/// What is said of a variable that names no setting; `nearest` is the key that it means, perhaps.
fn no_setting(nearest: Option<&str>) -> String {
    let meant = asked(nearest.map(variable_of).as_deref());
    format!("names no setting{meant}; `assize config show` lists them")
}

/// The value as the type of the default; else what is expected.
fn parse(value: &str, default: &Default) -> Result<ValueKind, &'static str> {
    Ok(match default {
        Default::String(_) => value.into(),
        Default::Integer(_) => value.parse::<i64>().map_err(|_error| "a whole number")?.into(),
        Default::Float(_) => value.parse::<f64>().map_err(|_error| "a number")?.into(),
        Default::Boolean(_) => value.parse::<bool>().map_err(|_error| "true or false")?.into(),
        Default::Array(defaults) if matches!(defaults.first(), Some(Default::Integer(_))) => numbers(value)?.into(),
        Default::Array(_) => list(value)?.into(),
        Default::Table(_) => return Err("a section; name one of its settings"),
        Default::Datetime(_) => return Err("nothing that the environment can give"),
    })
}

/// Words between commas or in lines, or a TOML array where a word holds a comma.
fn list(value: &str) -> Result<Vec<String>, &'static str> {
    const EXPECTED: &str = "a list: words between commas, or an array such as [\"a,b\", \"c\"]";
    if value.trim_start().starts_with('[') {
        let table: toml::Table = format!("list = {value}").parse().map_err(|_error| EXPECTED)?;
        let words = table.get("list").and_then(Default::as_array).ok_or(EXPECTED)?;
        let words = words.iter().map(|word| word.as_str().map(str::to_owned));
        return words.collect::<Option<_>>().ok_or(EXPECTED);
    }
    let words = value.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty());
    Ok(words.map(str::to_owned).collect())
}

/// Whole numbers between commas or in lines, or a TOML array of them.
fn numbers(value: &str) -> Result<Vec<i64>, &'static str> {
    const EXPECTED: &str = "a list of whole numbers between commas";
    let inner = value.trim();
    let inner = inner
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(inner);
    let words = list(inner).map_err(|_expected| EXPECTED)?;
    let numbers = words.iter().map(|word| word.parse());
    numbers.collect::<Result<_, _>>().map_err(|_error| EXPECTED)
}

fn key_of(name: &str) -> String {
    name.to_lowercase().replace(SEPARATOR, ".")
}

fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', SEPARATOR))
}

/// Of a list, each value is one.
pub(super) fn is_secret(key: &str) -> bool {
    let setting = key.split_once('[').map_or(key, |(list, _position)| list);
    SECRETS.contains(&setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(variable: &str, value: &str) -> Result<Map<String, Value>, String> {
        let variables = [(OsString::from(variable), OsString::from(value))];
        read(variables.into_iter(), &Shape::of_defaults().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_value_is_read_as_its_setting_has_it() {
        let strings = |words: &[&str]| ValueKind::from(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let cases = [
            ("ASSIZE__WORKER__ID", "worker.id", "00123", ValueKind::from("00123")),
            ("ASSIZE__WORKER__ID", "worker.id", "true", ValueKind::from("true")),
            ("ASSIZE__WORKER__SLOTS", "worker.slots", "4", ValueKind::from(4_i64)),
            (
                "ASSIZE__STORE__ENABLED",
                "store.enabled",
                "false",
                ValueKind::from(false),
            ),
            (
                "ASSIZE__LIMITS__WALL_FACTOR",
                "limits.wall_factor",
                "3",
                ValueKind::from(3.0),
            ),
            (
                "ASSIZE__SANDBOX__WARM_LANGUAGES",
                "sandbox.warm_languages",
                "python3, pypy3",
                strings(&["python3", "pypy3"]),
            ),
            (
                "ASSIZE__SANDBOX__WARM_LANGUAGES",
                "sandbox.warm_languages",
                "",
                strings(&[]),
            ),
            (
                "ASSIZE__LANGUAGES__PYTHON3__COMPILE_ERROR_CODES",
                "languages.python3.compile_error_codes",
                "1, 2",
                ValueKind::from(vec![1_i64, 2]),
            ),
            (
                "ASSIZE__LANGUAGES__PYTHON3__COMPILE_ERROR_CODES",
                "languages.python3.compile_error_codes",
                "[255]",
                ValueKind::from(vec![255_i64]),
            ),
            (
                "ASSIZE__BROKER__URLS",
                "broker.urls",
                "amqp://one/,amqp://other/",
                strings(&["amqp://one/", "amqp://other/"]),
            ),
            (
                "ASSIZE__LANGUAGES__RUBY__ENV",
                "languages.ruby.env",
                r#"["A=1,2", "B=3"]"#,
                strings(&["A=1,2", "B=3"]),
            ),
        ];
        for (variable, key, value, expected) in cases {
            let found = read_one(variable, value).unwrap();
            assert_eq!(found[key].kind, expected, "{variable}={value}");
        }
    }

    #[test]
    fn what_was_meant_otherwise_is_told_with_the_name_that_was_meant() {
        let cases = [
            ("ASSIZE__WORKER__SLOTS", "four", "worker.slots is a whole number"),
            ("ASSIZE__STORE__ENABLED", "yes", "store.enabled is true or false"),
            ("ASSIZE__WORKER__SLOT", "4", "did you mean ASSIZE__WORKER__SLOTS?"),
            ("ASSIZE_WORKER_SLOTS", "4", "did you mean ASSIZE__WORKER__SLOTS?"),
            ("ASSIZE__WORKER_SLOTS", "4", "did you mean ASSIZE__WORKER__SLOTS?"),
            ("ASSIZE__BROKER", "x", "broker is a section"),
            (
                "ASSIZE__SANDBOX__WARM_LANGUAGES",
                "[1]",
                "sandbox.warm_languages is a list",
            ),
            (
                "ASSIZE__BROKER__URL_FILE",
                "/nowhere/url",
                "names /nowhere/url, which cannot be read",
            ),
            ("ASSIZE__BROKER__QUEUE_FILE", "/nowhere/queue", "names no setting"),
        ];
        for (variable, value, expected) in cases {
            let error = read_one(variable, value).unwrap_err();
            assert!(error.contains(variable) && error.contains(expected), "{error}");
        }
        assert!(read_one("ASSIZE_IMAGES", "debian").unwrap().is_empty());
    }

    #[test]
    fn a_secret_comes_from_a_file_and_not_from_two_places() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "amqp://me:hush@rabbit/v\n").unwrap();
        let path = file.path().to_str().unwrap();
        let found = read_one("ASSIZE__BROKER__URL_FILE", path).unwrap();
        assert_eq!(found["broker.url"].kind, ValueKind::from("amqp://me:hush@rabbit/v"));
        let found = read_one("ASSIZE__BROKER__URLS_FILE", path).unwrap();
        let nodes = vec!["amqp://me:hush@rabbit/v".to_owned()];
        assert_eq!(found["broker.urls"].kind, ValueKind::from(nodes));
        let both = [("ASSIZE__BROKER__URL", "amqp://a/"), ("ASSIZE__BROKER__URL_FILE", path)];
        let both = both.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let error = read(both.into_iter(), &Shape::of_defaults().unwrap()).unwrap_err();
        assert!(error.to_string().contains("both give broker.url"), "{error}");
    }
}
