//! One library that is asked for.

use std::fmt;

use pep440_rs::VersionSpecifiers;

use crate::libraries::{Library, LibraryName};

/// A library that is asked for, in some of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub name: LibraryName,
    /// Versions that will do; empty: every one.
    versions: VersionSpecifiers,
    /// As it was written, without hashes.
    text: String,
    /// Behind `;`: when it is needed at all.
    pub condition: Option<String>,
}

impl Requirement {
    /// Reads one, without hashes and comments; else says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let (wanted, condition) = match text.split_once(';') {
            Some((wanted, condition)) => (wanted.trim(), Some(condition.trim().to_owned())),
            None => (text.trim(), None),
        };
        let behind = wanted.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
        let (name, rest) = wanted.split_at(behind.unwrap_or(wanted.len()));
        let name = LibraryName::of(name)
            .ok_or_else(|| format!("{wanted:?} begins with no name of a library; write it as numpy>=2"))?;
        let versions = versions(without_extras(rest.trim())?)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self {
            name,
            versions,
            text,
            condition,
        })
    }

    /// Whether this library will do.
    pub fn is_satisfied_by(&self, library: &Library) -> bool {
        self.name == library.name && self.versions.contains(&library.version)
    }
}

/// `[extra1, extra2]` are more libraries, which only an installer knows.
fn without_extras(rest: &str) -> Result<&str, String> {
    match rest.strip_prefix('[') {
        None => Ok(rest),
        Some(inside) => match inside.split_once(']') {
            Some((_extras, behind)) => Ok(behind.trim()),
            None => Err("has a [ without its ]".to_owned()),
        },
    }
}

fn versions(text: &str) -> Result<VersionSpecifiers, String> {
    if text.starts_with('@') || text.contains("://") {
        return Err("names a place; libraries come from a package index, or from the directory of --wheels".to_owned());
    }
    let inside = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .unwrap_or(text);
    let wrong = |error| format!("{inside:?} are no versions: {error}");
    inside
        .parse()
        .map_err(|error: pep440_rs::VersionSpecifiersParseError| wrong(one_line(&error.to_string())))
}

/// The parser draws where it is on lines of their own.
fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end_matches(':').to_owned()
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
