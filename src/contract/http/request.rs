//! What comes in over HTTP: a submission as in a message, in which more fields are optional.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contract::check::submission::check;
use crate::contract::http::raw_metadata::RawMetadata;
use crate::contract::json::example::Example;
use crate::contract::json::object;
use crate::contract::json::read::{length_of, read_like, read_values};
use crate::contract::submission::SubmissionType;
use crate::contract::submission::run::{FetchFile, LONGEST_KEPT_S, RunInputMessage, RunMessage};
use crate::contract::submission::source_file::FileMessage;
use crate::contract::test_cases::call::{CallOptions, Functional};
use crate::contract::{
    InlineTest, Metadata, ProblemRef, PytestOptions, Rejected, RejectionCode, RequestedLimits, Submission,
    SubmissionCaps, SubmissionMessage, TestSetHash,
};

/// Name of a program that is given as text. What is submitted alone is the program, whatever its name.
const SOURCE_NAME: &str = "main.py";

/// A submission over HTTP: a message of the type `assize.submission.v1` in which `type`, `id` and `language` can be left
/// out, and `source` can stand for a single file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Submission")]
pub struct SubmissionRequest {
    /// `assize.submission.v1`, if anything.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<SubmissionType>,
    /// Identifies the submission: the same id is judged once. Without it the service draws one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Name of a language; without it that of the setting `judge.default_language`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The program as text, instead of `files`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The source files.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_many")]
    pub files: Option<Vec<FileMessage>>,
    /// Name of the file to start; without it `main.py`, else the only Python file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<String>,
    /// The problem to judge against. Exactly one of `problem`, `tests`, `test_set`, `asserts`, `functional`,
    /// `pytest` and `run` is given.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_one")]
    pub problem: Option<ProblemRef>,
    /// Tests that the submission brings with it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_many")]
    pub tests: Option<Vec<InlineTest>>,
    /// Name of a test set that was uploaded before, whose tests are judged as if they were given in `tests`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_set: Option<TestSetHash>,
    /// Asserts about functions of the program, a test each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asserts: Option<Vec<String>>,
    /// Calls of one function, as data sets for language models write them.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_one")]
    pub functional: Option<Functional>,
    /// As in a message.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_one")]
    pub call_options: Option<CallOptions>,
    /// Files of unit tests, by their names: modules of tests for pytest, and what lies beside them.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_one")]
    pub pytest: Option<BTreeMap<String, String>>,
    /// How unit tests see the program.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_one")]
    pub pytest_options: Option<PytestOptions>,
    /// The program is not judged: what it prints is the answer.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_one")]
    pub run: Option<RunMessage>,
    /// Flags of the default output validator for `tests` and `test_set`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub validator_flags: Vec<String>,
    /// Limits that replace those of the problem, clamped to the ceiling.
    #[serde(skip_serializing_if = "RequestedLimits::is_empty", deserialize_with = "object::one")]
    pub limits: RequestedLimits,
    /// Whether the tests behind the first failing one are skipped; without it the problem decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_on_first_failure: Option<bool>,
    /// Free data, echoed back.
    #[serde(skip_serializing_if = "RawMetadata::is_empty")]
    #[schemars(with = "Metadata")]
    pub metadata: RawMetadata,
    /// Where the answer is sent once there is one, signed, with `POST`. Another address under a known id is passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
}

/// A program that is to be run at once. The fields of one input stand beside those of the program.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Run")]
pub struct RunRequest {
    /// Name of a language; without it that of the setting `judge.default_language`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The program as text, instead of `files`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The files of the program, and those that lie beside it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_many")]
    pub files: Option<Vec<FileMessage>>,
    /// Name of the file to start; without it `main.py`, else the only Python file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<String>,
    /// Standard input, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdin: Option<String>,
    /// Standard input, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdin_base64: Option<String>,
    /// Arguments of the program.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Several inputs, instead of `stdin`, `stdin_base64` and `args`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "object::perhaps_many")]
    pub inputs: Option<Vec<RunInputMessage>>,
    /// Files to fetch after each run.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "object::many")]
    pub fetch: Vec<FetchFile>,
    /// How long program and result are kept behind the result, in seconds; without it as long as every other submission.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = LONGEST_KEPT_S))]
    pub keep_s: Option<u64>,
    /// Limits of each run, clamped to the ceiling.
    #[serde(skip_serializing_if = "RequestedLimits::is_empty", deserialize_with = "object::one")]
    pub limits: RequestedLimits,
    /// Free data, echoed back.
    #[serde(skip_serializing_if = "RawMetadata::is_empty")]
    #[schemars(with = "Metadata")]
    pub metadata: RawMetadata,
}

/// A submission that was read, with the message that says the same to a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSubmission {
    /// What is to be judged.
    pub submission: Submission,
    /// The same as a message.
    pub message: SubmissionMessage,
}

/// One submission, or a list of them, each of which is right or wrong by itself.
#[derive(Debug)]
pub enum Requests {
    /// One.
    One(Box<Result<SubmissionRequest, Rejected>>),
    /// Several, in order.
    Many(Vec<Result<SubmissionRequest, Rejected>>),
    /// More than are read.
    TooMany(usize),
}

impl Requests {
    /// Reads a JSON object, or an array of at most `most` objects. None of them is read that is larger than a message.
    ///
    /// # Errors
    /// When the body is neither.
    pub fn read(body: &[u8], most: usize, caps: &SubmissionCaps) -> Result<Self, Rejected> {
        if !body.trim_ascii_start().starts_with(b"[") {
            let read = check_length("the body", body.len(), caps).and_then(|()| read_like(body, Example::Submission));
            return Ok(Self::One(Box::new(read)));
        }
        let length = length_of(body)?;
        if length > most {
            return Ok(Self::TooMany(length));
        }
        let check = |length| check_length("the submission", length, caps);
        Ok(Self::Many(read_values(body, Example::Submission, check)?))
    }
}

/// One submission may be no larger than in a message. It takes far more memory once it is read.
fn check_length(what: &str, length: usize, caps: &SubmissionCaps) -> Result<(), Rejected> {
    let most = caps.message_bytes;
    if length <= most {
        return Ok(());
    }
    let reason = format!("{what} has {length} bytes, at most {most} are allowed (submission.max_message_bytes)");
    Err(Rejected::new(RejectionCode::TooLarge, None, reason))
}

impl SubmissionRequest {
    /// The submission, with `id` where none is given.
    ///
    /// # Errors
    /// The first mistake that is found.
    pub fn check(self, id: Uuid, language: &str, caps: &SubmissionCaps) -> Result<ReadSubmission, Rejected> {
        let id = self.id.unwrap_or(id);
        let metadata = self.metadata.read(caps);
        let parts = metadata.and_then(|metadata| Ok((metadata, files_of(self.source, self.files)?)));
        let checked = parts.and_then(|(metadata, files)| {
            let message = SubmissionMessage {
                version: SubmissionType::V1,
                id,
                language: self.language.unwrap_or_else(|| language.to_owned()),
                files,
                entry_point: self.entry_point,
                problem: self.problem,
                tests: self.tests,
                test_set: self.test_set,
                asserts: self.asserts,
                functional: self.functional,
                call_options: self.call_options,
                pytest: self.pytest,
                pytest_options: self.pytest_options,
                run: self.run,
                validator_flags: self.validator_flags,
                limits: self.limits,
                stop_on_first_failure: self.stop_on_first_failure,
                rejudge: None,
                metadata,
            };
            let submission = check(message.clone(), caps)?;
            Ok(ReadSubmission { submission, message })
        });
        checked.map_err(|rejected| Rejected {
            id: Some(id),
            ..rejected.shortened()
        })
    }
}

impl RunRequest {
    /// Reads a JSON object, which is no larger than a message.
    ///
    /// # Errors
    /// The first mistake that is found.
    pub fn read(body: &[u8], caps: &SubmissionCaps) -> Result<Self, Rejected> {
        check_length("the body", body.len(), caps)?;
        read_like(body, Example::Submission)
    }

    /// The same as a submission.
    ///
    /// # Errors
    /// When one input and several are given.
    pub fn into_submission(self) -> Result<SubmissionRequest, Rejected> {
        let has_one = self.stdin.is_some() || self.stdin_base64.is_some() || !self.args.is_empty();
        let inputs = match self.inputs {
            Some(_) if has_one => {
                let reason = "only one of inputs and stdin, stdin_base64, args can be given".to_owned();
                return Err(Rejected::new(RejectionCode::Schema, Some("inputs".to_owned()), reason));
            }
            Some(inputs) => inputs,
            None => vec![RunInputMessage {
                stdin: self.stdin,
                stdin_base64: self.stdin_base64,
                args: self.args,
                ..RunInputMessage::default()
            }],
        };
        Ok(SubmissionRequest {
            language: self.language,
            source: self.source,
            files: self.files,
            entry_point: self.entry_point,
            run: Some(RunMessage {
                inputs: Some(inputs),
                fetch: self.fetch,
                keep_s: self.keep_s,
            }),
            limits: self.limits,
            metadata: self.metadata,
            ..SubmissionRequest::default()
        })
    }
}

fn files_of(source: Option<String>, files: Option<Vec<FileMessage>>) -> Result<Vec<FileMessage>, Rejected> {
    match (source, files) {
        (Some(source), None) => Ok(vec![FileMessage {
            name: SOURCE_NAME.to_owned(),
            content: Some(source),
            content_base64: None,
        }]),
        (None, Some(files)) => Ok(files),
        _ => {
            let reason = "exactly one of source and files is expected".to_owned();
            Err(Rejected::new(RejectionCode::Schema, Some("source".to_owned()), reason))
        }
    }
}
