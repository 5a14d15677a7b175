//! Settings that name what other settings say.

use crate::config::Settings;
use crate::config::range_error::{RangeError, require};
use crate::nearest::did_you_mean;

/// Checks that every language that is named is there.
pub(super) fn check(settings: &Settings) -> Result<(), RangeError> {
    let warm = settings.sandbox.warm_languages.iter();
    let named = [
        ("judge.default_language", &settings.judge.default_language),
        ("validators.language", &settings.validators.language),
    ];
    let warm = warm.map(|name| ("sandbox.warm_languages", name));
    let python = Some(("verify.python", &settings.verify.python)).filter(|(_, name)| !name.is_empty());
    named
        .into_iter()
        .chain(python)
        .chain(warm)
        .try_for_each(|(key, name)| language(settings, key, name))?;
    environments(settings)
}

/// Each is that of a language, or takes the place of one that is.
fn environments(settings: &Settings) -> Result<(), RangeError> {
    for (name, environment) in &settings.environments {
        let base = &environment.base;
        let of_languages = || settings.languages.values().map(|language| &language.environment);
        require(
            base.is_empty() || of_languages().any(|known| known == base),
            &format!("environments.{name}.base"),
            || {
                let meant = did_you_mean(base, of_languages());
                format!("{base:?} is the environment of no language{meant}")
            },
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
        let meant = did_you_mean(name, &known);
        format!(
            "there is no [languages.{name}]{meant}; the languages are {}",
            known.join(", ")
        )
    })
}
