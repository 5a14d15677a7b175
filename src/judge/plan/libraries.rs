//! The environment with the libraries that a problem asks for, in the place of that of the language.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::config::{EnvironmentSettings, JudgingSettings, LanguageSettings};
use crate::judge::{Judge, JudgeError, MissingLibraries};
use crate::problem::{Package, glob_matches};

type Environments = BTreeMap<String, EnvironmentSettings>;

impl Judge {
    /// The language as submissions to this problem are run in it. What is compiled uses no libraries of Python.
    pub(super) fn with_libraries<'a>(
        &self,
        language: &'a LanguageSettings,
        package: Option<&Package>,
    ) -> Result<Cow<'a, LanguageSettings>, JudgeError> {
        let Some(package) = package.filter(|_package| !language.is_compiled()) else {
            return Ok(Cow::Borrowed(language));
        };
        let chosen = choose(&self.options.environments, &language.environment, package);
        let chosen = chosen.map_err(|source| JudgeError::Libraries {
            problem: package.id.clone(),
            source,
        })?;
        Ok(match chosen {
            Some((name, environment)) => Cow::Owned(language.moved_to(name, environment)),
            None => Cow::Borrowed(language),
        })
    }
}

/// Whether programs in the default language find what a package asks for.
///
/// # Errors
/// Says what is missing, and how to get it.
pub fn check_libraries(settings: &JudgingSettings, package: &Package) -> Result<(), MissingLibraries> {
    let environment = settings.default_language().map_or("", |language| &language.environment);
    choose(&settings.environments, environment, package).map(drop)
}

/// The environment that takes the place of `usual`; none where that one will do, or where nothing is known of it.
fn choose<'a>(
    environments: &'a Environments,
    usual: &str,
    package: &Package,
) -> Result<Option<(&'a String, &'a EnvironmentSettings)>, MissingLibraries> {
    let Some(known) = environments.get(usual) else {
        return Ok(None);
    };
    let others = || {
        environments
            .iter()
            .filter(|(_name, other)| other.takes_the_place_of(usual))
    };
    let is_named =
        |(_name, other): &(_, &EnvironmentSettings)| other.problems.iter().any(|glob| glob_matches(glob, &package.id));
    let has_all =
        |environment: &EnvironmentSettings| package.requirements.missing_from(&environment.packages).is_empty();
    let named = others().find(is_named);
    if named.is_none() && has_all(known) {
        return Ok(None);
    }
    let found = match named {
        Some(named) => Some(named).filter(|(_name, named)| has_all(named)),
        None => others().find(|(_name, other)| has_all(other)),
    };
    found.map(Some).ok_or_else(|| {
        let looked_in = match named {
            Some((name, named)) => vec![(name.as_str(), named)],
            None => std::iter::once((usual, known))
                .chain(others().map(|(name, other)| (name.as_str(), other)))
                .collect(),
        };
        MissingLibraries::of(package, &looked_in)
    })
}
