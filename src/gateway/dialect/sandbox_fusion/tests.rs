//! The tests of a row: of programs that read and print, of functions, asserts, or modules for pytest.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::{Functional, InlineTest, SubmissionRequest, read_as};
use crate::gateway::dialect::sandbox_fusion::cases::{Case, cases_in, row_of, wrong};
use crate::gateway::refusal::Refusal;

/// Name of a module of tests that has none.
pub(super) const TEST_MODULE: &str = "test_code.py";

/// Tests of a program.
#[derive(Debug, Clone)]
pub(super) enum Tests {
    /// It reads and prints.
    Programs(Vec<Case>),
    /// A function of it is called.
    Functional(Functional),
    /// Something is asserted about it.
    Asserts(Vec<InlineTest>),
    /// pytest runs modules of tests.
    Units(BTreeMap<String, String>),
}

impl Tests {
    /// Makes them what a submission is judged against. Numbers may differ by a part of their size, where outputs are text.
    pub(super) fn put_into(self, request: &mut SubmissionRequest, tolerance: &str) {
        match self {
            Self::Programs(cases) => {
                request.tests = Some(cases.into_iter().map(Case::into_test).collect());
                request.validator_flags = vec!["float_relative_tolerance".to_owned(), tolerance.to_owned()];
            }
            Self::Functional(functional) => request.functional = Some(functional),
            Self::Asserts(tests) => request.tests = Some(tests),
            Self::Units(files) => request.pytest = Some(files),
        }
    }

    /// What is shown of the test with this index.
    pub(super) fn info(&self, index: usize) -> Value {
        match self {
            Self::Programs(cases) => cases.get(index).map_or(Value::Null, Case::info),
            Self::Asserts(tests) => tests
                .get(index)
                .map_or(Value::Null, |test| json!({ "assert": test.asserts })),
            Self::Functional(_) | Self::Units(_) => Value::Null,
        }
    }
}

/// The tests of `config.provided_data`: of the row with this id, where there are several.
///
/// - `test` as a text is the code of HumanEval's `check(candidate)` about `entry_point`, of asserts, or of tests for
///   pytest; `pytest` has files by their names; `test_list` has asserts, as MBPP does.
/// - `test_cases` with `fn_name` calls that function.
/// - Everything else is inputs and outputs.
pub(super) fn tests_of(data: &Value, id: &Value) -> Result<Tests, Refusal> {
    let row = row_of(data, id)?;
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    if let Some(files) = row.get("pytest").and_then(Value::as_object) {
        return units(files);
    }
    if let Some(code) = text("test") {
        return Ok(of_code(code, text("entry_point")));
    }
    if let Some(list) = row.get("test_list").and_then(Value::as_array) {
        return asserts(list, text("test_setup_code").unwrap_or_default());
    }
    match row.get("test_cases").filter(|cases| is_called(cases)) {
        Some(cases) => functional(cases),
        None => cases_in(row).map(Tests::Programs),
    }
}

fn is_called(cases: &Value) -> bool {
    cases.get("fn_name").is_some_and(Value::is_string)
}

fn units(files: &serde_json::Map<String, Value>) -> Result<Tests, Refusal> {
    let file = |(name, content): (&String, &Value)| Some((name.clone(), content.as_str()?.to_owned()));
    let read: Option<BTreeMap<_, _>> = files.iter().map(file).collect();
    read.map(Tests::Units)
        .ok_or_else(|| wrong("has files in pytest that are no texts"))
}

fn of_code(code: &str, entry_point: Option<&str>) -> Tests {
    let is_test = |line: &str| line.trim_start().starts_with("def test") || line.starts_with("class Test");
    if entry_point.is_none() && code.lines().any(is_test) {
        return Tests::Units(BTreeMap::from([(TEST_MODULE.to_owned(), code.to_owned())]));
    }
    Tests::Asserts(vec![InlineTest {
        asserts: Some(code.to_owned()),
        call: entry_point.map(str::to_owned),
        ..InlineTest::default()
    }])
}

fn asserts(list: &[Value], setup: &str) -> Result<Tests, Refusal> {
    let test = |assert: &Value| {
        let code = assert.as_str()?;
        Some(InlineTest {
            asserts: Some(format!("{setup}\n{code}").trim_start().to_owned()),
            ..InlineTest::default()
        })
    };
    let tests: Option<Vec<_>> = list.iter().map(test).collect();
    tests
        .filter(|tests| !tests.is_empty())
        .map(Tests::Asserts)
        .ok_or_else(|| wrong("has a test_list that is no list of asserts"))
}

fn functional(cases: &Value) -> Result<Tests, Refusal> {
    let list = |names: [&str; 2]| names.iter().find_map(|name| cases.get(name));
    let (Some(inputs), Some(outputs)) = (list(["inputs", "input"]), list(["outputs", "output"])) else {
        return Err(wrong("has test_cases without the lists inputs and outputs"));
    };
    let functional = json!({ "fn_name": cases["fn_name"], "inputs": inputs, "outputs": outputs });
    read_as(functional.to_string().as_bytes())
        .map(Tests::Functional)
        .map_err(|rejected| {
            wrong(&format!(
                "has test_cases with fn_name that cannot be read: {}",
                rejected.reason
            ))
        })
}
