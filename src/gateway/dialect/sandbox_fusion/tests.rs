//! The tests of a row: of programs that read and print, of functions, asserts, or modules for pytest.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::contract::{Data, Functional, InlineTest, SubmissionRequest};
use crate::gateway::dialect::sandbox_fusion::cases::{Case, Column, all, pairs};
use crate::gateway::dialect::sandbox_fusion::row::{Row, is_list, is_object, read, unwrapped, wrong};
use crate::gateway::refusal::Refusal;
use crate::prompt::{Prompt, called, function_of};

/// Name of a module of tests that has none.
pub(super) const TEST_MODULE: &str = "test_code.py";

/// Where a program is put into its test, in AutoEval's data sets.
const INSERT: &str = "#<INSERT>";

/// Tests of a program.
#[derive(Debug, Clone)]
pub(super) enum Tests {
    /// It reads and prints.
    Programs(Vec<Case>),
    /// A function of it is called.
    Functional(Functional),
    /// Something is asserted about it.
    Asserts(Vec<InlineTest>),
    /// The same, one by one, as MBPP has it. Its grader imports nothing for a program.
    Listed(Vec<InlineTest>),
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
            Self::Asserts(tests) | Self::Listed(tests) => request.tests = Some(tests),
            Self::Units(files) => request.pytest = Some(files),
        }
    }

    /// As much of them as is shown.
    pub(super) fn shown(self) -> Self {
        match self {
            shown @ (Self::Programs(_) | Self::Asserts(_) | Self::Listed(_)) => shown,
            Self::Functional(_) | Self::Units(_) => Self::Units(BTreeMap::new()),
        }
    }

    /// The length of all that is shown.
    pub(super) fn shown_bytes(&self) -> usize {
        match self {
            Self::Programs(cases) => cases.iter().map(Case::length).sum(),
            Self::Asserts(tests) | Self::Listed(tests) => tests
                .iter()
                .map(|test| test.asserts.as_ref().map_or(0, String::len))
                .sum(),
            Self::Functional(_) | Self::Units(_) => 0,
        }
    }

    /// What is shown of the test with this index.
    pub(super) fn info(&self, index: usize) -> Value {
        match self {
            Self::Programs(cases) => cases.get(index).map_or(Value::Null, Case::info),
            Self::Asserts(tests) | Self::Listed(tests) => tests
                .get(index)
                .map_or(Value::Null, |test| json!({ "assert": test.asserts })),
            Self::Functional(_) | Self::Units(_) => Value::Null,
        }
    }
}

fn text(data: &Option<Data>) -> Option<String> {
    data.as_ref().and_then(read)
}

/// The prompt of a row, where it is the beginning of a program about which a `test` of its own asserts something.
pub(super) fn prompt_of(row: &Row) -> Option<Prompt> {
    let (prompt, test) = (text(&row.prompt)?, text(&row.test)?);
    match text(&row.entry_point) {
        Some(entry_point) => Prompt::new(prompt, entry_point),
        None => Prompt::of_asserts(prompt, &test),
    }
}

/// The tests of a row.
///
/// - `test` as a text is the code of HumanEval's `check(candidate)` about `entry_point`, of asserts, or of tests for
///   pytest; as an object it is AutoEval's, with its `code`; `pytest` has files by their names; `test_list` has asserts, as
///   MBPP does.
/// - `test_cases` with `fn_name` calls that function, and with the type `assert` is code like `test`.
/// - Everything else is inputs and outputs.
pub(super) fn tests_of(row: &Row) -> Result<Tests, Refusal> {
    if let Some(files) = &row.pytest {
        return units(files);
    }
    if let Some(test) = &row.test {
        return of_test(&unwrapped(test), row);
    }
    if let Some(list) = &row.test_list {
        return of_test_list(&unwrapped(list), row);
    }
    match row.test_cases.as_ref().map(unwrapped) {
        Some(cases) if is_list(&cases) => of_list(&cases),
        Some(cases) if is_object(&cases) => of_lists(&cases),
        _ => Err(wrong(
            "has no test, test_cases, test_list or pytest; other sets of tests are not supported here",
        )),
    }
}

fn of_test(test: &Data, row: &Row) -> Result<Tests, Refusal> {
    if let Some(code) = read::<String>(test) {
        let code = match prompt_of(row) {
            Some(prompt) => prompt.with_helpers(code),
            None => code,
        };
        return Ok(of_code(code, text(&row.entry_point)));
    }
    match is_list(test) {
        true => of_list(test),
        false => of_auto_eval(test, row.labels.as_ref()),
    }
}

/// AutoEval's: code that is run behind the program, and asserts something about it.
fn of_auto_eval(test: &Data, labels: Option<&Data>) -> Result<Tests, Refusal> {
    #[derive(Deserialize)]
    struct CodeTest {
        code: String,
        asset: Option<Data>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Labels {
        programming_language: Option<String>,
        execution_language: Option<String>,
    }
    let Some(CodeTest { code, asset }) = read::<CodeTest>(test).filter(|_code| is_object(test)) else {
        return Err(wrong(
            "has a test that is neither code nor a list of inputs and outputs",
        ));
    };
    if asset.is_some_and(|files| !is_empty(&files)) {
        return Err(wrong("has a test with files (asset), which are not supported here"));
    }
    if code.contains(INSERT) {
        return Err(wrong(&format!(
            "has a test that the program is put into ({INSERT}), which is not done here"
        )));
    }
    let labels: Labels = labels.and_then(|labels| read(&unwrapped(labels))).unwrap_or_default();
    let languages = [labels.programming_language, labels.execution_language];
    match languages.into_iter().flatten().find(|language| language != "python") {
        Some(language) => Err(wrong(&format!(
            "has a test in {language:?}, which is not run here; python is"
        ))),
        None => Ok(of_code(code, None)),
    }
}

/// No files, or a text without any.
fn is_empty(files: &Data) -> bool {
    let text = read::<String>(files).is_some_and(|text| text.trim().is_empty());
    text || read::<BTreeMap<String, IgnoredAny>>(&unwrapped(files)).is_some_and(|files| files.is_empty())
}

fn units(files: &Data) -> Result<Tests, Refusal> {
    let files = read::<BTreeMap<String, String>>(files).map(Tests::Units);
    files.ok_or_else(|| wrong("has files in pytest that are no texts"))
}

fn of_code(code: String, entry_point: Option<String>) -> Tests {
    let is_test = |line: &str| line.trim_start().starts_with("def test") || line.starts_with("class Test");
    if entry_point.is_none() && code.lines().any(is_test) {
        return Tests::Units(BTreeMap::from([(TEST_MODULE.to_owned(), code)]));
    }
    Tests::Asserts(vec![InlineTest {
        asserts: Some(code),
        call: entry_point.as_deref().map(called),
        ..InlineTest::default()
    }])
}

/// Asserts of MBPP. The function that they are about may be called like one of Python's own.
fn of_test_list(list: &Data, row: &Row) -> Result<Tests, Refusal> {
    let Some(asserts) = read::<Column<String>>(list) else {
        return Err(wrong("has a test_list that is no list of asserts"));
    };
    let asserts = all(asserts)?;
    let setup = text(&row.test_setup_code).unwrap_or_default();
    let reference = text(&row.canonical_solution);
    let function = reference.and_then(|reference| function_of(&reference, &asserts.join("\n")));
    let test = |code: String| InlineTest {
        asserts: Some(format!("{setup}\n{code}").trim_start().to_owned()),
        call: function.clone(),
        ..InlineTest::default()
    };
    Ok(Tests::Listed(asserts.into_iter().map(test).collect()))
}

/// A test of a list.
#[derive(Deserialize)]
struct ListedCase {
    #[serde(rename = "type")]
    kind: Option<String>,
    fn_name: Option<String>,
    input: Option<Data>,
    output: Option<Data>,
}

/// Tests one by one: all of them read and print, or all call the same function.
fn of_list(cases: &Data) -> Result<Tests, Refusal> {
    let cases = read::<Column<ListedCase>>(cases).ok_or_else(|| {
        wrong("has a list of tests that are no objects with input and output, or have a type or a fn_name that is no text")
    })?;
    let cases = all(cases)?;
    let first = &cases[0];
    let Some(fn_name) = called_by(first.kind.as_deref(), first.fn_name.clone()) else {
        let case = |case: &ListedCase| {
            check_printed(case.kind.as_deref())?;
            Case::read(case.input.as_ref(), case.output.as_ref())
        };
        return Ok(Tests::Programs(cases.iter().map(case).collect::<Result<_, _>>()?));
    };
    let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
    for case in cases {
        let is_same = called_by(case.kind.as_deref(), case.fn_name).as_ref() == Some(&fn_name);
        match (case.input, case.output) {
            (Some(input), Some(output)) if is_same => {
                inputs.push(input);
                outputs.push(output);
            }
            _ => {
                return Err(wrong(
                    "has cases that do not all call the same function, with input and output",
                ));
            }
        }
    }
    Ok(Tests::Functional(Functional {
        fn_name,
        inputs,
        outputs,
    }))
}

/// Inputs and outputs side by side, or code.
#[derive(Deserialize)]
struct CaseLists {
    #[serde(rename = "type")]
    kind: Option<String>,
    fn_name: Option<String>,
    #[serde(alias = "inputs")]
    input: Option<Data>,
    #[serde(alias = "outputs")]
    output: Option<Data>,
    test: Option<String>,
    entry_point: Option<String>,
}

/// Types of test cases.
const PRINTED: &str = "stdin_stdout";
const CALL: &str = "function_call";
const ASSERT: &str = "assert";

fn of_lists(cases: &Data) -> Result<Tests, Refusal> {
    let Some(lists) = read::<CaseLists>(cases) else {
        return Err(wrong(
            "has test_cases that cannot be read: input and output are lists, everything else is a text",
        ));
    };
    let kind = lists.kind.as_deref();
    if kind == Some(ASSERT) {
        let code = lists
            .test
            .ok_or_else(|| wrong("has test_cases of the type assert without test"))?;
        return Ok(of_code(code, lists.entry_point));
    }
    let (inputs, outputs) = pairs(lists.input.as_ref(), lists.output.as_ref())?;
    if let Some(fn_name) = called_by(kind, lists.fn_name) {
        return Ok(Tests::Functional(Functional {
            fn_name,
            inputs,
            outputs,
        }));
    }
    check_printed(kind)?;
    let cases = inputs.iter().zip(&outputs);
    let case = |(input, output)| Case::read(Some(input), Some(output));
    Ok(Tests::Programs(cases.map(case).collect::<Result<_, _>>()?))
}

/// The function that is called by cases of this type.
fn called_by(kind: Option<&str>, fn_name: Option<String>) -> Option<String> {
    fn_name.filter(|name| !name.is_empty() && kind.is_none_or(|kind| kind == CALL))
}

/// Cases of functions and asserts have other forms.
fn check_printed(kind: Option<&str>) -> Result<(), Refusal> {
    match kind.is_none_or(|kind| kind == PRINTED) {
        true => Ok(()),
        false => Err(wrong(
            "has cases that call a function without fn_name, or assert one by one; write them as test_cases with fn_name, \
             inputs and outputs, or as test_list",
        )),
    }
}
