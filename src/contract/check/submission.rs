//! The entry point of the checks: bytes become a [`Submission`], or a [`Rejected`] that names the field.

use std::collections::BTreeMap;

use crate::contract::check::asserts::{check_asserts, tests_of};
use crate::contract::check::calls::{check_calls, check_programs};
use crate::contract::check::fields::wrong;
use crate::contract::check::files::{Check, LONGEST_NAME, check_files, check_names};
use crate::contract::check::functional::check_functional;
use crate::contract::check::metadata::check_metadata;
use crate::contract::check::run::check_run;
use crate::contract::check::unit_tests::check_units;
use crate::contract::json::read::{read, readable_id};
use crate::contract::{
    CallOptions, CallProcesses, CallTest, CallTests, CheckedTests, Functional, InlineTest, ProblemRef, PytestOptions,
    Rejected, RejectionCode, RunMessage, SourceFile, Submission, SubmissionCaps, SubmissionMessage, Target,
    TestSetHash, TestSetTarget,
};

/// Parses and checks the body of a message.
///
/// # Errors
/// The first mistake that is found, with the path of its field, and the id of the submission if that can be read.
pub fn parse(body: &[u8], caps: &SubmissionCaps) -> Result<Submission, Rejected> {
    check_length(body, caps)
        .and_then(|()| read(body))
        .and_then(|message| check(message, caps))
        .map_err(|rejected| Rejected {
            id: readable_id(body),
            ..rejected.shortened()
        })
}

fn check_length(body: &[u8], caps: &SubmissionCaps) -> Check<()> {
    let (length, most) = (body.len(), caps.message_bytes);
    if length > most {
        let reason = format!("the message has {length} bytes, at most {most} are allowed");
        return Err(Rejected::new(RejectionCode::TooLarge, None, reason));
    }
    Ok(())
}

/// Checks the fields of a message.
pub(in crate::contract) fn check(mut message: SubmissionMessage, caps: &SubmissionCaps) -> Check<Submission> {
    check_words(&message)?;
    let files = check_files(std::mem::take(&mut message.files), caps)?;
    check_entry_point(message.entry_point.as_deref(), &files)?;
    let target = Brought::of(&mut message).target(&files, caps)?;
    message.limits.check().map_err(|error| {
        Rejected::new(
            RejectionCode::Limits,
            Some(format!("limits.{}", error.field)),
            error.to_string(),
        )
    })?;
    check_metadata(&message.metadata, caps)?;
    Ok(Submission {
        id: message.id,
        language: message.language,
        files,
        entry_point: message.entry_point,
        target,
        limits: message.limits,
        stop_on_first_failure: message.stop_on_first_failure,
        rejudge: message.rejudge,
        metadata: message.metadata,
    })
}

/// What is looked up, stored or shown on one line.
fn check_words(message: &SubmissionMessage) -> Check<()> {
    check_word("language", &message.language)?;
    if let Some(problem) = &message.problem {
        check_word("problem.id", &problem.id)?;
        check_word("problem.revision", problem.revision.as_deref().unwrap_or_default())?;
    }
    for (index, flag) in message.validator_flags.iter().enumerate() {
        check_controls(&format!("validator_flags[{index}]"), flag)?;
    }
    Ok(())
}

/// What a message brings to hold the program against. One of it makes the target.
struct Brought {
    problem: Option<ProblemRef>,
    tests: Option<Vec<InlineTest>>,
    test_set: Option<TestSetHash>,
    asserts: Option<Vec<String>>,
    functional: Option<Functional>,
    call_options: Option<CallOptions>,
    pytest: Option<BTreeMap<String, String>>,
    pytest_options: Option<PytestOptions>,
    run: Option<RunMessage>,
    validator_flags: Vec<String>,
}

impl Brought {
    /// Taken out of the message.
    fn of(message: &mut SubmissionMessage) -> Self {
        Self {
            problem: message.problem.take(),
            tests: message.tests.take(),
            test_set: message.test_set.take(),
            asserts: message.asserts.take(),
            functional: message.functional.take(),
            call_options: message.call_options.take(),
            pytest: message.pytest.take(),
            pytest_options: message.pytest_options.take(),
            run: message.run.take(),
            validator_flags: std::mem::take(&mut message.validator_flags),
        }
    }

    fn target(mut self, files: &[SourceFile], caps: &SubmissionCaps) -> Check<Target> {
        if self.pytest_options.is_some() && self.pytest.is_none() {
            return Err(wrong("pytest_options".to_owned(), "belongs to pytest"));
        }
        let options = self.call_options.take();
        let mut target = self.into_target(files, caps)?;
        match (&mut target, options) {
            (_, None) => {}
            (Target::Calls(calls), Some(options)) => calls.processes = options.processes,
            // Whether its tests are calls is seen when it is found.
            (Target::TestSet(set), Some(options)) => set.processes = Some(options.processes),
            (_, Some(_)) => {
                return Err(wrong(
                    "call_options".to_owned(),
                    "belongs to tests with call, or to functional",
                ));
            }
        }
        Ok(target)
    }

    fn into_target(self, files: &[SourceFile], caps: &SubmissionCaps) -> Check<Target> {
        let has_tests = self.problem.is_some() || self.tests.is_some() || self.test_set.is_some();
        let has_others = self.functional.is_some() || self.asserts.is_some();
        let flags = &self.validator_flags;
        match (self.run, self.pytest, self.functional, self.asserts) {
            (Some(run), pytest, ..) => check_alone("run", has_tests || has_others || pytest.is_some(), flags)
                .and_then(|()| check_run(run, files, caps))
                .map(Target::Run),
            (None, Some(pytest), ..) => check_alone("pytest", has_tests || has_others, flags)
                .and_then(|()| check_units(pytest, self.pytest_options, caps))
                .map(Target::Units),
            (None, None, Some(functional), asserts) => check_alone("functional", has_tests || asserts.is_some(), flags)
                .and_then(|()| check_functional(functional, caps.tests))
                .map(each_alone),
            (None, None, None, Some(asserts)) => check_alone("asserts", has_tests, flags)
                .and_then(|()| tests_of(asserts, caps.tests))
                .map(Target::Asserts),
            (None, None, None, None) => match self.test_set {
                Some(hash) => {
                    let has_others = self.problem.is_some() || self.tests.is_some();
                    check_alone("test_set", has_others, &[])?;
                    Ok(of_test_set(hash, self.validator_flags))
                }
                None => check_target(self.problem, self.tests, self.validator_flags, caps),
            },
        }
    }
}

fn of_test_set(hash: TestSetHash, validator_flags: Vec<String>) -> Target {
    Target::TestSet(TestSetTarget {
        hash,
        validator_flags,
        processes: None,
        found: None,
    })
}

/// Without options, calls have a process each.
fn each_alone(tests: Vec<CallTest>) -> Target {
    Target::Calls(CallTests {
        tests,
        processes: CallProcesses::default(),
    })
}

/// A name that is looked up, stored and shown.
fn check_word(field: &str, word: &str) -> Check<()> {
    if word.len() > LONGEST_NAME {
        let reason = format!("is longer than {LONGEST_NAME} bytes");
        return Err(Rejected::new(RejectionCode::Schema, Some(field.to_owned()), reason));
    }
    check_controls(field, word)
}

/// PostgreSQL stores no NUL, and no control character belongs into what is shown on one line.
fn check_controls(field: &str, text: &str) -> Check<()> {
    if text.chars().any(char::is_control) {
        let reason = format!("{text:?} holds a control character");
        return Err(Rejected::new(RejectionCode::Schema, Some(field.to_owned()), reason));
    }
    Ok(())
}

fn check_entry_point(entry_point: Option<&str>, files: &[SourceFile]) -> Check<()> {
    match entry_point {
        Some(name) if !files.iter().any(|file| file.name == name) => {
            let reason = format!("{name:?} is none of the files");
            Err(Rejected::new(
                RejectionCode::EntryPoint,
                Some("entry_point".to_owned()),
                reason,
            ))
        }
        _ => Ok(()),
    }
}

/// What brings no output to be validated stands alone.
fn check_alone(target: &str, has_tests: bool, validator_flags: &[String]) -> Check<()> {
    let complaint = match (has_tests, validator_flags) {
        (true, _) => (
            target,
            "only one of problem, tests, test_set, asserts, functional, pytest and run can be given",
        ),
        (false, [_, ..]) => ("validator_flags", "belongs to tests whose output is validated"),
        (false, []) => return Ok(()),
    };
    let (field, reason) = complaint;
    Err(Rejected::new(
        RejectionCode::Schema,
        Some(field.to_owned()),
        reason.to_owned(),
    ))
}

fn check_target(
    problem: Option<ProblemRef>,
    tests: Option<Vec<InlineTest>>,
    validator_flags: Vec<String>,
    caps: &SubmissionCaps,
) -> Check<Target> {
    let wrong = |field: &str, reason: String| Err(Rejected::new(RejectionCode::Schema, Some(field.to_owned()), reason));
    match (problem, tests) {
        (Some(problem), None) if validator_flags.is_empty() => Ok(Target::Problem(problem)),
        (Some(_), None) => wrong(
            "validator_flags",
            "belongs to tests, the problem brings its own".to_owned(),
        ),
        (None, Some(tests)) => match check_tests(tests, caps)? {
            CheckedTests::Programs(tests) => Ok(Target::Inline { tests, validator_flags }),
            CheckedTests::Calls(tests) => check_alone("tests", false, &validator_flags).map(|()| each_alone(tests)),
            CheckedTests::Asserts(tests) => {
                check_alone("tests", false, &validator_flags).map(|()| Target::Asserts(tests))
            }
        },
        (Some(_), Some(_)) => wrong("tests", "only one of problem and tests can be given".to_owned()),
        (None, None) => wrong(
            "problem",
            "one of problem, tests, test_set, asserts, functional, pytest and run is missing".to_owned(),
        ),
    }
}

/// Tests that come with a submission, or in a test set: how many, their names, and that they are of one kind.
pub(super) fn check_tests(tests: Vec<InlineTest>, caps: &SubmissionCaps) -> Check<CheckedTests> {
    if tests.is_empty() {
        return Err(wrong("tests".to_owned(), "is empty"));
    }
    if tests.len() > caps.tests {
        let reason = format!("{} tests, at most {} are allowed", tests.len(), caps.tests);
        return Err(Rejected::new(RejectionCode::TooLarge, Some("tests".to_owned()), reason));
    }
    let numbered = tests.iter().enumerate();
    check_names("tests", numbered.map(|(index, test)| test.name_or_number(index)))?;
    if tests.iter().any(|test| test.asserts.is_some()) {
        return check_asserts(tests).map(CheckedTests::Asserts);
    }
    if tests.iter().any(|test| test.call.is_some()) {
        return check_calls(tests).map(CheckedTests::Calls);
    }
    check_programs(&tests)?;
    Ok(CheckedTests::Programs(tests))
}
