//! A task of a data set: what a candidate is judged by.

use uuid::Uuid;

use crate::contract::{ReadSubmission, RequestedLimits, SubmissionCaps, SubmissionRequest, read_as};
use crate::evaluation::forms::{Form, Imported, form_of};
use crate::evaluation::readable::readable_line;
use crate::evaluation::row::TaskRow;
use crate::evaluation::task_tests::TaskTests;
use crate::evaluation::{LineError, Program, ProgramKind};
use crate::imports::{NUMPY, imports_of_live_code_bench, in_front, usual_imports};

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
    /// Whether outputs are compared where a task brings a checker, which is not run.
    pub ignore_checkers: bool,
}

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    form: Form,
    /// The field with a program that decides about outputs.
    checker: Option<&'static str>,
}

impl Task {
    /// Reads a row of a data set.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &[u8]) -> Result<Self, LineError> {
        let row: TaskRow = read_as(&readable_line(line))?;
        let form = form_of(&row)?;
        let checker = row.checker().filter(|_field| !form.tests.are_asserts());
        Ok(Self { form, checker })
    }

    /// A candidate as a submission.
    ///
    /// # Errors
    /// When the tests are none that can be run.
    pub fn submission(&self, program: &Program, options: &SubmissionOptions) -> Result<ReadSubmission, LineError> {
        if let Some(field) = self.checker.filter(|_field| !options.ignore_checkers) {
            let complaint = "decides about outputs, and is not run; --ignore-checkers compares them instead, which fails right \
                             candidates whose outputs are others";
            return Err(LineError::content(field, complaint));
        }
        let mut request = SubmissionRequest {
            language: Some(options.language.clone()),
            source: Some(self.source(program, &options.language)),
            limits: options.limits,
            stop_on_first_failure: Some(!options.all_tests),
            ..SubmissionRequest::default()
        };
        match &self.form.tests {
            TaskTests::Functional(functional) => request.functional = Some(functional.clone()),
            TaskTests::Tests(tests) => {
                if tests.iter().all(|test| test.call.is_none() && test.asserts.is_none()) {
                    request.validator_flags.clone_from(&options.validator_flags);
                }
                request.tests = Some(tests.clone());
            }
        }
        Ok(request.check(Uuid::now_v7(), &options.language, &SubmissionCaps::UNLIMITED)?)
    }

    /// A candidate as its data set's grader would run it.
    fn source(&self, program: &Program, language: &str) -> String {
        let text = &program.text;
        let is_python = matches!(self.form.tests, TaskTests::Functional(_))
            || ["python", "pypy"].iter().any(|name| language.starts_with(name));
        match (&self.form.prompt, program.kind) {
            (Some(prompt), ProgramKind::Completion) => format!("{}{text}", prompt.text()),
            (Some(prompt), ProgramKind::Solution) => prompt.before(text, self.form.tests.asserts()),
            (None, _) if is_python => in_front(&self.imports(text, language), text),
            (None, _) => text.clone(),
        }
    }

    fn imports(&self, program: &str, language: &str) -> Vec<String> {
        match (self.form.imported, &self.form.tests) {
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
}
