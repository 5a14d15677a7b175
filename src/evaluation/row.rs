//! A row of a data set, as the forms that are in use have it. What is not needed is passed over.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::contract::{Data, Functional};

/// The fields of all forms; a row has those of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskRow {
    /// What a completion goes on with (HumanEval), or a description.
    pub(super) prompt: Option<Data>,
    /// The function that is asked for (HumanEval).
    pub(super) entry_point: Option<String>,
    /// Code with asserts, or with a function `check` (HumanEval).
    pub(super) test: Option<Data>,
    /// Asserts (MBPP).
    pub(super) test_list: Option<Vec<String>>,
    /// What stands before them (MBPP).
    pub(super) test_setup_code: Option<String>,
    /// The same, as lines (MBPP, sanitized).
    pub(super) test_imports: Option<Vec<String>>,
    /// A reference solution, whose function is the one that is asked for (MBPP).
    pub(super) code: Option<Data>,
    /// Inputs with their outputs (APPS, TACO).
    pub(super) input_output: Option<Data>,
    /// Cases (LiveCodeBench).
    pub(super) public_test_cases: Option<Data>,
    /// More cases, perhaps packed (LiveCodeBench).
    pub(super) private_test_cases: Option<Data>,
    /// What names the function (LiveCodeBench).
    pub(super) metadata: Option<Data>,
    /// Inputs with their outputs (CodeContests).
    pub(super) public_tests: Option<Data>,
    /// More of them.
    pub(super) private_tests: Option<Data>,
    /// More of them, which were made from these.
    pub(super) generated_tests: Option<Data>,
    /// Inputs without outputs (releases of EvalPlus).
    pub(super) base_input: Option<IgnoredAny>,
    /// Cases, inputs with outputs, or the tests of a submission.
    pub(super) tests: Option<Data>,
    /// The same.
    pub(super) test_cases: Option<Data>,
    /// Asserts, a test each, as a submission has them.
    pub(super) asserts: Option<Vec<String>>,
    /// Calls of one function, as a submission has them.
    pub(super) functional: Option<Functional>,
    /// Inputs of a row that is nothing else.
    pub(super) inputs: Option<Vec<Data>>,
    /// Their outputs.
    pub(super) outputs: Option<Vec<Data>>,
    /// The function, where they are calls.
    pub(super) fn_name: Option<String>,
}
