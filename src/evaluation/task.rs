//! A task of a data set: what a candidate is judged by.

use uuid::Uuid;

use crate::contract::{InlineTest, ReadSubmission, RequestedLimits, SubmissionCaps, SubmissionRequest, read_as};
use crate::evaluation::cases::{self, Inputs};
use crate::evaluation::row::TaskRow;
use crate::evaluation::task_tests::{TaskTests, object, text};
use crate::evaluation::{LineError, Program, ProgramKind};

/// Tests of a data set travel nowhere, or to a service that has caps of its own.
const NO_CAPS: SubmissionCaps = SubmissionCaps {
    message_bytes: usize::MAX,
    source_bytes: usize::MAX,
    files: usize::MAX,
    tests: usize::MAX,
    metadata_bytes: usize::MAX,
};

/// How candidates are judged, beside what their tasks say.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionOptions {
    /// The language of all candidates.
    pub language: String,
    /// Limits of each test.
    pub limits: RequestedLimits,
    /// Flags of the output validator, for tasks whose programs print.
    pub validator_flags: Vec<String>,
    /// Whether the tests behind the first failing one are run.
    pub all_tests: bool,
}

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// What a completion goes on with.
    prompt: Option<String>,
    tests: TaskTests,
}

impl Task {
    /// Reads a row of a data set.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &[u8]) -> Result<Self, LineError> {
        let row: TaskRow = read_as(line)?;
        let is_completed = row.test.is_some() && row.entry_point.is_some();
        let prompt = row.prompt.as_ref().filter(|_| is_completed);
        let prompt = prompt.map(|prompt| text("prompt", prompt)).transpose()?;
        Ok(Self {
            prompt,
            tests: tests(row)?,
        })
    }

    /// A candidate as a submission.
    ///
    /// # Errors
    /// When the tests are none that can be run.
    pub fn submission(&self, program: &Program, options: &SubmissionOptions) -> Result<ReadSubmission, LineError> {
        let source = match (&self.prompt, program.kind) {
            (Some(prompt), ProgramKind::Completion) => format!("{prompt}{}", program.text),
            _ => program.text.clone(),
        };
        let mut request = SubmissionRequest {
            language: Some(options.language.clone()),
            source: Some(source),
            limits: options.limits,
            stop_on_first_failure: Some(!options.all_tests),
            ..SubmissionRequest::default()
        };
        match &self.tests {
            TaskTests::Functional(functional) => request.functional = Some(functional.clone()),
            TaskTests::Tests(tests) => {
                if tests.iter().all(|test| test.call.is_none() && test.asserts.is_none()) {
                    request.validator_flags.clone_from(&options.validator_flags);
                }
                request.tests = Some(tests.clone());
            }
        }
        Ok(request.check(Uuid::now_v7(), &options.language, &NO_CAPS)?)
    }
}

fn tests(row: TaskRow) -> Result<TaskTests, LineError> {
    if let Some(data) = &row.input_output {
        return cases::inputs_and_outputs("input_output", &object("input_output", data)?);
    }
    if row.public_test_cases.is_some() || row.private_test_cases.is_some() {
        return cases::of_public_and_private(&row);
    }
    if let Some(test) = &row.test {
        return code(text("test", test)?, row.entry_point);
    }
    if let Some(list) = row.test_list {
        let lines = [row.test_setup_code.unwrap_or_default()].into_iter();
        let setup = lines.chain(row.test_imports.unwrap_or_default());
        let code: Vec<String> = setup.chain(list).filter(|line| !line.trim().is_empty()).collect();
        return code_without_entry("test_list", code.join("\n"));
    }
    if let Some(asserts) = row.asserts {
        return Ok(TaskTests::Tests(asserts.into_iter().map(asserting).collect()));
    }
    if let Some(functional) = row.functional {
        return Ok(TaskTests::Functional(functional));
    }
    if let Some(data) = &row.tests {
        return cases::of_any_kind("tests", data);
    }
    if let Some(data) = &row.test_cases {
        return cases::of_any_kind("test_cases", data);
    }
    match (row.inputs, row.outputs) {
        (Some(inputs), Some(outputs)) => {
            let fn_name = row.fn_name;
            cases::inputs_and_outputs(
                "inputs",
                &Inputs {
                    fn_name,
                    inputs,
                    outputs,
                },
            )
        }
        _ => Err(LineError::NoTests),
    }
}

/// Asserts, or a function `check` that is called with the function that is asked for. Code that asserts nothing by
/// itself would accept every program.
fn code(code: String, entry_point: Option<String>) -> Result<TaskTests, LineError> {
    match entry_point {
        None => code_without_entry("test", code),
        Some(_) if !code.contains("def check(") => Err(LineError::content(
            "test",
            "defines no function check, which is called with the entry_point",
        )),
        Some(entry_point) => Ok(TaskTests::Tests(vec![InlineTest {
            call: Some(entry_point),
            ..asserting(code)
        }])),
    }
}

fn code_without_entry(field: &'static str, code: String) -> Result<TaskTests, LineError> {
    match code.contains("assert") && !code.contains("unittest") {
        true => Ok(TaskTests::Tests(vec![asserting(code)])),
        false => Err(LineError::content(field, "holds no asserts")),
    }
}

fn asserting(code: String) -> InlineTest {
    InlineTest {
        asserts: Some(code),
        ..InlineTest::default()
    }
}
