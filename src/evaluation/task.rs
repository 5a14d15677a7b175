//! A task of a data set: what a candidate is judged by.

use uuid::Uuid;

use crate::contract::{Data, InlineTest, ReadSubmission, RequestedLimits, SubmissionCaps, SubmissionRequest, read_as};
use crate::evaluation::cases::{self, Inputs};
use crate::evaluation::prompt;
use crate::evaluation::readable::readable_line;
use crate::evaluation::row::TaskRow;
use crate::evaluation::task_tests::{TaskTests, object, text};
use crate::evaluation::{LineError, Program, ProgramKind};
use crate::imports::{NUMPY, imports_of_live_code_bench, imports_of_prompt, in_front, usual_imports, words};

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
    prompt: Option<Prompt>,
    tests: TaskTests,
    /// What the graders of its data set import for a program.
    imported: Imported,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Imported {
    Nothing,
    /// The names that it uses, of those that they import.
    Used,
    /// All that LiveCodeBench's imports.
    LiveCodeBench,
}

/// A prompt that is code, and what it asks for.
#[derive(Debug, Clone, PartialEq)]
struct Prompt {
    text: String,
    entry_point: String,
}

impl Task {
    /// Reads a row of a data set.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &[u8]) -> Result<Self, LineError> {
        let row: TaskRow = read_as(&readable_line(line))?;
        let prompt = prompt_of(&row)?;
        let is_live_code_bench = row.public_test_cases.is_some() || row.private_test_cases.is_some();
        let has_pairs = row.input_output.is_some();
        let is_own = row.asserts.is_some() || row.functional.is_some();
        let tests = tests(row, prompt.as_ref())?;
        Ok(Self {
            prompt,
            imported: match has_pairs || !is_own && matches!(tests, TaskTests::Functional(_)) {
                _ if is_live_code_bench && !has_pairs => Imported::LiveCodeBench,
                true => Imported::Used,
                false => Imported::Nothing,
            },
            tests,
        })
    }

    /// A candidate as a submission.
    ///
    /// # Errors
    /// When the tests are none that can be run.
    pub fn submission(&self, program: &Program, options: &SubmissionOptions) -> Result<ReadSubmission, LineError> {
        let mut request = SubmissionRequest {
            language: Some(options.language.clone()),
            source: Some(self.source(program, &options.language)),
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

    /// A candidate as its data set's grader would run it.
    fn source(&self, program: &Program, language: &str) -> String {
        let text = &program.text;
        let is_python = matches!(self.tests, TaskTests::Functional(_))
            || ["python", "pypy"].iter().any(|name| language.starts_with(name));
        match (&self.prompt, program.kind) {
            (Some(prompt), ProgramKind::Completion) => format!("{}{text}", prompt.text),
            (Some(prompt), ProgramKind::Solution) => self.behind_its_prompt(prompt, text),
            (None, _) if is_python => in_front(&self.imports(text, language), text),
            (None, _) => text.clone(),
        }
    }

    fn imports(&self, program: &str, language: &str) -> Vec<String> {
        match (self.imported, &self.tests) {
            (Imported::Nothing, _) => Vec::new(),
            (Imported::Used, _) => {
                let mut imports = usual_imports(program);
                imports.retain(|import| import != NUMPY || !language.starts_with("pypy"));
                imports
            }
            (Imported::LiveCodeBench, TaskTests::Functional(functional)) => {
                imports_of_live_code_bench(Some(&functional.fn_name))
            }
            (Imported::LiveCodeBench, TaskTests::Tests(_)) => imports_of_live_code_bench(None),
        }
    }

    /// A whole program counts on the imports of its prompt, and on what else that defines. What it does not define itself
    /// stands in front of it, as the prompt stands in front of a completion; imports alone take one line.
    fn behind_its_prompt(&self, prompt: &Prompt, program: &str) -> String {
        let asserts = match &self.tests {
            TaskTests::Tests(tests) => tests.iter().find_map(|test| test.asserts.as_deref()),
            TaskTests::Functional(_) => None,
        };
        let Prompt { text, entry_point } = prompt;
        let lacking = prompt::lacking(text, entry_point, program, asserts.unwrap_or_default());
        let imports = imports_of_prompt(text).join("; ");
        let front: Vec<&str> = [imports.as_str(), lacking.trim_end()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        match front.is_empty() {
            true => program.to_owned(),
            false => in_front(&[front.join("\n")], program),
        }
    }
}

/// That of HumanEval. The prompts of other data sets are descriptions.
fn prompt_of(row: &TaskRow) -> Result<Option<Prompt>, LineError> {
    let (Some(prompt), Some(_), Some(entry_point)) = (&row.prompt, &row.test, &row.entry_point) else {
        return Ok(None);
    };
    Ok(Some(Prompt {
        text: text("prompt", prompt)?,
        entry_point: entry_point.clone(),
    }))
}

fn tests(row: TaskRow, prompt: Option<&Prompt>) -> Result<TaskTests, LineError> {
    if let (Some(test), Some(entry_point)) = (&row.test, &row.entry_point) {
        // LeetCodeDataset has inputs and outputs beside it, as text for readers.
        let prompt = prompt.map_or("", |prompt| &prompt.text);
        return check_of(text("test", test)?, entry_point, prompt);
    }
    if let Some(tests) = of_contests(&row) {
        return tests;
    }
    if let Some(test) = &row.test {
        let asserts = text("test", test)?;
        // Rows of MBPP+ have a reference solution beside it.
        let function = row.code.as_ref().and_then(|reference| function_of(reference, &asserts));
        return asserts_of("test", asserts, function);
    }
    if row.test_list.is_some() {
        return of_test_list(row);
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
    side_by_side(row)
}

/// Inputs and outputs of a row that is nothing else.
fn side_by_side(row: TaskRow) -> Result<TaskTests, LineError> {
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
        _ if row.base_input.is_some() => Err(LineError::NoOutputs),
        _ => Err(LineError::NoTests),
    }
}

/// Tests of data sets of contests, where a row has them.
fn of_contests(row: &TaskRow) -> Option<Result<TaskTests, LineError>> {
    const FIELD: &str = "input_output";
    if let Some(data) = &row.input_output {
        // APPS has rows without tests.
        let is_empty = text(FIELD, data).is_ok_and(|text| text.trim().is_empty());
        return Some(match is_empty {
            true => Err(LineError::content(FIELD, "is empty, so the task has no tests")),
            false => object(FIELD, data).and_then(|pairs| cases::inputs_and_outputs(FIELD, &pairs)),
        });
    }
    if row.public_test_cases.is_some() || row.private_test_cases.is_some() {
        return Some(cases::of_public_and_private(row));
    }
    let contests = [&row.public_tests, &row.private_tests, &row.generated_tests];
    let is_of_contests = contests.iter().any(|tests| tests.is_some());
    is_of_contests.then(|| cases::of_contests(row))
}

/// Lines as those of MBPP, with what goes before them.
fn of_test_list(row: TaskRow) -> Result<TaskTests, LineError> {
    let setup = [row.test_setup_code, row.test_imports.map(|lines| lines.join("\n"))];
    let lines = setup.into_iter().flatten().chain(row.test_list.into_iter().flatten());
    let code: Vec<String> = lines.filter(|line| !line.trim().is_empty()).collect();
    let asserts = code.join("\n");
    let function = row.code.as_ref().and_then(|reference| function_of(reference, &asserts));
    asserts_of("test_list", asserts, function)
}

/// A function `check`, which is called with the function or method that is asked for.
fn check_of(code: String, entry_point: &str, prompt: &str) -> Result<TaskTests, LineError> {
    match code.contains("def check(") {
        false => Err(LineError::content(
            "test",
            "defines no function check, which is called with the entry_point (tests of unittest, as in BigCodeBench, are not \
             judged)",
        )),
        true => Ok(TaskTests::Tests(vec![InlineTest {
            // LeetCodeDataset writes `Solution().add`.
            call: Some(entry_point.replace("().", ".")),
            ..asserting(prompt::with_helpers(prompt, entry_point, code))
        }])),
    }
}

/// Code that asserts nothing by itself would accept every program.
fn asserts_of(field: &'static str, code: String, function: Option<String>) -> Result<TaskTests, LineError> {
    match code.contains("assert") && !code.contains("unittest") {
        true => Ok(TaskTests::Tests(vec![InlineTest {
            call: function,
            ..asserting(code)
        }])),
        false => Err(LineError::content(field, "holds no asserts")),
    }
}

/// The function that a reference solution defines for asserts. It may be called like one of Python's own.
fn function_of(reference: &Data, asserts: &str) -> Option<String> {
    let code = text("code", reference).ok()?;
    let (used, _holders) = words(asserts);
    let name = |line: &str| Some(line.strip_prefix("def ")?.split('(').next()?.trim().to_owned());
    let mut defined = code.lines().filter_map(name).filter(|name| used.contains(&name[..]));
    defined.next_back()
}

fn asserting(code: String) -> InlineTest {
    InlineTest {
        asserts: Some(code),
        ..InlineTest::default()
    }
}
