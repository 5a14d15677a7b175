//! Settings that name what other settings say.

use crate::config::Settings;
use crate::config::range_error::{RangeError, require};

/// Checks that every language that is named is there.
pub(super) fn check(settings: &Settings) -> Result<(), RangeError> {
    let warm = settings.sandbox.warm_languages.iter();
    let named = [
        ("judge.default_language", &settings.judge.default_language),
        ("validators.language", &settings.validators.language),
    ];
    let warm = warm.map(|name| ("sandbox.warm_languages", name));
    named
        .into_iter()
        .chain(warm)
        .try_for_each(|(key, name)| language(settings, key, name))
}

fn language(settings: &Settings, key: &str, name: &str) -> Result<(), RangeError> {
    require(settings.languages.contains_key(name), key, || {
        let known: Vec<&str> = settings.languages.keys().map(String::as_str).collect();
        format!("there is no [languages.{name}]; the languages are {}", known.join(", "))
    })
}
