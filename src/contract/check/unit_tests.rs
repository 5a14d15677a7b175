//! Checks of unit tests.

use std::collections::BTreeMap;

use crate::contract::check::fields::wrong;
use crate::contract::check::files::{Check, check_name, check_nesting};
use crate::contract::{
    PytestOptions, Rejected, RejectionCode, SourceFile, SubmissionCaps, UnitTests, is_module_name, is_test_module,
};

/// The field that holds the files.
const FIELD: &str = "pytest";

/// Checks the files of unit tests. Whether they are Python is seen where they are run.
pub(in crate::contract) fn check_units(
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

fn check_module(module: &str) -> Check<()> {
    if is_module_name(module) {
        return Ok(());
    }
    Err(wrong(
        "pytest_options.module".to_owned(),
        "is no name of a module, such as solution",
    ))
}
