//! Inputs with their outputs: those of APPS and TACO side by side, those of LiveCodeBench as a list of cases.

use serde::Deserialize;

use crate::contract::{Data, Functional, InlineTest, document, read_as};
use crate::evaluation::LineError;
use crate::evaluation::line_error::FieldError;
use crate::evaluation::packed::unpacked;
use crate::evaluation::readable::readable;
use crate::evaluation::row::TaskRow;
use crate::evaluation::task_tests::{Shape, TaskTests, asserting, object, shaped, text};

/// Inputs, and at the same places their outputs. CodeContests, and tables that were lists of cases, have them in the
/// singular.
#[derive(Debug, Deserialize)]
pub(super) struct Inputs {
    #[serde(default)]
    pub(super) fn_name: Option<String>,
    #[serde(alias = "input")]
    pub(super) inputs: Vec<Data>,
    #[serde(alias = "output")]
    pub(super) outputs: Vec<Data>,
}

/// An input with its output.
#[derive(Debug, Deserialize)]
struct Case {
    #[serde(default)]
    input: Option<Data>,
    #[serde(default)]
    output: Option<Data>,
    /// `stdin` or `functional` (LiveCodeBench).
    #[serde(default)]
    testtype: Option<String>,
    /// `stdin_stdout` or `function_call` (PRIME).
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    fn_name: Option<String>,
    #[serde(default)]
    metadata: Option<CaseMetadata>,
}

#[derive(Debug, Deserialize)]
struct CaseMetadata {
    #[serde(default)]
    func_name: Option<String>,
}

/// As APPS and TACO have them.
pub(super) fn inputs_and_outputs(field: &'static str, given: &Inputs) -> Result<TaskTests, LineError> {
    let Inputs {
        fn_name,
        inputs,
        outputs,
    } = given;
    if inputs.is_empty() {
        return Err(LineError::content(field, "has no inputs"));
    }
    check_lengths(field, given)?;
    if let Some(fn_name) = fn_name.clone().filter(|name| !name.is_empty()) {
        return Ok(TaskTests::Functional(Functional {
            fn_name,
            inputs: inputs.clone(),
            outputs: outputs.clone(),
        }));
    }
    let pairs = inputs.iter().zip(outputs);
    let tests = pairs.map(|(input, output)| printing(field, input, output));
    tests.collect::<Result<_, _>>().map(TaskTests::Tests)
}

fn check_lengths(field: &'static str, given: &Inputs) -> Result<(), LineError> {
    match (given.inputs.len(), given.outputs.len()) {
        (inputs, outputs) if inputs == outputs => Ok(()),
        (inputs, outputs) => {
            let complaint = format!("has {inputs} inputs and {outputs} outputs");
            Err(LineError::content(field, complaint))
        }
    }
}

/// As CodeContests has them, in three fields.
pub(super) fn of_contests(row: &TaskRow) -> Result<TaskTests, LineError> {
    let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
    let fields = [
        ("public_tests", &row.public_tests),
        ("private_tests", &row.private_tests),
        ("generated_tests", &row.generated_tests),
    ];
    for (field, data) in fields {
        let Some(data) = shaped(data, &[Shape::Object]) else {
            continue;
        };
        let given: Inputs = object(field, data)?;
        check_lengths(field, &given)?;
        inputs.extend(given.inputs);
        outputs.extend(given.outputs);
    }
    let fn_name = None;
    inputs_and_outputs(
        "public_tests",
        &Inputs {
            fn_name,
            inputs,
            outputs,
        },
    )
}

/// As LiveCodeBench has them. The private ones are perhaps packed.
pub(super) fn of_public_and_private(row: &TaskRow) -> Result<TaskTests, LineError> {
    let mut cases = Vec::new();
    let fields = [
        ("public_test_cases", &row.public_test_cases),
        ("private_test_cases", &row.private_test_cases),
    ];
    for (field, data) in fields {
        if let Some(data) = shaped(data, &[Shape::List, Shape::Text]) {
            cases.extend(perhaps_packed(field, data)?);
        }
    }
    let metadata = shaped(&row.metadata, &[Shape::Object]);
    let metadata: Option<CaseMetadata> = metadata.map(|data| object("metadata", data)).transpose()?;
    tests_of(
        "public_test_cases",
        cases,
        metadata.and_then(|metadata| metadata.func_name),
    )
}

fn perhaps_packed(field: &'static str, data: &Data) -> Result<Vec<Case>, LineError> {
    let is_packed = data.json().starts_with('"') && !text(field, data)?.trim_start().starts_with('[');
    if !is_packed {
        return object(field, data);
    }
    let json = unpacked(&text(field, data)?).map_err(|error| FieldError::from(error).of(field))?;
    document(readable(&json).as_bytes()).map_err(|error| FieldError::from(error).of(field))
}

/// A list of cases or of asserts, inputs with outputs side by side, or tests as a submission has them; perhaps as text.
pub(super) fn of_any_kind(field: &'static str, data: &Data) -> Result<TaskTests, LineError> {
    if Shape::of(data) == Shape::Object {
        return inputs_and_outputs(field, &object(field, data)?);
    }
    let elements: Vec<Data> = object(field, data)?;
    if !elements.is_empty() && elements.iter().all(|element| element.json().starts_with('"')) {
        return asserts_of(field, &elements);
    }
    let case = |element: &Data| document::<Case>(element.json().as_bytes()).ok();
    let cases: Vec<Case> = elements.iter().filter_map(case).collect();
    let are_cases = cases.len() == elements.len() && cases.iter().all(|case| case.output.is_some());
    match are_cases {
        true => tests_of(field, cases, None),
        false => our_own(field, &elements),
    }
}

/// Asserts, a test each, as AceCode has them.
fn asserts_of(field: &'static str, elements: &[Data]) -> Result<TaskTests, LineError> {
    let asserts = elements.iter().map(|element| text(field, element));
    let asserts: Vec<String> = asserts.collect::<Result<_, _>>()?;
    match asserts.iter().all(|code| code.contains("assert")) {
        true => Ok(TaskTests::Tests(asserts.into_iter().map(asserting).collect())),
        false => Err(LineError::content(field, "is a list of texts that assert nothing")),
    }
}

/// Tests as a submission has them.
fn our_own(field: &'static str, elements: &[Data]) -> Result<TaskTests, LineError> {
    let wrong = |number: usize, complaint: &str| LineError::content(field, format!("test {number}: {complaint}"));
    let mut tests = Vec::new();
    for (number, element) in (1..).zip(elements) {
        let read = read_as::<InlineTest>(element.json().as_bytes());
        let test = read.map_err(|rejected| wrong(number, &rejected.to_string()))?;
        if test.call.is_none() && test.asserts.is_none() && test.answer.is_none() {
            return Err(wrong(number, "has no answer, so that every program would pass it"));
        }
        tests.push(test);
    }
    Ok(TaskTests::Tests(tests))
}

/// All cases of a task print, or all call one function.
fn tests_of(field: &'static str, cases: Vec<Case>, fn_name: Option<String>) -> Result<TaskTests, LineError> {
    let wrong = |complaint: &str| LineError::content(field, complaint);
    let calls = cases.iter().filter(|case| case.is_call()).count();
    if calls != 0 && calls != cases.len() {
        return Err(wrong("holds calls and programs that print"));
    }
    let name_of_case = |case: &Case| {
        let inner = case.metadata.as_ref().and_then(|metadata| metadata.func_name.clone());
        case.fn_name.clone().or(inner)
    };
    let fn_name = fn_name.or_else(|| cases.first().and_then(name_of_case));
    if calls != 0 && fn_name.is_none() {
        return Err(wrong("calls a function that nothing names"));
    }
    let mut inputs = Vec::new();
    let mut outputs = Vec::new();
    for case in cases {
        inputs.push(case.input.ok_or_else(|| wrong("holds a case without input"))?);
        outputs.push(case.output.ok_or_else(|| wrong("holds a case without output"))?);
    }
    let fn_name = fn_name.filter(|_| calls != 0);
    inputs_and_outputs(
        field,
        &Inputs {
            fn_name,
            inputs,
            outputs,
        },
    )
}

impl Case {
    fn is_call(&self) -> bool {
        let kind = self.testtype.as_deref().or(self.kind.as_deref());
        matches!(kind, Some("functional" | "function_call"))
    }
}

fn printing(field: &'static str, input: &Data, output: &Data) -> Result<InlineTest, LineError> {
    Ok(InlineTest {
        input: Some(lines(field, input)?),
        answer: Some(lines(field, output)?),
        ..InlineTest::default()
    })
}

/// A text, or a list of its lines.
fn lines(field: &'static str, data: &Data) -> Result<String, LineError> {
    let json = data.json().as_bytes();
    if let Ok(lines) = document::<Vec<String>>(json) {
        return Ok(lines.join("\n"));
    }
    document(json).map_err(|_error| {
        LineError::content(
            field,
            "an input or output of a program is neither a text nor a list of lines",
        )
    })
}
