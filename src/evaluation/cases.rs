//! Inputs with their outputs: those of APPS and TACO side by side, those of LiveCodeBench as a list of cases.

use serde::Deserialize;

use crate::contract::{Data, Functional, InlineTest, document, read_as};
use crate::evaluation::LineError;
use crate::evaluation::line_error::FieldError;
use crate::evaluation::packed::unpacked;
use crate::evaluation::readable::readable;
use crate::evaluation::row::TaskRow;
use crate::evaluation::task_tests::{TaskTests, object, text};

/// Inputs, and at the same places their outputs.
#[derive(Debug, Deserialize)]
pub(super) struct Inputs {
    #[serde(default)]
    pub(super) fn_name: Option<String>,
    pub(super) inputs: Vec<Data>,
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
    let wrong = |complaint: &str| LineError::content(field, complaint);
    if inputs.is_empty() {
        return Err(wrong("has no inputs"));
    }
    if inputs.len() != outputs.len() {
        let (inputs, outputs) = (inputs.len(), outputs.len());
        return Err(wrong(&format!("has {inputs} inputs and {outputs} outputs")));
    }
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

/// Inputs, and at the same places their outputs (CodeContests).
#[derive(Debug, Deserialize)]
struct Contest {
    input: Vec<Data>,
    output: Vec<Data>,
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
        let Some(data) = data else {
            continue;
        };
        let Contest { input, output } = object(field, data)?;
        if input.len() != output.len() {
            let complaint = format!("has {} inputs and {} outputs", input.len(), output.len());
            return Err(LineError::content(field, complaint));
        }
        inputs.extend(input);
        outputs.extend(output);
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
        if let Some(data) = data {
            cases.extend(perhaps_packed(field, data)?);
        }
    }
    let metadata: Option<CaseMetadata> = match &row.metadata {
        Some(data) if data.json() != "null" => Some(object("metadata", data)?),
        _ => None,
    };
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

/// Whether it is neither a list of tests nor an object of them.
fn is_code(field: &'static str, data: &Data) -> bool {
    let is_text = data.json().starts_with('"');
    is_text && text(field, data).is_ok_and(|text| !text.trim_start().starts_with(['[', '{']))
}

/// A list of cases, inputs with outputs side by side, or tests as a submission has them; perhaps as text.
pub(super) fn of_any_kind(field: &'static str, data: &Data) -> Result<TaskTests, LineError> {
    if is_code(field, data) {
        let complaint =
            "is code, as in MultiPL-E, whose tests are of one program with the candidate and are not judged";
        return Err(LineError::content(field, complaint));
    }
    if let Ok(inputs) = object::<Inputs>(field, data) {
        return inputs_and_outputs(field, &inputs);
    }
    let elements: Vec<Data> = object(field, data)?;
    let case = |element: &Data| document::<Case>(element.json().as_bytes()).ok();
    let cases: Vec<Case> = elements.iter().filter_map(case).collect();
    let are_cases = cases.len() == elements.len() && cases.iter().all(|case| case.output.is_some());
    if are_cases {
        return tests_of(field, cases, None);
    }
    let tests = elements
        .iter()
        .map(|element| read_as::<InlineTest>(element.json().as_bytes()));
    Ok(TaskTests::Tests(tests.collect::<Result<_, _>>()?))
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
