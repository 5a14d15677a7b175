//! One library that is asked for.

use std::fmt;

use pep440_rs::VersionSpecifiers;

use crate::libraries::{Library, LibraryName, RequirementError};

/// A library that is asked for, in some of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub name: LibraryName,
    /// Versions that will do; empty: every one.
    versions: VersionSpecifiers,
    /// Groups of more libraries, by their names.
    extras: Vec<LibraryName>,
    /// As it was written, without hashes.
    text: String,
    /// Behind `;`: when it is needed at all.
    pub condition: Option<String>,
    /// Digests of its wheels, such as `sha256:00`; empty: every wheel will do.
    pub hashes: Vec<String>,
}

impl Requirement {
    /// Reads one, without hashes and comments; else says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, RequirementError> {
        let (wanted, condition) = match text.split_once(';') {
            Some((wanted, condition)) => (wanted.trim(), Some(condition.trim().to_owned())),
            None => (text.trim(), None),
        };
        let behind = wanted.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
        let (name, rest) = wanted.split_at(behind.unwrap_or(wanted.len()));
        let name = LibraryName::of(name).ok_or_else(|| RequirementError::NoName(wanted.to_owned()))?;
        let (extras, rest) = extras(rest.trim())?;
        let versions = versions(rest)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self {
            name,
            versions,
            extras,
            text,
            condition,
            hashes: Vec::new(),
        })
    }

    /// What an installer is told: made of what was understood, so that it reads nothing else. Without condition and hashes.
    pub fn exact(&self) -> String {
        let extras: Vec<&str> = self.extras.iter().map(LibraryName::as_str).collect();
        let extras = if extras.is_empty() {
            String::new()
        } else {
            format!("[{}]", extras.join(","))
        };
        format!("{}{extras}{}", self.name, self.versions)
    }

    /// Whether this library will do.
    pub fn is_satisfied_by(&self, library: &Library) -> bool {
        self.name == library.name && self.versions.contains(&library.version)
    }
}

/// `[extra1, extra2]` are more libraries, which only an installer knows. The rest stands behind them.
fn extras(rest: &str) -> Result<(Vec<LibraryName>, &str), RequirementError> {
    let Some(inside) = rest.strip_prefix('[') else {
        return Ok((Vec::new(), rest));
    };
    let (names, behind) = inside.split_once(']').ok_or(RequirementError::OpenExtras)?;
    let extra = |name: &str| LibraryName::of(name.trim()).ok_or_else(|| RequirementError::NoExtra(name.to_owned()));
    let names = names.split(',').filter(|name| !name.trim().is_empty());
    Ok((names.map(extra).collect::<Result<_, _>>()?, behind.trim()))
}

fn versions(text: &str) -> Result<VersionSpecifiers, RequirementError> {
    if text.starts_with('@') || text.contains("://") {
        return Err(RequirementError::Place);
    }
    let inside = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .unwrap_or(text);
    inside.parse().map_err(|error| RequirementError::Versions {
        text: inside.to_owned(),
        error,
    })
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
