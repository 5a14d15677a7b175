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
        .try_for_each(|(key, name)| language(settings, key, name))?;
    environments(settings)
}

/// Each is that of a language, or takes the place of one that is.
fn environments(settings: &Settings) -> Result<(), RangeError> {
    for (name, environment) in &settings.environments {
        let base = &environment.base;
        let is_of_a_language = |name: &String| {
            settings
                .languages
                .values()
                .any(|language| language.environment == *name)
        };
        require(
            base.is_empty() || is_of_a_language(base),
            &format!("environments.{name}.base"),
            || format!("{base:?} is the environment of no language"),
        )?;
        require(base != name, &format!("environments.{name}.base"), || {
            "it is the environment itself; leave it empty, or name another one".to_owned()
        })?;
    }
    Ok(())
}

fn language(settings: &Settings, key: &str, name: &str) -> Result<(), RangeError> {
    require(settings.languages.contains_key(name), key, || {
        let known: Vec<&str> = settings.languages.keys().map(String::as_str).collect();
        format!("there is no [languages.{name}]; the languages are {}", known.join(", "))
    })
}
