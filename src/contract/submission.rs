//! A submission: as it is written on the wire, and as the judge takes it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contract::call::{AssertTest, CallOptions, CallTests, Compare, Data, Functional};
use crate::contract::{
    PytestOptions, RequestedLimits, RunMessage, RunTarget, TestSetHash, TestSetTarget, UnitTests, object,
};

/// Parts of a path that are neither empty nor `.` nor `..`, without backslashes and control characters.
pub(super) const RELATIVE_PATH: &str = concat!(
    r"^(\.{0,2}[^/\\.\x00-\x1f\x7f-\x9f][^/\\\x00-\x1f\x7f-\x9f]*|\.{3}[^/\\\x00-\x1f\x7f-\x9f]*)",
    r"(/(\.{0,2}[^/\\.\x00-\x1f\x7f-\x9f][^/\\\x00-\x1f\x7f-\x9f]*|\.{3}[^/\\\x00-\x1f\x7f-\x9f]*))*$",
);

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

/// A source file on the wire. Exactly one of `content` and `content_base64` is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [
    { "required": ["content"], "properties": { "content": { "type": "string" } } },
    { "required": ["content_base64"], "properties": { "content_base64": { "type": "string" } } },
]))]
pub struct FileMessage {
    /// Relative path with `/` between its parts.
    #[schemars(length(min = 1, max = 255), regex(pattern = RELATIVE_PATH))]
    pub name: String,
    /// The text of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The bytes of the file in base64 (RFC 4648, section 4), for a file that is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_base64: Option<String>,
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

/// A test that comes with the submission. It is shown in the verdict like a sample. With `call` it calls a function of
/// the program, with `asserts` it is code that uses the program's functions, else it runs the program. All tests of a
/// submission are of one kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [
    { "required": ["input"], "properties": { "input": { "type": "string" } } },
    { "required": ["call"], "properties": { "call": { "type": "string" } } },
    { "required": ["asserts"], "properties": { "asserts": { "type": "string" } } },
]))]
pub struct InlineTest {
    /// Name in the verdict, like no other test's; without it its number, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub name: Option<String>,
    /// Standard input. A call can do without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Expected standard output. Without it any output is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The function to call, such as `add`, or a method as in `Solution.add`, for which a `Solution()` is made. The
    /// function of a name that the program does not define is looked for in its class `Solution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub call: Option<String>,
    /// Code in Python that asserts something of the program's functions, in a box that the program cannot reach. With
    /// `call` the function of this name is also called `candidate`, and a function `check` of the code is called with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asserts: Option<String>,
    /// What it is called with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Data>,
    /// What it is called with by name.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "object::one"
    )]
    pub kwargs: BTreeMap<String, Data>,
    /// What it has to return. One of `expect`, `expect_args` and `raises` is given with a `call`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "Data::some")]
    pub expect: Option<Data>,
    /// What has to have become of `args` when it returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_args: Option<Vec<Data>>,
    /// Name of the exception that it has to raise, or of a class above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub raises: Option<String>,
    /// How what it returns is compared.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "object::perhaps_one"
    )]
    pub compare: Option<Compare>,
}

impl InlineTest {
    /// Its name, else its number, from 1, when it is the one at `index`.
    pub fn name_or_number(&self, index: usize) -> String {
        self.name.clone().unwrap_or_else(|| (index + 1).to_string())
    }
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

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative path with `/` between its parts.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
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

impl FileMessage {
    /// Its text, or its bytes in base64.
    pub fn into_content(self) -> (Option<String>, Option<String>) {
        (self.content, self.content_base64)
    }
}

impl From<SourceFile> for FileMessage {
    fn from(SourceFile { name, content }: SourceFile) -> Self {
        match String::from_utf8(content) {
            Ok(text) => Self {
                name,
                content: Some(text),
                content_base64: None,
            },
            Err(error) => {
                use base64::Engine as _;
                let encoded = base64::engine::general_purpose::STANDARD.encode(error.as_bytes());
                Self {
                    name,
                    content: None,
                    content_base64: Some(encoded),
                }
            }
        }
    }
}
