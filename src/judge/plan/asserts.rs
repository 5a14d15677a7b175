//! Tests that are asserts: they run in a box of their own, and ask the submission in its box for what they need.
//!
//! The boxes talk as those of an interactive problem do, with a program of ours at each end (`python/`). That of the
//! submission is not trusted: what it answers is a claim that something of the submission came to a value.

use bytes::Bytes;

use crate::checker::StandardFlags;
use crate::config::LanguageSettings;
use crate::contract::{AssertTest, Limits, Rejected, SourceFile, Submission};
use crate::judge::Judge;
use crate::judge::grading::ScoreRule;
use crate::judge::options::JudgeOptions;
use crate::judge::plan::calls::{importing, only_of_python};
use crate::judge::plan::limits::limits_of_asserts;
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{CustomValidation, Functions, Planned, PlannedTest, ShownData, Validation, ValidatorSource};

/// Name of the program that answers for the submission.
pub(super) const SERVER: &str = "assize_serve_functions.py";

/// Where it reads which file to import, in the work directory.
pub(super) const ENTRY_FILE: &str = "assize_call.json";

pub(super) const SERVE_FUNCTIONS: &str = concat!(
    include_str!("python/values.py"),
    include_str!("python/program.py"),
    include_str!("python/kinds.py"),
    include_str!("python/operations.py"),
    include_str!("python/bases.py"),
    include_str!("python/wire.py"),
    include_str!("python/foreign.py"),
    include_str!("python/classes.py"),
    include_str!("python/error_classes.py"),
    include_str!("python/raised.py"),
    include_str!("python/replaced.py"),
    include_str!("python/serve_functions.py"),
);

/// The program that runs asserts.
pub(in crate::judge) const VERIFY_ASSERTS: &str = concat!(
    include_str!("python/values.py"),
    include_str!("python/kinds.py"),
    include_str!("python/operations.py"),
    include_str!("python/bases.py"),
    include_str!("python/wire.py"),
    include_str!("python/foreign.py"),
    include_str!("python/classes.py"),
    include_str!("python/error_classes.py"),
    include_str!("python/raised.py"),
    include_str!("python/written.py"),
    include_str!("python/blame.py"),
    include_str!("python/told.py"),
    include_str!("python/proving.py"),
    include_str!("python/asked_classes.py"),
    include_str!("python/asserted.py"),
    include_str!("python/verify_asserts.py")
);

impl Judge {
    pub(super) fn asserts(&self, asserts: &[AssertTest]) -> Planned {
        Planned {
            functions: Some(Functions::Asserts),
            validation: validation(&self.options),
            ..self.planned(asserts.iter().map(planned).collect())
        }
    }
}

/// CPU time of the asserts of a test, without what the program needs, at most: as that of a unit test.
const TEST_CPU_MS: u64 = 10_000;

/// Asserts are run as the validator of an interactive problem is.
pub(super) fn validation(options: &JudgeOptions) -> Validation {
    let usual = limits_of_asserts(options);
    Validation::Custom(CustomValidation {
        program: ValidatorSource::Asserts,
        interactive: true,
        passes: 1,
        limits: Limits {
            cpu_ms: usual.cpu_ms.min(TEST_CPU_MS),
            ..usual
        },
    })
}

/// Tells each test which file of the submission is imported.
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
    planned.included.extend([
        importing(submission, language, entry, (SERVER, SERVE_FUNCTIONS)),
        SourceFile {
            name: ENTRY_FILE.to_owned(),
            content: serde_json::json!({ "entry": entry }).to_string().into_bytes(),
        },
    ]);
    Ok(())
}

pub(super) fn planned(test: &AssertTest) -> PlannedTest {
    PlannedTest {
        name: test.name.clone(),
        sample: true,
        shown: ShownData::Own,
        input: TestData::Bytes(Bytes::from(test.code.clone())),
        answer: None,
        args: Vec::new(),
        files: None,
        more_files: Vec::new(),
        flags: StandardFlags::default(),
        validator_args: test.function.iter().cloned().collect(),
        score_rule: ScoreRule::Ignored,
        call: None,
        skip_reason: None,
    }
}
