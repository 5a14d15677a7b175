//! Tests of functions in a file of a problem package.

use crate::contract::check::asserts::{check_asks, check_count, check_one, test_of};
use crate::contract::check::calls::check_call;
use crate::contract::check::fields::wrong;
use crate::contract::check::files::check_names;
use crate::contract::check::functional::check_functional;
use crate::contract::test_cases::call::CompareMode;
use crate::contract::test_cases::call_test::{AssertTest, CallTest};
use crate::contract::test_cases::test_file::elements;
use crate::contract::{Compare, InlineTest, Rejected, TestFile};

/// A test of a function.
#[derive(Debug, Clone, PartialEq)]
pub enum FunctionTest {
    /// It calls one.
    Call(Box<CallTest>),
    /// It is code that uses some.
    Asserts(AssertTest),
}

/// What is wrong in a file of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionTestError {
    /// The line where the test begins, counted from 1, if it is one test.
    pub line: Option<u64>,
    /// What is wrong and what is expected.
    pub reason: String,
}

/// How the tests of a file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionTestRules {
    /// The package has an output validator. It judges the tests that do not say otherwise.
    pub has_validator: bool,
    /// Tests in a file, at most.
    pub most: usize,
}

impl FunctionTestError {
    /// What was rejected, in the test that begins at a line or in the whole file.
    fn at(line: Option<u64>) -> impl Fn(Rejected) -> Self + Copy {
        move |rejected| Self {
            line,
            reason: rejected.shortened().to_string(),
        }
    }
}

impl FunctionTest {
    /// Its name in the file.
    pub fn name(&self) -> &str {
        match self {
            Self::Call(call) => &call.name,
            Self::Asserts(asserts) => &asserts.name,
        }
    }

    /// What it takes up in memory, in bytes, at least.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Call(call) => call.bytes(),
            Self::Asserts(asserts) => asserts.code.len(),
        }
    }
}

/// Reads the tests of a file: those of an array, one on each line, an array of asserts, or calls of one function.
///
/// # Errors
/// The first mistake that is found, with its line.
pub fn read_function_tests(text: &str, rules: FunctionTestRules) -> Result<Vec<FunctionTest>, FunctionTestError> {
    let whole = FunctionTestError::at(None);
    match TestFile::read_whole(text).map_err(whole)? {
        None => read_list(text, rules),
        Some(TestFile::Asserts(asserts)) => {
            check_count(&asserts, rules.most).map_err(whole)?;
            read_asserts(text, asserts)
        }
        Some(TestFile::Functional(functional)) => {
            let tests = check_functional(functional, rules.most).map_err(whole)?;
            Ok(tests
                .into_iter()
                .map(|test| FunctionTest::Call(Box::new(test)))
                .collect())
        }
        Some(TestFile::Units(_) | TestFile::Tests(_)) => Err(FunctionTestError {
            line: None,
            reason: "unit tests of a package are files of their own, called test_NAME.py".to_owned(),
        }),
    }
}

/// An array of asserts, each of which has a line.
fn read_asserts(text: &str, asserts: Vec<String>) -> Result<Vec<FunctionTest>, FunctionTestError> {
    let places = elements(text).map_err(FunctionTestError::at(None))?;
    let numbered = asserts.into_iter().enumerate().zip(places);
    numbered
        .map(|(numbered, place)| {
            let test = test_of(numbered).map_err(FunctionTestError::at(Some(place.line)))?;
            Ok(FunctionTest::Asserts(test))
        })
        .collect()
}

fn read_list(text: &str, rules: FunctionTestRules) -> Result<Vec<FunctionTest>, FunctionTestError> {
    let elements = elements(text).map_err(FunctionTestError::at(None))?;
    if elements.len() > rules.most {
        let reason = format!("{} tests, at most {} are allowed", elements.len(), rules.most);
        return Err(FunctionTestError { line: None, reason });
    }
    let mut tests = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let wrong = FunctionTestError::at(Some(element.line));
        let test = element.read().map_err(|rejected| {
            // The line is counted within the file.
            let field = rejected
                .field
                .and_then(|field| Some(field.split_once(", ")?.1.to_owned()));
            wrong(Rejected { field, ..rejected })
        })?;
        tests.push(checked(index, test, rules).map_err(wrong)?);
    }
    let names = tests.iter().map(|test| test.name().to_owned());
    check_names("tests", names).map_err(FunctionTestError::at(None))?;
    Ok(tests)
}

fn checked(index: usize, mut test: InlineTest, rules: FunctionTestRules) -> Result<FunctionTest, Rejected> {
    let name = test.name_or_number(index);
    let field = format!("[{index}]");
    if test.asserts.is_some() {
        let test = check_one(&field, name, test)?;
        check_asks(format!("{field}.asserts"), &test)?;
        return Ok(FunctionTest::Asserts(test));
    }
    let is_left_to_validator = rules.has_validator && test.compare.is_none() && test.raises.is_none();
    if is_left_to_validator && test.expect_args.is_none() {
        test.compare = Some(Compare {
            mode: CompareMode::Validator,
            ..Compare::default()
        });
    }
    let call = check_call(&field, name, test)?;
    if call.comparison.is_none() && !rules.has_validator {
        let reason = "validator wants an output validator in the package, and there is none";
        return Err(wrong(format!("{field}.compare.mode"), reason));
    }
    Ok(FunctionTest::Call(Box::new(call)))
}
