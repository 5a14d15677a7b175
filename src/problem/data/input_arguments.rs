//! Arguments of input validators, which may differ from validator to validator.

use std::collections::BTreeMap;

use crate::problem::yaml::Map;
use crate::problem::{PackageError, Warning};

/// Arguments of the input validators for a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputValidatorArgs {
    /// Each of them gets these.
    All(Vec<String>),
    /// By the name of the validator; one that is not named gets none.
    ByName(BTreeMap<String, Vec<String>>),
}

impl Default for InputValidatorArgs {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl InputValidatorArgs {
    /// Those of one validator.
    pub fn of(&self, validator: &str) -> &[String] {
        match self {
            Self::All(args) => args,
            Self::ByName(by_name) => by_name.get(validator).map_or(&[], Vec::as_slice),
        }
    }

    /// `input_validator_args` of 2025-09: a list, or a map from names of validators to lists.
    pub(in crate::problem) fn read(yaml: &Map<'_>, warnings: &mut Vec<Warning>) -> Option<Self> {
        or_warning(named_lists(yaml), warnings)
    }

    /// `input_validator_flags` of the legacy format: a text, or a map with the keys `name` and `flags`.
    pub(in crate::problem) fn of_legacy(yaml: &Map<'_>, warnings: &mut Vec<Warning>) -> Option<Self> {
        let read = legacy_flags(yaml, warnings);
        or_warning(read, warnings)
    }
}

/// Judging does not need them, so that what is wrong about them cannot keep a package from being judged.
fn or_warning(
    read: Result<Option<InputValidatorArgs>, PackageError>,
    warnings: &mut Vec<Warning>,
) -> Option<InputValidatorArgs> {
    read.unwrap_or_else(|error| {
        warnings.push(error.into());
        None
    })
}

fn named_lists(yaml: &Map<'_>) -> Result<Option<InputValidatorArgs>, PackageError> {
    const KEY: &str = "input_validator_args";
    let Some((_, map)) = yaml.maps().find(|(key, _)| *key == KEY) else {
        return Ok(yaml.arguments(KEY)?.map(InputValidatorArgs::All));
    };
    let named = map
        .keys()
        .map(|name| Ok((name.to_owned(), map.arguments(name)?.unwrap_or_default())));
    let named = named.collect::<Result<_, _>>()?;
    Ok(Some(InputValidatorArgs::ByName(named)))
}

fn legacy_flags(yaml: &Map<'_>, warnings: &mut Vec<Warning>) -> Result<Option<InputValidatorArgs>, PackageError> {
    const KEY: &str = "input_validator_flags";
    let Some((_, map)) = yaml.maps().find(|(key, _)| *key == KEY) else {
        return Ok(yaml.flags(KEY, warnings)?.map(InputValidatorArgs::All));
    };
    let flags = map.flags("flags", warnings)?.unwrap_or_default();
    Ok(Some(match map.text("name")? {
        Some(name) => InputValidatorArgs::ByName(BTreeMap::from([(name.to_owned(), flags)])),
        None => InputValidatorArgs::All(flags),
    }))
}
