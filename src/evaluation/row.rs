//! A row of a data set, as the forms that are in use have it. What is not needed is passed over.

use serde::Deserialize;

use crate::contract::Data;

/// The fields of all forms; a row has those of one. Others may be of any type, and are not read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskRow {
    /// What a completion goes on with (HumanEval), or a description.
    pub(super) prompt: Option<Data>,
    /// The function that is asked for (HumanEval).
    pub(super) entry_point: Option<Data>,
    /// Code with asserts, or with a function `check` (HumanEval).
    pub(super) test: Option<Data>,
    /// Asserts (MBPP).
    pub(super) test_list: Option<Data>,
    /// What stands before them (MBPP).
    pub(super) test_setup_code: Option<Data>,
    /// The same, as lines (MBPP, sanitized).
    pub(super) test_imports: Option<Data>,
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
    pub(super) base_input: Option<Data>,
    /// Cases, inputs with outputs, or the tests of a submission.
    pub(super) tests: Option<Data>,
    /// The same, or asserts.
    pub(super) test_cases: Option<Data>,
    /// Asserts, a test each, as a submission has them.
    pub(super) asserts: Option<Data>,
    /// Calls of one function, as a submission has them.
    pub(super) functional: Option<Data>,
    /// Inputs of a row that is nothing else.
    pub(super) inputs: Option<Data>,
    /// Their outputs.
    pub(super) outputs: Option<Data>,
    /// The function, where they are calls.
    pub(super) fn_name: Option<Data>,
    /// The same (rStar-Coder).
    pub(super) func_name: Option<Data>,
    /// A program that decides about outputs.
    pub(super) checker: Option<Data>,
    /// The same (Codeforces of open-r1).
    pub(super) generated_checker: Option<Data>,
}

impl TaskRow {
    /// The field with a program that decides about outputs, if there is one.
    pub(super) fn checker(&self) -> Option<&'static str> {
        const NONE: [&str; 4] = ["", "false", "[]", "{}"];
        let brings = |data: &Data| !NONE.contains(&data.json().trim_matches('"').trim());
        let fields = [
            ("checker", &self.checker),
            ("generated_checker", &self.generated_checker),
        ];
        let given = fields
            .into_iter()
            .find(|(_name, data)| data.as_ref().is_some_and(brings));
        given.map(|(name, _data)| name)
    }
}
