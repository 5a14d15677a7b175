//! What can be wrong with a line of a file of requirements.

use pep440_rs::VersionSpecifiersParseError;
use thiserror::Error;

use crate::libraries::LibraryName;

/// Libraries in one file, at most.
pub(super) const MOST: usize = 200;

/// A file of requirements that cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line}: {source}")]
pub struct RequirementsError {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// What is wrong, and what is expected.
    pub source: RequirementError,
}

/// A line that asks for no library, or not in a way that everyone reads alike.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RequirementError {
    /// It tells an installer something else.
    #[error("{0:?} is an option; only names of libraries and their versions can stand here")]
    Option(String),
    /// It names nothing.
    #[error("{0:?} begins with no name of a library; write it as numpy>=2")]
    NoName(String),
    /// A part that was not closed.
    #[error("has a [ without its ]")]
    OpenExtras,
    /// A part that names nothing.
    #[error("{0:?} is no name between [ and ]; write it as numpy[extra]")]
    NoExtra(String),
    /// It says where the library lies.
    #[error("names a place; libraries come from a package index, or from the directory of --wheels")]
    Place,
    /// What stands behind the name is something else.
    #[error("{text:?} are no versions: {}", first_line(error))]
    Versions {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        error: VersionSpecifiersParseError,
    },
    /// What stands behind the versions is something else.
    #[error("{0:?} stands where only hashes can; write them behind the version, as --hash=sha256:0123abcd")]
    NoHash(String),
    /// Two lines ask for the same library.
    #[error("{0} is asked for twice")]
    Twice(LibraryName),
    /// There are more than an image can have.
    #[error("more than {MOST} libraries are asked for")]
    TooMany,
    /// It may be two lines.
    #[error("has the character U+{:04X}, at which a line may end or not; end lines with U+000A only", u32::from(*.0))]
    LineEnd(char),
    /// The next line may belong to its comment.
    #[error("has a comment that ends with a backslash, in which the next line may be or not; remove it")]
    CommentGoesOn,
}

/// The parser draws where it is on lines of their own.
fn first_line(error: &VersionSpecifiersParseError) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_end_matches(':').to_owned()
}
