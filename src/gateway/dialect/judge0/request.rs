//! A submission in Judge0's form, and its translation to ours.

use jiff::Timestamp;
use serde::Deserialize;

use crate::contract::{FileMessage, RequestedLimits, RunInputMessage, RunMessage, SourceFile, SubmissionRequest};
use crate::gateway::api::Api;
use crate::gateway::dialect::base64_text;
use crate::gateway::dialect::hand_in::{check_length, serialized_length};
use crate::gateway::dialect::judge0::additional_files::files_of;
use crate::gateway::dialect::judge0::languages::{SOURCE_FILE, language_of};
use crate::gateway::dialect::judge0::note::{Note, digest_of};
use crate::gateway::dialect::judge0::wrong;
use crate::gateway::dialect::lenient::{Number, Switch, Text};
use crate::gateway::refusal::Refusal;

/// How often one program may be run for one result.
pub(super) const MOST_RUNS: usize = 20;

/// A submission, whose values are read as Rails reads them. What is not named here is passed over, as Judge0 does it, and
/// `cpu_extra_time` too: a program that exceeds its limit by less is reported with the time that it took, and has exceeded it
/// all the same.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Judge0Submission {
    source_code: Text,
    language_id: Number,
    stdin: Text,
    expected_output: Text,
    additional_files: Text,
    command_line_arguments: Text,
    cpu_time_limit: Number,
    wall_time_limit: Number,
    memory_limit: Number,
    max_processes_and_or_threads: Number,
    number_of_runs: Number,
    compiler_options: Text,
    callback_url: Text,
    redirect_stderr_to_stdout: Switch,
    enable_network: Switch,
    enable_per_process_and_thread_time_limit: Switch,
    enable_per_process_and_thread_memory_limit: Switch,
    stack_limit: Number,
    max_file_size: Number,
}

/// What Judge0 allows where a submission says nothing, in KiB. Clients send these as they are documented; less is said on
/// purpose, and is not done here.
const USUAL_STACK: u64 = 64_000;
const USUAL_FILE: u64 = 1024;

// Why something is refused that would change the result if it were passed over.
const APART: &str =
    "what is printed to the two comes apart, and which was first is not known: read stderr beside stdout";
const TOGETHER: &str = "a limit holds for all processes of a program together";
const STACK: &str = "a stack may grow up to memory_limit; leave it out, or ask for 64000 or more";
const FILES: &str = "it bounds what is printed, and no other files; leave it out, or ask for 1024 or more";

impl Judge0Submission {
    /// The same as a submission of ours; `is_base64` says how its texts were written.
    pub(super) fn translate(mut self, api: &Api, is_base64: bool) -> Result<SubmissionRequest, Refusal> {
        self.refuse_what_is_not_done()?;
        let texts = Texts { is_base64 };
        let source = texts.read("source_code", self.source_code.as_deref())?;
        let source = source.ok_or_else(|| wrong("source_code", "can't be blank"))?;
        let language_id = whole(self.language_id).ok_or_else(|| wrong("language_id", "can't be blank"))?;
        let language = language_of(api, language_id)
            .ok_or_else(|| wrong("language_id", format!("language with id {language_id} doesn't exist")))?;
        let expected = texts.read("expected_output", self.expected_output.as_deref())?;
        let note = Note {
            language_id,
            created_at: Timestamp::now(),
            expected: expected.map(|expected| digest_of(&expected)),
        };
        let callback_url = self.callback_url.0.take().filter(|url| !url.trim().is_empty());
        let stdin = texts.read("stdin", self.stdin.as_deref())?.unwrap_or_default();
        let files = vec![FileMessage::from(SourceFile {
            name: SOURCE_FILE.to_owned(),
            content: source,
        })];
        Ok(SubmissionRequest {
            language: Some(language.name),
            files: Some(files),
            entry_point: Some(SOURCE_FILE.to_owned()),
            limits: self.limits(),
            run: Some(self.runs(stdin, api)?),
            metadata: note.into_metadata().into(),
            callback_url,
            ..SubmissionRequest::default()
        })
    }

    fn refuse_what_is_not_done(&self) -> Result<(), Refusal> {
        let is_given = |text: &Text| text.as_deref().is_some_and(|text| !text.is_empty());
        let is_less = |number: Number, usual| number.times(1.0).is_some_and(|kib| kib < usual);
        let (time, memory) = (
            self.enable_per_process_and_thread_time_limit,
            self.enable_per_process_and_thread_memory_limit,
        );
        let refused = [
            ("compiler_options", is_given(&self.compiler_options), "leave it out"),
            ("enable_network", self.enable_network.is_on(), "leave it out"),
            (
                "redirect_stderr_to_stdout",
                self.redirect_stderr_to_stdout.is_on(),
                APART,
            ),
            ("enable_per_process_and_thread_time_limit", time.is_on(), TOGETHER),
            ("enable_per_process_and_thread_memory_limit", memory.is_on(), TOGETHER),
            ("stack_limit", is_less(self.stack_limit, USUAL_STACK), STACK),
            ("max_file_size", is_less(self.max_file_size, USUAL_FILE), FILES),
        ];
        match refused.iter().find(|(_parameter, is_asked_for, _why)| *is_asked_for) {
            Some((parameter, _, why)) => Err(wrong(parameter, format!("is not supported here; {why}"))),
            None => Ok(()),
        }
    }

    /// One run for each time that it is to be run.
    fn runs(self, stdin: Vec<u8>, api: &Api) -> Result<RunMessage, Refusal> {
        let runs = number_of_runs(self.number_of_runs)?;
        let arguments = self.command_line_arguments.0.unwrap_or_default();
        let args = shlex::split(&arguments)
            .ok_or_else(|| wrong("command_line_arguments", "has a quotation mark without its other one"))?;
        let files = match self.additional_files.0.filter(|files| !files.is_empty()) {
            Some(encoded) => files_of(&encoded, &api.caps).map_err(|reason| wrong("additional_files", reason))?,
            None => Vec::new(),
        };
        let (stdin, stdin_base64) = match String::from_utf8(stdin) {
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(base64_text::encode(error.as_bytes()))),
        };
        let input = RunInputMessage {
            stdin,
            stdin_base64,
            args,
            files,
            ..RunInputMessage::default()
        };
        check_length(api, serialized_length(&input).saturating_mul(runs))?;
        Ok(RunMessage {
            inputs: Some((0..runs).map(|_run| input.clone()).collect()),
            ..RunMessage::default()
        })
    }

    fn limits(&self) -> RequestedLimits {
        RequestedLimits {
            cpu_ms: self.cpu_time_limit.times(1000.0),
            wall_ms: self.wall_time_limit.times(1000.0),
            memory_bytes: self.memory_limit.times(1024.0),
            // Where programs of Judge0 print to is a file.
            output_bytes: self.max_file_size.times(1024.0),
            processes: self.max_processes_and_or_threads.times(1.0),
        }
    }
}

fn number_of_runs(given: Number) -> Result<usize, Refusal> {
    let runs = if given.0.is_none() { Some(1) } else { whole(given) };
    let runs = runs.and_then(|runs| usize::try_from(runs).ok());
    runs.filter(|runs| (1..=MOST_RUNS).contains(runs)).ok_or_else(|| {
        wrong(
            "number_of_runs",
            format!("must be a whole number from 1 to {MOST_RUNS}"),
        )
    })
}

/// A number without a fraction.
#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, and no language has such an id"
)]
fn whole(number: Number) -> Option<i64> {
    number
        .0
        .filter(|number| number.fract() == 0.0)
        .map(|number| number as i64)
}

/// How texts were written.
#[derive(Debug, Clone, Copy)]
struct Texts {
    is_base64: bool,
}

impl Texts {
    fn read(self, parameter: &str, text: Option<&str>) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(text) = text else { return Ok(None) };
        if !self.is_base64 {
            return Ok(Some(text.as_bytes().to_vec()));
        }
        let decoded = base64_text::decode(text);
        decoded
            .map(Some)
            .map_err(|error| wrong(parameter, format!("is no base64: {error}")))
    }
}
