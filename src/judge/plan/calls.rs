//! Tests that call a function of the submission: a program that is ours imports it, calls, and leaves the value as data.
//!
//! That program runs beside the submission and is not trusted. It is told what to call and with what, never what is
//! expected: the value is compared in the worker (`run::calling`).

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use crate::checker::StandardFlags;
use crate::config::LanguageSettings;
use crate::contract::{
    CallProcesses, CallTest, Data, Expectation, InlineTest, Rejected, RejectionCode, SourceFile, Submission,
};
use crate::judge::Judge;
use crate::judge::boxes::submission::imports_of;
use crate::judge::grading::ScoreRule;
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{Functions, Planned, PlannedTest, ShownData, rejected};
use crate::value::shown;

/// Name of the program that calls.
pub(super) const CALLER: &str = "assize_call_function.py";

const CALL_FUNCTION: &str = concat!(
    include_str!("python/values.py"),
    include_str!("python/program.py"),
    include_str!("python/call_function.py"),
);

/// Where it reads what to call, in the work directory.
pub(super) const CALL_FILE: &str = "assize_call.json";

/// Where it leaves what came of it.
pub(in crate::judge) const REPORT_FILE: &str = "assize_report.json";

/// What is shown of a call and of what is expected, in bytes.
const SHOWN: usize = 4096;

/// The extension of the files that it can import.
const PYTHON: &str = "py";

/// What a call has to come to.
#[derive(Debug)]
pub(in crate::judge) struct PlannedCall {
    pub(in crate::judge) test: CallTest,
    /// The call as Python writes it.
    pub(in crate::judge) call: String,
    /// What is expected, likewise.
    pub(in crate::judge) answer: String,
}

/// A call as data.
#[derive(Serialize)]
struct Call<'a> {
    call: &'a str,
    args: &'a [Data],
    kwargs: &'a BTreeMap<String, Data>,
}

/// What the program that calls is told.
#[derive(Serialize)]
struct Asked<'a> {
    entry: &'a str,
    #[serde(flatten)]
    call: Call<'a>,
    method_first: bool,
    report_args: bool,
}

impl PlannedCall {
    fn new(test: &CallTest) -> Self {
        Self {
            test: test.clone(),
            call: as_python(test),
            answer: answer(&test.expected),
        }
    }

    fn data(&self) -> Call<'_> {
        let InlineTest { call, args, kwargs, .. } = &self.test.message;
        Call {
            call: call.as_deref().unwrap_or_default(),
            args,
            kwargs,
        }
    }

    /// What an output validator is told of the call.
    pub(in crate::judge) fn input_of_validator(&self) -> Bytes {
        // These types always serialise.
        serde_json::to_vec(&self.data()).unwrap_or_default().into()
    }

    /// What an output validator is told to be right, if the test says so.
    pub(super) fn answer_of_validator(&self) -> Option<Bytes> {
        let expect = self.test.message.expect.as_ref()?;
        Some(Bytes::copy_from_slice(expect.json().as_bytes()))
    }

    /// What the program that calls is told.
    fn asked(&self, entry: &str) -> Vec<u8> {
        let asked = Asked {
            entry,
            call: self.data(),
            method_first: self.test.method_first,
            report_args: self.test.message.expect_args.is_some(),
        };
        // These types always serialise; the program that calls would say that nothing is there.
        serde_json::to_vec(&asked).unwrap_or_default()
    }
}

impl Judge {
    pub(super) fn calls(&self, tests: &[CallTest], processes: CallProcesses) -> Planned {
        Planned {
            functions: Some(Functions::Calls(processes)),
            ..self.planned(tests.iter().map(planned).collect())
        }
    }
}

/// What the program that calls is told of several calls, each of which alone would be told in the first file of its test.
pub(in crate::judge) fn of_several(tests: &[&PlannedTest], processes: CallProcesses) -> SourceFile {
    let mut content = b"{\"calls\":[".to_vec();
    for (place, file) in tests.iter().filter_map(|test| test.more_files.first()).enumerate() {
        content.extend_from_slice(if place == 0 { b"" } else { b"," });
        content.extend_from_slice(&file.content);
    }
    let forks = processes == CallProcesses::Forks;
    content.extend_from_slice(format!("],\"forks\":{forks}}}").as_bytes());
    SourceFile {
        name: CALL_FILE.to_owned(),
        content,
    }
}

/// Tells each test which file of the submission it imports.
///
/// # Errors
/// When the language is not Python.
pub(super) fn hand_out(
    submission: &Submission,
    language: &LanguageSettings,
    entry: &str,
    planned: &mut Planned,
) -> Result<(), Rejected> {
    only_of_python(submission, language)?;
    let caller = importing(submission, language, entry, (CALLER, CALL_FUNCTION));
    planned.included.push(caller);
    for test in &mut planned.tests {
        let call = test.call.iter();
        test.more_files = call
            .map(|call| SourceFile {
                name: CALL_FILE.to_owned(),
                content: call.asked(entry),
            })
            .collect();
    }
    Ok(())
}

/// Functions are those of Python.
pub(super) fn only_of_python(submission: &Submission, language: &LanguageSettings) -> Result<(), Rejected> {
    if language.is_compiled() || !language.has_extension(PYTHON) {
        let reason = format!(
            "functions of Python can be called, those of {} cannot",
            submission.language
        );
        return Err(rejected(submission, RejectionCode::UnknownLanguage, "language", reason));
    }
    Ok(())
}

/// A program of ours that imports the submission. Libraries that take long to import are imported by it too, since boxes
/// are kept warm for programs that do.
pub(super) fn importing(
    submission: &Submission,
    language: &LanguageSettings,
    entry: &str,
    (name, program): (&str, &str),
) -> SourceFile {
    let imported = submission.files.iter().find(|file| file.name == entry);
    let source = imported
        .map(|file| String::from_utf8_lossy(&file.content))
        .unwrap_or_default();
    let warm = imports_of(&source, &language.warm_libraries);
    let imports = warm.iter().map(|library| format!("import {library}\n"));
    SourceFile {
        name: name.to_owned(),
        content: imports.chain([program.to_owned()]).collect::<String>().into_bytes(),
    }
}

pub(super) fn planned(call: &CallTest) -> PlannedTest {
    let input = call.message.input.clone().unwrap_or_default();
    PlannedTest {
        name: call.name.clone(),
        sample: true,
        shown: ShownData::Own,
        input: TestData::Bytes(Bytes::from(input)),
        answer: None,
        args: Vec::new(),
        files: None,
        more_files: Vec::new(),
        flags: StandardFlags::default(),
        validator_args: Vec::new(),
        score_rule: ScoreRule::Ignored,
        call: Some(Arc::new(PlannedCall::new(call))),
        skip_reason: None,
    }
}

fn as_python(call: &CallTest) -> String {
    let show = |data: &Data| {
        data.value()
            .map_or_else(|_| data.json().to_owned(), |value| shown(&value, SHOWN))
    };
    let args = call.message.args.iter().map(show);
    let kwargs = call
        .message
        .kwargs
        .iter()
        .map(|(name, data)| format!("{name}={}", show(data)));
    let all: Vec<String> = args.chain(kwargs).collect();
    format!(
        "{}({})",
        call.message.call.as_deref().unwrap_or_default(),
        all.join(", ")
    )
}

fn answer(expected: &Expectation) -> String {
    match expected {
        Expectation::Raises(name) => format!("raises {name}"),
        Expectation::Returns { value, args } => {
            let value = value.as_ref().map(|value| shown(value, SHOWN));
            let args = args.iter().flatten().enumerate();
            let args = args.map(|(index, arg)| format!("argument {} is then {}", index + 1, shown(arg, SHOWN)));
            value.into_iter().chain(args).collect::<Vec<_>>().join("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::plan::asserts::{SERVE_FUNCTIONS, VERIFY_ASSERTS};
    use crate::judge::plan::units::VERIFY_UNITS;

    const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/judge/plan/python");

    #[test]
    fn an_environment_holds_the_same_programs_compiled() {
        let listed = std::fs::read_to_string(format!("{DIRECTORY}/programs.txt")).unwrap();
        let whole = listed.lines().map(|line| {
            let parts = line.split(' ').skip(1);
            let read = |part| std::fs::read_to_string(format!("{DIRECTORY}/{part}")).unwrap();
            parts.map(read).collect::<String>()
        });
        let ours = [CALL_FUNCTION, SERVE_FUNCTIONS, VERIFY_ASSERTS, VERIFY_UNITS];
        assert!(
            whole.eq(ours),
            "programs.txt lists other parts than the programs consist of"
        );
    }
}
