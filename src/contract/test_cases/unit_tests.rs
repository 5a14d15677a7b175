//! Unit tests: modules for pytest that come with a submission.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::SourceFile;

/// How unit tests see the program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PytestOptions {
    /// The module that the tests import the program as; without it `solution`, and the name of its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub module: Option<String>,
    /// Whether only values can be equal, which is the default: an object of the program equals no value and is compared
    /// with no other. Without it the program says whether its objects are equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
}

/// Unit tests, after they were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitTests {
    /// Their files; names are unique, relative and safe to join to a directory.
    pub files: Vec<SourceFile>,
    /// The module that they import the program as, where it is given.
    pub module: Option<String>,
    /// Whether only values can be equal.
    pub strict: bool,
}

/// The module that tests import the program as, whatever its file is called.
pub const USUAL_MODULE: &str = "solution";

/// Whether pytest looks for tests in a file of this name.
pub fn is_test_module(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.strip_suffix(".py")
        .is_some_and(|stem| stem.starts_with("test_") || stem.ends_with("_test"))
}

/// Whether tests can import a module of this name.
pub fn is_module_name(name: &str) -> bool {
    let mut characters = name.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_');
    begins && characters.all(|next| next.is_alphanumeric() || next == '_')
}
