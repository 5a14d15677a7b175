//! What an image and its environment are called.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Characters of a name, at most.
const LONGEST: usize = 40;

/// What tells the libraries of one image from those of another, such as `graphs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name(String);

/// A text that no image can be called.
#[derive(Debug, Error)]
#[error(
    "{0:?} cannot be part of the name of an image; use at most {LONGEST} of a-z and 0-9, with single - between them"
)]
pub(super) struct NameError(String);

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let is_word = |word: &str| {
            let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            !word.is_empty() && word.chars().all(is_allowed)
        };
        if text.len() <= LONGEST && text.split('-').all(is_word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError(text.to_owned()))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
