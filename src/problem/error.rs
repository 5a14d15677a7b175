//! What can be wrong with a package, and where.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A package that cannot be judged. Every variant names the file.
#[derive(Debug, Error)]
pub enum PackageError {
    /// It cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// File or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The YAML is wrong.
    #[error("{}: {message}", path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// Something is missing or contradicts the format.
    #[error("{}: {message}", path.display())]
    Invalid {
        /// File or directory.
        path: PathBuf,
        /// What is wrong and what is expected.
        message: String,
    },
}

impl PackageError {
    /// The same mistake, told of the file that the user named.
    pub(super) fn at(self, path: &Path) -> Self {
        let path = path.to_owned();
        match self {
            Self::Read { source, .. } => Self::Read { path, source },
            Self::Yaml { message, .. } => Self::Yaml { path, message },
            Self::Invalid { message, .. } => Self::Invalid { path, message },
        }
    }
}

/// Something that is odd and does not keep the package from being judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// File or directory.
    pub path: PathBuf,
    /// What is odd.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message)
    }
}
