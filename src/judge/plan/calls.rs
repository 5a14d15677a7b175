//! Tests that call a function of the submission: a program that is ours imports it, calls, and leaves the value as data.
//!
//! That program runs beside the submission and is not trusted. It is told what to call and with what, never what is
//! expected: the value is compared in the worker (`run::calling`).

use bytes::Bytes;
use serde::Serialize;

use crate::checker::StandardFlags;
use crate::config::LanguageSettings;
use crate::contract::{CallTest, Data, Expectation, Rejected, RejectionCode, SourceFile, Submission};
use crate::judge::Judge;
use crate::judge::boxes::submission::imports_of;
use crate::judge::grading::ScoreRule;
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{Planned, PlannedTest, rejected};
use crate::value::{Comparison, shown};

/// Name of the program that calls.
pub(super) const CALLER: &str = "assize_call_function.py";

const CALL_FUNCTION: &str = concat!(
    include_str!("python/values.py"),
    include_str!("python/program.py"),
    include_str!("python/call_function.py"),
);

/// Where it reads what to call, in the work directory.
const CALL_FILE: &str = "assize_call.json";

/// Where it leaves what came of it.
pub(in crate::judge) const REPORT_FILE: &str = "assize_report.json";

/// What is shown of a call and of what is expected, in bytes.
const SHOWN: usize = 4096;

/// The extension of the files that it can import.
const PYTHON: &str = "py";

/// What a call has to come to.
#[derive(Debug, Clone)]
pub(in crate::judge) struct PlannedCall {
    pub(in crate::judge) expected: Expectation,
    pub(in crate::judge) comparison: Comparison,
    /// The call as Python writes it.
    pub(in crate::judge) call: String,
    /// What is expected, likewise.
    pub(in crate::judge) answer: String,
}

/// What the program that calls is told.
#[derive(Serialize)]
struct Asked<'a> {
    entry: &'a str,
    call: &'a str,
    args: &'a [Data],
    kwargs: &'a std::collections::BTreeMap<String, Data>,
    report_args: bool,
}

impl Judge {
    pub(super) fn calls(&self, calls: &[CallTest]) -> Planned {
        self.planned(calls.iter().map(planned).collect())
    }
}

/// Tells each test which file of the submission it imports.
///
/// # Errors
/// When the language is not Python.
pub(super) fn hand_out(
    submission: &Submission,
    language: &LanguageSettings,
    (calls, entry): (&[CallTest], &str),
    planned: &mut Planned,
) -> Result<(), Rejected> {
    only_of_python(submission, language)?;
    planned.included = vec![importing(submission, language, entry, (CALLER, CALL_FUNCTION))];
    for (call, test) in calls.iter().zip(&mut planned.tests) {
        test.more_files = vec![SourceFile {
            name: CALL_FILE.to_owned(),
            content: asked(call, entry),
        }];
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

fn asked(call: &CallTest, entry: &str) -> Vec<u8> {
    let asked = Asked {
        entry,
        call: call.message.call.as_deref().unwrap_or_default(),
        args: &call.message.args,
        kwargs: &call.message.kwargs,
        report_args: call.message.expect_args.is_some(),
    };
    // These types always serialise; the program that calls would say that nothing is there.
    serde_json::to_vec(&asked).unwrap_or_default()
}

fn planned(call: &CallTest) -> PlannedTest {
    let input = call.message.input.clone().unwrap_or_default();
    PlannedTest {
        name: call.name.clone(),
        sample: true,
        input: TestData::Bytes(Bytes::from(input)),
        answer: None,
        args: Vec::new(),
        files: None,
        more_files: Vec::new(),
        flags: StandardFlags::default(),
        validator_args: Vec::new(),
        score_rule: ScoreRule::Ignored,
        call: Some(PlannedCall {
            expected: call.expected.clone(),
            comparison: call.comparison,
            call: as_python(call),
            answer: answer(&call.expected),
        }),
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
