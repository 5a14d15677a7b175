//! Findings about a package that need no run of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::cli::units::counted;
use crate::config::{LimitSettings, PackageCeiling, ValidatorSettings};
use crate::contract::{FunctionTest, InlineTest};
use crate::problem::{Kind, Package, TestCase, TestedBy};

/// An error or a warning for the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// The author has to correct it.
    Error(String),
    /// It is allowed, and probably not meant.
    Warning(String),
}

/// What is odd about a file of test data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Contents {
    digest: [u8; 32],
    has_crlf: bool,
}

/// Group, whether it is a sample, digest of the input, arguments: tests that agree in these are the same.
type Sameness<'a> = (String, bool, [u8; 32], &'a [String]);

pub(super) fn of_package(package: &Package, limits: &LimitSettings, validators: &ValidatorSettings) -> Vec<Finding> {
    let lowered = package.limits.above(&PackageCeiling::of(limits, validators));
    let mut warnings: Vec<String> = package.warnings.iter().map(ToString::to_string).collect();
    warnings.extend(lowered.iter().map(ToString::to_string));
    if !package.is_named {
        warnings.push("problem.yaml: has no name".to_owned());
    }
    warnings.extend(of_data(package));
    warnings.extend(piped(package, limits.file_bytes));
    let mut found: Vec<Finding> = warnings.into_iter().map(Finding::Warning).collect();
    found.extend(package.faults.iter().map(|fault| Finding::Error(fault.to_string())));
    if package.examples.is_empty() {
        found.push(Finding::Error(
            "submissions: there are none, so nothing is verified".to_owned(),
        ));
    }
    found
}

/// Duplicate tests, and line ends of Windows.
fn of_data(package: &Package) -> Vec<String> {
    if package.tested_by == TestedBy::UnitTests {
        // Modules are read by Python, for which both ends are the same.
        return Vec::new();
    }
    let mut seen: HashMap<Sameness<'_>, (&TestCase, PathBuf)> = HashMap::new();
    let mut warnings = Vec::new();
    let mut with_crlf = Vec::new();
    for test in &package.tests {
        let Ok(input) = contents_of(test) else { continue };
        let answer = test.answer.as_deref().map(contents).transpose().ok().flatten();
        if input.has_crlf || answer.is_some_and(|answer| answer.has_crlf) {
            with_crlf.push(test.name.as_str());
        }
        let (file, group) = (file_of(test), group_of(test, &package.kind));
        // Samples are often repeated among the secret tests.
        match seen.entry((group, test.sample, input.digest, &test.args)) {
            Entry::Vacant(entry) => {
                entry.insert((test, file));
            }
            Entry::Occupied(entry) => {
                let (first, path) = entry.get();
                if *path != file {
                    warnings.push(format!("data/{}: has the same input as {}", test.name, first.name));
                }
            }
        }
    }
    warnings.extend(line_ends(&with_crlf));
    warnings
}

/// One warning for all inputs that are no files for a program.
fn piped(package: &Package, file_bytes: u64) -> Option<String> {
    let size = |test: &TestCase| std::fs::metadata(&test.input).map_or(0, |found| found.len());
    let are_read = package.tested_by == TestedBy::Inputs && !package.interactive;
    let is_piped = |test: &&TestCase| are_read && size(test) > file_bytes;
    let mut piped = package.tests.iter().filter(is_piped);
    let (first, more) = (piped.next()?, piped.count());
    let more = match more {
        0 => String::new(),
        count => format!(", and so has {}", counted(count, "other test")),
    };
    Some(format!(
        "data/{}: has an input of more than {file_bytes} bytes (limits.file_bytes){more}; it comes through a pipe, in which a \
         program cannot seek",
        first.name
    ))
}

/// The file that a test is read from, with its links resolved: a test that is a link to another one, or that counts in
/// several groups, is the same on purpose.
fn file_of(test: &TestCase) -> PathBuf {
    match &test.function {
        Some(_) => PathBuf::from(&test.name),
        None => std::fs::canonicalize(&test.input).unwrap_or_else(|_| test.input.clone()),
    }
}

/// The group within which two tests should differ.
fn group_of(test: &TestCase, kind: &Kind) -> String {
    match kind {
        Kind::PassFail => String::new(),
        Kind::Scoring { .. } => test.name.rsplit_once('/').map_or("", |(group, _)| group).to_owned(),
    }
}

/// One warning for all tests with line ends of Windows.
fn line_ends(with_crlf: &[&str]) -> Option<String> {
    let (first, others) = with_crlf.split_first()?;
    let more = match others.len() {
        0 => String::new(),
        count => format!(", and so have {count} more"),
    };
    Some(format!(
        "data/{first}: has lines that end in CR LF{more}; programs read the CR"
    ))
}

/// What a test gives to a submission.
fn contents_of(test: &TestCase) -> io::Result<Contents> {
    let given = match &test.function {
        None => return contents(&test.input),
        Some(FunctionTest::Asserts(asserts)) => format!("{:?}", (&asserts.code, &asserts.function)),
        Some(FunctionTest::Call(call)) => {
            let InlineTest {
                input,
                call,
                args,
                kwargs,
                ..
            } = &call.message;
            format!("{:?}", (input, call, args, kwargs))
        }
    };
    Ok(Contents {
        digest: Sha256::digest(given).into(),
        has_crlf: false,
    })
}

/// Read in pieces: test data may be larger than memory.
fn contents(path: &Path) -> io::Result<Contents> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let (mut last, mut has_crlf) = (0, false);
    loop {
        let length = file.read(&mut buffer)?;
        let Some(piece @ [first, ..]) = buffer.get(..length).filter(|piece| !piece.is_empty()) else {
            let digest = digest.finalize().into();
            return Ok(Contents { digest, has_crlf });
        };
        has_crlf |= last == b'\r' && *first == b'\n' || piece.windows(2).any(|pair| pair == b"\r\n");
        last = piece[length - 1];
        digest.update(piece);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn messages_of(files: &[(&str, &str)]) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let package = Package::load(directory.path()).unwrap();
        let settings = crate::config::load(None).unwrap();
        let limits = LimitSettings {
            file_bytes: 5,
            ..settings.limits
        };
        let found = of_package(&package, &limits, &settings.validators).into_iter();
        found
            .map(|(Finding::Error(message) | Finding::Warning(message))| message)
            .collect()
    }

    #[test]
    fn a_package_without_name_with_duplicates_and_with_foreign_line_ends_is_told_so() {
        let messages = messages_of(&[
            ("problem.yaml", "limits: {time_limit: 1}\n"),
            ("data/sample/1.in", "1 2\n"),
            ("data/sample/1.ans", "3\n"),
            ("data/secret/1.in", "1 2\n"),
            ("data/secret/1.ans", "3\n"),
            ("data/secret/2.in", "5 2\r\n"),
            ("data/secret/2.ans", "7\n"),
            ("data/secret/3.in", "1 2\n"),
            ("data/secret/3.ans", "3\n"),
            ("data/secret/4.in", "7 2\n"),
            ("data/secret/4.ans", "9\r\n"),
            ("data/secret/5.in", "7 200\n"),
            ("data/secret/5.ans", "207\n"),
        ]);
        for part in [
            "has no name",
            "data/secret/3: has the same input as secret/1",
            "data/secret/2: has lines that end in CR LF, and so have 1 more",
            "there are none, so nothing is verified",
            "data/secret/5: has an input of more than 5 bytes (limits.file_bytes); it comes through a pipe",
        ] {
            assert!(messages.iter().any(|it| it.contains(part)), "{part}: {messages:#?}");
        }
    }
}
