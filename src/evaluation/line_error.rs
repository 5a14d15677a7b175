//! What can be wrong with a line of a data set, or of its candidates.

use thiserror::Error;

use crate::contract::Rejected;
use crate::evaluation::packed::PackedError;

/// What is wrong with a line of a data set, or of its candidates.
#[derive(Debug, Error)]
pub enum LineError {
    /// It is no JSON object, or a field is of the wrong type.
    #[error(transparent)]
    Row(#[from] Rejected),
    /// A field says something that cannot be.
    #[error("{field}: {source}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        source: FieldError,
    },
    /// It has none of the fields that tests are found in.
    #[error(
        "has no tests; they are expected in input_output, public_test_cases, public_tests, test, test_list, asserts, functional, \
         tests, test_cases or inputs"
    )]
    NoTests,
    /// A row of a form that is known, and has nothing that a candidate can be judged by.
    #[error(
        "has inputs without outputs, as releases of EvalPlus do; its rows on Hugging Face (evalplus/humanevalplus, \
         evalplus/mbppplus) have tests"
    )]
    NoOutputs,
    /// Two tasks have the same id.
    #[error("the task {0:?} stands in a line before, too")]
    SecondTask(String),
    /// A candidate says nothing of its task.
    #[error("names no task; task_id, question_id, problem_id, id or name is missing")]
    NoTask,
    /// A candidate is for a task that is not there.
    #[error("the data set has no task {0:?}")]
    UnknownTask(String),
    /// A candidate without a program.
    #[error("has no program; completion, completions, solution, solutions, code or code_list is missing")]
    NoProgram,
    /// A candidate whose program is not clear.
    #[error("has several of completion, completions, solution, solutions, code and code_list")]
    SeveralPrograms,
    /// The file is not what it was when it was read first.
    #[error("has changed")]
    Changed,
}

/// What is wrong with a field.
#[derive(Debug, Error)]
pub enum FieldError {
    /// It is no JSON, or holds something else than is expected.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It is packed, and cannot be unpacked.
    #[error(transparent)]
    Packed(#[from] PackedError),
    /// What it holds does not fit together.
    #[error("{0}")]
    Content(String),
}

impl FieldError {
    /// That of the field with this name.
    pub(super) fn of(self, field: &'static str) -> LineError {
        LineError::Field { field, source: self }
    }
}

impl LineError {
    /// A field of this name whose content cannot be.
    pub(super) fn content(field: &'static str, complaint: impl Into<String>) -> Self {
        FieldError::Content(complaint.into()).of(field)
    }
}
