//! What can be wrong with a package, and where.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde_saphyr::Error as YamlError;
use thiserror::Error;
use zip::result::ZipError;

use crate::checker::FlagError;
use crate::host_fault::host_fault;
use crate::libraries::RequirementError;

/// A package that cannot be judged. Paths are relative to the package where they lie in it.
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
    /// It cannot be unpacked to where it is to go.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// File or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A YAML file does not parse.
    #[error("{}: {message}", Place { path, line: *line })]
    Yaml {
        /// The file.
        path: PathBuf,
        /// Line in the file, counted from 1.
        line: Option<u64>,
        /// What is wrong, in a sentence for an author.
        message: String,
        /// What the parser says.
        source: Box<YamlError>,
    },
    /// An archive cannot be unpacked.
    #[error("{}: {message}: {source}", path.display())]
    Archive {
        /// The archive, or where it is unpacked.
        path: PathBuf,
        /// What is wrong.
        message: String,
        /// What the unpacker says.
        source: ZipError,
    },
    /// The libraries that it asks for cannot be read.
    #[error("{}: {source}", Place { path, line: Some(*line) })]
    Requirements {
        /// The file.
        path: PathBuf,
        /// Line in the file, counted from 1.
        line: u64,
        /// What is wrong with it.
        source: RequirementError,
    },
    /// Arguments of the default output validator cannot be used.
    #[error("{}: {source} (for {test})", path.display())]
    Arguments {
        /// The file that gives them.
        path: PathBuf,
        /// The test case that gets them.
        test: String,
        /// What is wrong.
        source: FlagError,
    },
    /// Something is missing or contradicts the format.
    #[error("{}: {message}", Place { path, line: *line })]
    Invalid {
        /// File or directory.
        path: PathBuf,
        /// Line in the file, counted from 1.
        line: Option<u64>,
        /// What is wrong and what is expected.
        message: String,
    },
}

/// Something that is odd and does not keep the package from being judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// File or directory, relative to the package.
    pub path: PathBuf,
    /// Line in the file, counted from 1.
    pub line: Option<u64>,
    /// What is odd.
    pub message: String,
}

impl PackageError {
    /// About a whole file or directory.
    pub(super) fn invalid(path: &Path, message: impl Into<String>) -> Self {
        Self::at(path, None, message)
    }

    /// About a line of a file.
    pub(super) fn at(path: &Path, line: Option<u64>, message: impl Into<String>) -> Self {
        Self::Invalid {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }

    /// For `map_err` on what the file system says.
    pub(super) fn read(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    /// The same for what is written.
    pub(super) fn write(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// The same mistake, told of the file that the user named.
    pub(super) fn about(mut self, file: &Path) -> Self {
        if !matches!(self, Self::Write { .. }) {
            file.clone_into(self.path_mut());
        }
        self
    }

    /// With its path relative to the package: authors know it by that, and others are not told where it lies. What
    /// cannot be written is a fault of the host.
    pub(super) fn inside(mut self, root: &Path) -> Self {
        if !matches!(self, Self::Write { .. }) {
            let path = self.path_mut();
            *path = below(path, root);
        }
        self
    }

    fn path_mut(&mut self) -> &mut PathBuf {
        match self {
            Self::Read { path, .. }
            | Self::Write { path, .. }
            | Self::Yaml { path, .. }
            | Self::Archive { path, .. }
            | Self::Requirements { path, .. }
            | Self::Arguments { path, .. }
            | Self::Invalid { path, .. } => path,
        }
    }

    /// Whether the host is at fault and not the package: it cannot write, or its disk, descriptors or memory fail it.
    pub(super) fn is_of_the_host(&self) -> bool {
        matches!(self, Self::Write { .. }) || host_fault(self).is_some()
    }
}

/// A part of a package that judging does without: what is wrong with it is a fault of the package, unless the host is to
/// blame.
pub(super) fn or_fault<T>(read: Result<T, PackageError>, faults: &mut Vec<Warning>) -> Result<Option<T>, PackageError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.is_of_the_host() => Err(error),
        Err(error) => {
            faults.push(error.into());
            Ok(None)
        }
    }
}

impl From<PackageError> for Warning {
    /// For a part of a package that judging does not need.
    fn from(mut error: PackageError) -> Self {
        let path = std::mem::take(error.path_mut());
        let (line, message) = match error {
            PackageError::Invalid { line, message, .. } | PackageError::Yaml { line, message, .. } => (line, message),
            PackageError::Read { source, .. } => (None, format!("cannot be read: {source}")),
            PackageError::Write { source, .. } => (None, format!("cannot be written: {source}")),
            PackageError::Archive { message, source, .. } => (None, format!("{message}: {source}")),
            PackageError::Requirements { line, source, .. } => (Some(line), source.to_string()),
            PackageError::Arguments { test, source, .. } => (None, format!("{source} (for {test})")),
        };
        Self { path, line, message }
    }
}

impl Warning {
    /// About a whole file or directory.
    pub(super) fn new(path: &Path, message: impl Into<String>) -> Self {
        Self::at(path, None, message)
    }

    /// About a line of a file.
    pub(super) fn at(path: &Path, line: Option<u64>, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }

    /// With its path relative to the package.
    pub(super) fn inside(mut self, root: &Path) -> Self {
        self.path = below(&self.path, root);
        self
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Place {
            path: &self.path,
            line: self.line,
        };
        write!(f, "{place}: {}", self.message)
    }
}

/// `problem.yaml:3`
struct Place<'a> {
    path: &'a Path,
    line: Option<u64>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

fn below(path: &Path, root: &Path) -> PathBuf {
    match path.strip_prefix(root) {
        Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
        Ok(inside) => inside.to_owned(),
        Err(_outside) => path.to_owned(),
    }
}
