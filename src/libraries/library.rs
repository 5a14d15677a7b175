//! A library that is installed.

use std::fmt;
use std::str::FromStr;

use pep440_rs::Version;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::libraries::LibraryName;

/// A library in an environment, as settings name it: `numpy==2.2.4`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Library {
    /// Its name.
    pub name: LibraryName,
    /// Its version.
    pub version: Version,
}

/// A text that names no library with its version.
#[derive(Debug, Error)]
#[error("{text:?} is no library with its version; write it as \"numpy==2.2.4\"")]
pub struct LibraryError {
    text: String,
}

impl FromStr for Library {
    type Err = LibraryError;

    fn from_str(text: &str) -> Result<Self, LibraryError> {
        let parts = || {
            let (name, version) = text.split_once("==")?;
            Some(Self {
                name: LibraryName::of(name.trim())?,
                version: version.trim().parse().ok()?,
            })
        };
        parts().ok_or_else(|| LibraryError { text: text.to_owned() })
    }
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=={}", self.name, self.version)
    }
}

impl TryFrom<String> for Library {
    type Error = LibraryError;

    fn try_from(text: String) -> Result<Self, LibraryError> {
        text.parse()
    }
}

impl From<Library> for String {
    fn from(library: Library) -> Self {
        library.to_string()
    }
}
