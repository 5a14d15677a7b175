//! A submission: as it is written on the wire, and as the judge takes it.

pub(super) mod callback;
pub(super) mod cancel;
pub(super) mod caps;
pub(super) mod fingerprint;
pub(super) mod limits;
pub(super) mod run;
pub(super) mod shown;
mod size;
pub(super) mod source_file;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contract::json::object;
use crate::contract::{
    AssertTest, CallOptions, CallTests, FileMessage, Functional, InlineTest, PytestOptions, RequestedLimits,
    RunMessage, RunTarget, SourceFile, TestSetHash, TestSetTarget, UnitTests,
};

/// Text without control characters.
const NO_CONTROLS: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";

/// Free data of the site, echoed back in everything that is said about the submission.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// `type` of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum SubmissionType {
    #[serde(rename = "assize.submission.v1")]
    V1,
}

/// A request to judge one program, as it travels in a message body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "assize.submission.v1")]
#[schemars(extend("oneOf" = [
    { "required": ["problem"], "properties": { "problem": { "type": "object" }, "validator_flags": { "maxItems": 0 } } },
    { "required": ["tests"], "properties": { "tests": { "type": "array" } } },
    { "required": ["test_set"], "properties": { "test_set": { "type": "string" } } },
    { "required": ["asserts"], "properties": { "asserts": { "type": "array" }, "validator_flags": { "maxItems": 0 } } },
    { "required": ["functional"], "properties": { "functional": { "type": "object" }, "validator_flags": { "maxItems": 0 } } },
    { "required": ["pytest"], "properties": { "pytest": { "type": "object" }, "validator_flags": { "maxItems": 0 } } },
    { "required": ["run"], "properties": { "run": { "type": "object" }, "validator_flags": { "maxItems": 0 } } },
]))]
pub struct SubmissionMessage {
    #[serde(rename = "type")]
    pub(crate) version: SubmissionType,
    /// Identifies the submission: the same id is judged once.
    pub id: Uuid,
    /// Name of a language that the worker is configured for, such as `python3`.
    #[schemars(length(max = 255), regex(pattern = NO_CONTROLS))]
    pub language: String,
    /// The source files.
    #[serde(deserialize_with = "object::many")]
    #[schemars(length(min = 1))]
    pub files: Vec<FileMessage>,
    /// Name of the file to start; without it `main.py`, else the only Python file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<String>,
    /// The problem to judge against. Exactly one of `problem`, `tests`, `test_set`, `asserts`, `functional`,
    /// `pytest` and `run` is given.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    pub problem: Option<ProblemRef>,
    /// Tests that the submission brings with it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_many"
    )]
    #[schemars(length(min = 1))]
    pub tests: Option<Vec<InlineTest>>,
    /// Name of a test set that was uploaded before, whose tests are judged as if they were given in `tests`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_set: Option<TestSetHash>,
    /// Asserts about functions of the program, a test each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub asserts: Option<Vec<String>>,
    /// Calls of one function, as data sets for language models write them.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    pub functional: Option<Functional>,
    /// How the calls of `tests`, `test_set` or `functional` are made.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    pub call_options: Option<CallOptions>,
    /// Files of unit tests, by their names: modules of tests for pytest, and what lies beside them.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    #[schemars(extend("minProperties" = 1))]
    pub pytest: Option<BTreeMap<String, String>>,
    /// How unit tests see the program.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    pub pytest_options: Option<PytestOptions>,
    /// The program is not judged: what it prints is the answer (`assize.result.v1`).
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    pub run: Option<RunMessage>,
    /// Flags of the default output validator for `tests` and `test_set`, such as `float_tolerance 1e-6`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validator_flags: Vec<String>,
    /// Limits that replace those of the problem, clamped to the worker's ceiling.
    #[serde(
        default,
        skip_serializing_if = "RequestedLimits::is_empty",
        deserialize_with = "object::one"
    )]
    pub limits: RequestedLimits,
    /// Whether the tests behind the first failing one are skipped; without it the problem decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_on_first_failure: Option<bool>,
    /// Asks for the submission to be judged once more, whatever was decided before. The same UUID again is the same
    /// request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejudge: Option<Uuid>,
    /// Free data, echoed back.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

/// A problem of the worker's problem store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProblemRef {
    /// Its short name.
    #[schemars(length(max = 255), regex(pattern = NO_CONTROLS))]
    pub id: String,
    /// The revision that is wanted; without it the newest that the worker finds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255), inner(regex(pattern = NO_CONTROLS)))]
    pub revision: Option<String>,
}

/// A submission in which everything has been checked that can be checked without knowing the worker's problems.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Identifies the submission.
    pub id: Uuid,
    /// Name of the language.
    pub language: String,
    /// The source files; names are unique, relative and safe to join to a directory.
    pub files: Vec<SourceFile>,
    /// The file to start, one of `files`, if the submission names it.
    pub entry_point: Option<String>,
    /// What it is judged against.
    pub target: Target,
    /// Requested limits.
    pub limits: RequestedLimits,
    /// Whether the sender wants judging to stop at the first failing test.
    pub stop_on_first_failure: Option<bool>,
    /// The request to be judged once more.
    pub rejudge: Option<Uuid>,
    /// Free data.
    pub metadata: Metadata,
}

/// What a submission is judged against.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A problem of the store.
    Problem(ProblemRef),
    /// Tests that came along, at least one.
    Inline {
        /// The tests, in order.
        tests: Vec<InlineTest>,
        /// Flags of the default output validator.
        validator_flags: Vec<String>,
    },
    /// A test set that was uploaded before.
    TestSet(TestSetTarget),
    /// Calls of its functions that came along, at least one.
    Calls(CallTests),
    /// Asserts about its functions that came along, at least one.
    Asserts(Vec<AssertTest>),
    /// Unit tests that came along.
    Units(UnitTests),
    /// Nothing: it is only run.
    Run(RunTarget),
}

impl SubmissionMessage {
    /// A submission of these files to a problem, with everything else left to the worker.
    pub fn for_problem(id: Uuid, language: impl Into<String>, files: Vec<SourceFile>, problem: ProblemRef) -> Self {
        Self {
            problem: Some(problem),
            ..Self::of_nothing(id, language, files)
        }
    }

    /// A program that is only run, with everything else left to the worker.
    pub fn to_run(id: Uuid, language: impl Into<String>, files: Vec<SourceFile>, run: RunMessage) -> Self {
        Self {
            run: Some(run),
            ..Self::of_nothing(id, language, files)
        }
    }

    fn of_nothing(id: Uuid, language: impl Into<String>, files: Vec<SourceFile>) -> Self {
        Self {
            version: SubmissionType::V1,
            id,
            language: language.into(),
            files: files.into_iter().map(FileMessage::from).collect(),
            entry_point: None,
            problem: None,
            tests: None,
            test_set: None,
            asserts: None,
            functional: None,
            call_options: None,
            pytest: None,
            pytest_options: None,
            run: None,
            validator_flags: Vec::new(),
            limits: RequestedLimits::default(),
            stop_on_first_failure: None,
            rejudge: None,
            metadata: Metadata::new(),
        }
    }
}
