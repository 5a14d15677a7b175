//! Tests of functions: files with calls or asserts, which take the place of `.in` and `.ans` in a problem of this type.

use std::path::Path;

use crate::contract::{FunctionTest, FunctionTestRules, read_function_tests};
use crate::problem::PackageError;
use crate::problem::files::{name_of, start_of};

/// Tests in a file, at most.
const MOST_TESTS: usize = 10_000;

/// A file of tests, in bytes, at most: it is held in memory.
const LARGEST: u64 = 16 << 20;

/// Longest name of a test in a file, in bytes: files of the test are called like it.
const LONGEST_NAME: usize = 200;

const EXTENSIONS: [&str; 2] = [".json", ".jsonl"];

/// The name of a file of tests without its extension; `None` for other files.
pub(in crate::problem) fn function_file(base: &str) -> Option<&str> {
    EXTENSIONS.iter().find_map(|extension| base.strip_suffix(extension))
}

/// Reads the tests of a file, with the names that they have in the package.
pub(in crate::problem) fn read(
    path: &Path,
    name: &str,
    has_validator: bool,
) -> Result<Vec<(String, FunctionTest)>, PackageError> {
    let text = start_of(path, LARGEST + 1)?.unwrap_or_default();
    if text.len() as u64 > LARGEST {
        let message = format!("has more than {LARGEST} bytes, which is too much for a file of tests");
        return Err(PackageError::invalid(path, message));
    }
    let rules = FunctionTestRules {
        has_validator,
        most: MOST_TESTS,
    };
    let tests = read_function_tests(&text, rules).map_err(|error| PackageError::at(path, error.line, error.reason))?;
    if tests.is_empty() {
        return Err(PackageError::invalid(path, "there is no test in it"));
    }
    let named = tests.into_iter().map(|test| {
        let own = test.name();
        if own.len() > LONGEST_NAME {
            let message = format!("the test {own:?} has a name of more than {LONGEST_NAME} bytes");
            return Err(PackageError::invalid(path, message));
        }
        if own.contains('/') || own == "." || own == ".." {
            let message = format!("the test {own:?} has a name that no file could have");
            return Err(PackageError::invalid(path, message));
        }
        Ok((format!("{name}/{own}"), test))
    });
    named.collect()
}

/// All tests are of one kind, since another program of ours runs each.
pub(in crate::problem) fn check_kinds<'a>(
    tests: impl IntoIterator<Item = (&'a Path, &'a FunctionTest)>,
) -> Result<(), PackageError> {
    let mut first = None;
    for (path, test) in tests {
        let is_call = matches!(test, FunctionTest::Call(_));
        let (before, was_call) = *first.get_or_insert((path, is_call));
        if was_call != is_call {
            let kind = |is_call| if is_call { "calls" } else { "asserts" };
            let message = format!(
                "has {}, and {} has {}; the tests of a problem are of one kind",
                kind(is_call),
                name_of(before),
                kind(was_call)
            );
            return Err(PackageError::invalid(path, message));
        }
    }
    Ok(())
}
