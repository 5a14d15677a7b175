//! The forms of rows: which one a row has, by the fields that it has and what these hold.

use crate::contract::{Data, InlineTest};
use crate::evaluation::LineError;
use crate::evaluation::cases::{self, Inputs};
use crate::evaluation::row::TaskRow;
use crate::evaluation::task_tests::{Shape, TaskTests, asserting, joined, object, shaped, text};
use crate::prompt::{Prompt, called, function_of};

/// What a row is judged by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    /// What a completion goes on with.
    pub(super) prompt: Option<Prompt>,
    pub(super) tests: TaskTests,
    /// What the graders of its data set import for a program.
    pub(super) imported: Imported,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Imported {
    Nothing,
    /// The names that it uses, of those that they import.
    Used,
    /// All that LiveCodeBench's imports.
    LiveCodeBench,
}

impl Form {
    /// Tests that nothing is imported for.
    fn plain(tests: TaskTests) -> Self {
        Self {
            prompt: None,
            tests,
            imported: Imported::Nothing,
        }
    }

    /// Tests of contests: calls get imports.
    fn of_cases(tests: TaskTests) -> Self {
        let imported = match tests {
            TaskTests::Functional(_) => Imported::Used,
            TaskTests::Tests(_) => Imported::Nothing,
        };
        Self {
            imported,
            ..Self::plain(tests)
        }
    }
}

/// The form of a row.
pub(super) fn form_of(row: &TaskRow) -> Result<Form, LineError> {
    let test = row.test.as_ref().filter(|data| data.json().starts_with('"'));
    if let (Some(test), Some(entry_point)) = (test, &row.entry_point) {
        // LeetCodeDataset has inputs and outputs beside it, as text for readers.
        return of_check(row, text("test", test)?, text("entry_point", entry_point)?);
    }
    if let Some(form) = of_contests(row) {
        return form;
    }
    if let Some(test) = test {
        return of_asserts(row, text("test", test)?);
    }
    if let Some(list) = shaped(&row.test_list, &[Shape::List]) {
        return of_test_list(row, list);
    }
    of_our_own(row).unwrap_or_else(|| of_cases(row))
}

/// Tests as a submission has them, where a row has them.
fn of_our_own(row: &TaskRow) -> Option<Result<Form, LineError>> {
    if let Some(data) = shaped(&row.asserts, &[Shape::List]) {
        let asserts = object::<Vec<String>>("asserts", data);
        let tests = asserts.map(|asserts| asserts.into_iter().map(asserting).collect());
        return Some(tests.map(|tests| Form::plain(TaskTests::Tests(tests))));
    }
    let functional = object("functional", shaped(&row.functional, &[Shape::Object])?);
    Some(functional.map(|calls| Form::plain(TaskTests::Functional(calls))))
}

/// Cases in a field of their own, or inputs beside outputs.
fn of_cases(row: &TaskRow) -> Result<Form, LineError> {
    for (field, data) in [("tests", &row.tests), ("test_cases", &row.test_cases)] {
        if let Some(data) = shaped(data, &[Shape::List, Shape::Object]) {
            return cases::of_any_kind(field, data).map(Form::of_cases);
        }
    }
    let list = |data| shaped(data, &[Shape::List]);
    let (Some(inputs), Some(outputs)) = (list(&row.inputs), list(&row.outputs)) else {
        return Err(without_tests(row));
    };
    let names = [&row.fn_name, &row.func_name];
    let fn_name = names
        .into_iter()
        .flatten()
        .find_map(|name| text("fn_name", name).ok().filter(|name| !name.is_empty()));
    let given = Inputs {
        fn_name,
        inputs: object("inputs", inputs)?,
        outputs: object("outputs", outputs)?,
    };
    cases::inputs_and_outputs("inputs", &given).map(Form::of_cases)
}

/// What is said of a row that has none of the forms.
fn without_tests(row: &TaskRow) -> LineError {
    if row.base_input.is_some() {
        return LineError::NoOutputs;
    }
    let is_code = |data: &Option<Data>| shaped(data, &[Shape::Text]).is_some();
    for (field, data) in [("tests", &row.tests), ("test_cases", &row.test_cases)] {
        if is_code(data) {
            let complaint =
                "is code, as in MultiPL-E, whose tests are of one program with the candidate and are not judged";
            return LineError::content(field, complaint);
        }
    }
    let wanted = [
        ("test", &row.test, "is no text"),
        (
            "input_output",
            &row.input_output,
            "is no object with inputs and outputs",
        ),
        ("public_test_cases", &row.public_test_cases, "is no list of cases"),
        ("test_list", &row.test_list, "is no list of asserts"),
        ("asserts", &row.asserts, "is no list of asserts"),
        (
            "functional",
            &row.functional,
            "is no object with fn_name, inputs and outputs",
        ),
        ("inputs", &row.inputs, "is no list with a list outputs beside it"),
    ];
    // A number or a boolean says something about the tests, and stands for none.
    let may_be = |data: &Option<Data>| shaped(data, &[Shape::List, Shape::Object, Shape::Text]).is_some();
    match wanted.into_iter().find(|(_field, data, _complaint)| may_be(data)) {
        Some((field, _data, complaint)) => LineError::content(field, complaint),
        None => LineError::NoTests,
    }
}

/// Tests of data sets of contests, where a row has them.
fn of_contests(row: &TaskRow) -> Option<Result<Form, LineError>> {
    const FIELD: &str = "input_output";
    let imported = |imported| {
        move |tests| Form {
            imported,
            ..Form::plain(tests)
        }
    };
    if let Some(data) = shaped(&row.input_output, &[Shape::Object, Shape::Text]) {
        // APPS has rows without tests.
        let is_empty = text(FIELD, data).is_ok_and(|text| text.trim().is_empty());
        let tests = match is_empty {
            true => Err(LineError::content(FIELD, "is empty, so the task has no tests")),
            false => object(FIELD, data).and_then(|pairs| cases::inputs_and_outputs(FIELD, &pairs)),
        };
        return Some(tests.map(imported(Imported::Used)));
    }
    let is_listed = |data| shaped(data, &[Shape::List, Shape::Text]).is_some();
    if is_listed(&row.public_test_cases) || is_listed(&row.private_test_cases) {
        return Some(cases::of_public_and_private(row).map(imported(Imported::LiveCodeBench)));
    }
    let contests = [&row.public_tests, &row.private_tests, &row.generated_tests];
    let is_of_contests = contests.iter().any(|data| shaped(data, &[Shape::Object]).is_some());
    is_of_contests.then(|| cases::of_contests(row).map(Form::plain))
}

/// A function `check`, which is called with the function or method that is asked for.
fn of_check(row: &TaskRow, code: String, entry_point: String) -> Result<Form, LineError> {
    if !code.contains("def check(") {
        let complaint = "defines no function check, which is called with the entry_point (tests of unittest, as in \
                         BigCodeBench, are not judged)";
        return Err(LineError::content("test", complaint));
    }
    let call = Some(called(&entry_point));
    let prompt = row.prompt.as_ref().map(|prompt| text("prompt", prompt)).transpose()?;
    let prompt = prompt.and_then(|prompt| Prompt::new(prompt, entry_point));
    Ok(asserted(prompt, code, call))
}

/// Asserts. Rows of MBPP+ have a description in `prompt`, and a reference solution; those of HumanEval-X a prompt that is
/// code, and no entry_point.
fn of_asserts(row: &TaskRow, code: String) -> Result<Form, LineError> {
    check_asserts("test", &code)?;
    let function = function_of_row(row, &code);
    let prompt = row.prompt.as_ref().and_then(|prompt| text("prompt", prompt).ok());
    let prompt = prompt.and_then(|prompt| Prompt::of_asserts(prompt, &code));
    Ok(asserted(prompt, code, function))
}

/// Lines as those of MBPP, with what goes before them.
fn of_test_list(row: &TaskRow, list: &Data) -> Result<Form, LineError> {
    let setup = [
        ("test_setup_code", &row.test_setup_code),
        ("test_imports", &row.test_imports),
    ];
    let mut code = Vec::new();
    for (field, data) in setup {
        code.extend(data.as_ref().map(|data| joined(field, data)).transpose()?);
    }
    code.extend(object::<Vec<String>>("test_list", list)?);
    code.retain(|line| !line.trim().is_empty());
    let asserts = code.join("\n");
    check_asserts("test_list", &asserts)?;
    let function = function_of_row(row, &asserts);
    Ok(asserted(None, asserts, function))
}

fn function_of_row(row: &TaskRow, asserts: &str) -> Option<String> {
    let reference = row.code.as_ref().and_then(|code| text("code", code).ok())?;
    function_of(&reference, asserts)
}

/// Code that asserts nothing by itself would accept every program.
fn check_asserts(field: &'static str, code: &str) -> Result<(), LineError> {
    if code.contains("unittest") {
        let complaint = "is made for unittest, as in ClassEval, which is not judged";
        return Err(LineError::content(field, complaint));
    }
    match code.contains("assert") {
        true => Ok(()),
        false => Err(LineError::content(field, "holds no asserts")),
    }
}

fn asserted(prompt: Option<Prompt>, code: String, call: Option<String>) -> Form {
    let code = match &prompt {
        Some(prompt) => prompt.with_helpers(code),
        None => code,
    };
    let test = InlineTest {
        call,
        ..asserting(code)
    };
    Form {
        prompt,
        ..Form::plain(TaskTests::Tests(vec![test]))
    }
}
