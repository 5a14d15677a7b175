//! Unit tests: modules for pytest that come with a submission.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::check_calls::wrong;
use crate::contract::check_files::{Check, check_name, check_nesting};
use crate::contract::{Rejected, RejectionCode, SourceFile, SubmissionCaps};

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
    /// The module that they import the program as, if they say so.
    pub module: Option<String>,
    /// Whether only values can be equal.
    pub strict: bool,
}

/// The module that tests import the program as, whatever its file is called.
pub const USUAL_MODULE: &str = "solution";

/// The field that holds the files.
const FIELD: &str = "pytest";

/// Checks the files of unit tests. Whether they are Python is seen where they are run.
pub(super) fn check_units(
    files: BTreeMap<String, String>,
    options: Option<PytestOptions>,
    caps: &SubmissionCaps,
) -> Check<UnitTests> {
    let too_large = |reason: String| Rejected::new(RejectionCode::TooLarge, Some(FIELD.to_owned()), reason);
    if files.len() > caps.files {
        let reason = format!("{} files, at most {} are allowed", files.len(), caps.files);
        return Err(too_large(reason));
    }
    let bytes: usize = files.values().map(String::len).sum();
    if bytes > caps.source_bytes {
        let reason = format!(
            "the files have {bytes} bytes together, at most {} are allowed",
            caps.source_bytes
        );
        return Err(too_large(reason));
    }
    for name in files.keys() {
        check_name(name).map_err(|reason| Rejected::new(RejectionCode::FileName, Some(FIELD.to_owned()), reason))?;
    }
    if !files.keys().any(|name| is_test_module(name)) {
        return Err(wrong(
            FIELD.to_owned(),
            "none of the files is called test_NAME.py or NAME_test.py, as pytest wants it",
        ));
    }
    let PytestOptions { module, strict } = options.unwrap_or_default();
    if let Some(module) = &module {
        check_module(module)?;
    }
    let files: Vec<SourceFile> = files
        .into_iter()
        .map(|(name, content)| SourceFile {
            name,
            content: content.into_bytes(),
        })
        .collect();
    check_nesting(|_index| FIELD.to_owned(), &files)?;
    Ok(UnitTests {
        files,
        module,
        strict: strict.unwrap_or(true),
    })
}

/// Whether pytest looks for tests in a file of this name.
pub fn is_test_module(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.strip_suffix(".py")
        .is_some_and(|stem| stem.starts_with("test_") || stem.ends_with("_test"))
}

fn check_module(module: &str) -> Check<()> {
    if is_module_name(module) {
        return Ok(());
    }
    Err(wrong(
        "pytest_options.module".to_owned(),
        "is no name of a module, such as solution",
    ))
}

/// Whether tests can import a module of this name.
pub fn is_module_name(name: &str) -> bool {
    let mut characters = name.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_');
    begins && characters.all(|next| next.is_alphanumeric() || next == '_')
}
