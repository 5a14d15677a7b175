//! The name of a library.

use std::fmt;

/// A name as the package index compares them: in lower case, with `-` for every run of `-`, `_` and `.`
/// ([specification](https://packaging.python.org/en/latest/specifications/name-normalization/)).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LibraryName(String);

impl LibraryName {
    /// The name, unless it is none: letters, digits, `-`, `_` and `.`, with a letter or a digit at each end.
    pub fn of(text: &str) -> Option<Self> {
        let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let is_name = text.chars().all(is_inner) && is_end(text.chars().next()) && is_end(text.chars().next_back());
        is_name.then(|| {
            let words = text.split(['-', '_', '.']).filter(|word| !word.is_empty());
            Self(words.collect::<Vec<_>>().join("-").to_ascii_lowercase())
        })
    }

    /// As it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LibraryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
