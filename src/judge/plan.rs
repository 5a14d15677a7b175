//! What is to be done for a submission: its tests in order, its limits clamped, its language looked up.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use crate::config::{LanguageSettings, LimitSettings, Settings};
use crate::contract::{InlineTest, Limits, ProblemRef, Rejected, RejectionCode, SourceFile, Submission, Target};
use crate::judge::checker::StandardFlags;
use crate::judge::{Judge, JudgeError, JudgeFailure};
use crate::problem::{ProblemError, TestCase};

/// Everything that is needed to judge one submission.
#[derive(Debug)]
pub(super) struct Plan {
    /// Id of the submission.
    pub(super) id: Uuid,
    /// Its language.
    pub(super) language: LanguageSettings,
    /// Its files.
    pub(super) files: Vec<SourceFile>,
    /// The file to start, one of `files`.
    pub(super) entry: String,
    /// The problem and its revision.
    pub(super) problem: Option<ProblemRef>,
    /// The tests, in order.
    pub(super) tests: Vec<PlannedTest>,
    /// Limits of each test.
    pub(super) limits: Limits,
    /// Whether the tests behind the first failing one are skipped.
    pub(super) stop_on_first_failure: bool,
}

/// One test.
#[derive(Debug)]
pub(super) struct PlannedTest {
    pub(super) name: String,
    pub(super) sample: bool,
    pub(super) input: TestData,
    /// Without an answer every output is accepted.
    pub(super) answer: Option<TestData>,
    pub(super) flags: StandardFlags,
}

/// Input or answer of a test.
#[derive(Debug, Clone)]
pub(super) enum TestData {
    /// In memory.
    Bytes(Bytes),
    /// In a file, however large.
    File(PathBuf),
}

impl Judge {
    pub(super) async fn plan(&self, submission: &Submission) -> Result<Plan, JudgeFailure> {
        let language = language_of(submission, &self.settings)?;
        let entry = entry_point(submission, language)?;
        let Planned { problem, tests, base } = match &submission.target {
            Target::Inline { tests, validator_flags } => self.inline(submission, tests, validator_flags)?,
            Target::Problem(wanted) => self.of_problem(submission, wanted).await?,
        };
        Ok(Plan {
            id: submission.id,
            language: language.clone(),
            files: submission.files.clone(),
            entry,
            problem,
            tests,
            limits: limits_of(submission, base, language, &self.settings.limits),
            stop_on_first_failure: submission.stop_on_first_failure.unwrap_or(true),
        })
    }

    fn inline(&self, submission: &Submission, tests: &[InlineTest], flags: &[String]) -> Result<Planned, Rejected> {
        let flags = StandardFlags::parse(flags)
            .map_err(|error| rejected(submission, RejectionCode::Schema, "validator_flags", error.to_string()))?;
        let tests = tests
            .iter()
            .enumerate()
            .map(|(index, test)| inline_test(index, test, &flags))
            .collect();
        Ok(Planned {
            problem: None,
            tests,
            base: self.settings.limits.default,
        })
    }

    async fn of_problem(&self, submission: &Submission, wanted: &ProblemRef) -> Result<Planned, JudgeFailure> {
        let unusable = |reason: String| JudgeError::Problem {
            problem: wanted.id.clone(),
            reason,
        };
        let package = self.problems.get(wanted).await.map_err(|error| -> JudgeFailure {
            let field = match &error {
                ProblemError::Unknown(_) => "problem.id",
                ProblemError::OtherRevision { .. } => "problem.revision",
                ProblemError::Broken(_) | ProblemError::Load(_) => return unusable(error.to_string()).into(),
            };
            rejected(submission, RejectionCode::UnknownProblem, field, error.to_string()).into()
        })?;
        let flags = StandardFlags::parse_legacy(&package.validator_flags)
            .map_err(|error| unusable(format!("validator_flags: {error}")))?;
        let default = self.settings.limits.default;
        let base = Limits {
            cpu_ms: package.time_limit.map_or(default.cpu_ms, milliseconds),
            memory_bytes: package.memory_bytes.unwrap_or(default.memory_bytes),
            output_bytes: package.output_bytes.unwrap_or(default.output_bytes),
            ..default
        };
        let problem = ProblemRef {
            id: package.id.clone(),
            revision: Some(package.revision.clone()),
        };
        let tests = package.tests.iter().map(|test| package_test(test, flags)).collect();
        Ok(Planned {
            problem: Some(problem),
            tests,
            base,
        })
    }
}

/// What the target of a submission adds to its plan.
struct Planned {
    problem: Option<ProblemRef>,
    tests: Vec<PlannedTest>,
    base: Limits,
}

fn package_test(test: &TestCase, flags: StandardFlags) -> PlannedTest {
    PlannedTest {
        name: test.name.clone(),
        sample: test.sample,
        input: TestData::File(test.input.clone()),
        answer: Some(TestData::File(test.answer.clone())),
        flags,
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn language_of<'a>(submission: &Submission, settings: &'a Settings) -> Result<&'a LanguageSettings, Rejected> {
    settings.languages.get(&submission.language).ok_or_else(|| {
        let known: Vec<&str> = settings.languages.keys().map(String::as_str).collect();
        let reason = format!(
            "{:?} is not configured here; known are: {}",
            submission.language,
            known.join(", ")
        );
        rejected(submission, RejectionCode::UnknownLanguage, "language", reason)
    })
}

/// The file that the submission names; else the language's usual one; else the only source file.
fn entry_point(submission: &Submission, language: &LanguageSettings) -> Result<String, Rejected> {
    if let Some(entry) = &submission.entry_point {
        return Ok(entry.clone());
    }
    let names = || submission.files.iter().map(|file| file.name.as_str());
    if names().any(|name| name == language.entry_point) {
        return Ok(language.entry_point.clone());
    }
    let sources: Vec<&str> = names().filter(|name| is_source(name, language)).collect();
    match sources[..] {
        [only] => Ok(only.to_owned()),
        _ => {
            let reason = format!(
                "which file to start? there is no {}, and {} files end in .{}; name one in entry_point",
                language.entry_point,
                sources.len(),
                language.extension
            );
            Err(rejected(submission, RejectionCode::EntryPoint, "entry_point", reason))
        }
    }
}

/// Whether a file is source code of the language, by its extension.
pub(super) fn is_source(name: &str, language: &LanguageSettings) -> bool {
    name.strip_suffix(&language.extension)
        .is_some_and(|stem| stem.ends_with('.'))
}

fn limits_of(submission: &Submission, base: Limits, language: &LanguageSettings, settings: &LimitSettings) -> Limits {
    let wished = submission.limits;
    let mut limits = wished.over(base, settings.ceiling);
    limits.cpu_ms = scaled(limits.cpu_ms, language.time_multiplier).min(settings.ceiling.cpu_ms);
    if wished.wall_ms.is_none() {
        let wall = scaled(limits.cpu_ms, settings.wall_factor).saturating_add(settings.wall_extra_ms);
        limits.wall_ms = wall.min(settings.ceiling.wall_ms);
    }
    limits
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "milliseconds of at most days times a small positive factor; `as` saturates"
)]
fn scaled(ms: u64, factor: f64) -> u64 {
    (ms as f64 * factor).ceil() as u64
}

fn inline_test(index: usize, test: &InlineTest, flags: &StandardFlags) -> PlannedTest {
    let data = |text: &str| TestData::Bytes(Bytes::copy_from_slice(text.as_bytes()));
    PlannedTest {
        name: test.name.clone().unwrap_or_else(|| (index + 1).to_string()),
        sample: true,
        input: data(&test.input),
        answer: test.answer.as_deref().map(data),
        flags: *flags,
    }
}

fn rejected(submission: &Submission, code: RejectionCode, field: &str, reason: String) -> Rejected {
    Rejected {
        id: Some(submission.id),
        code,
        field: Some(field.to_owned()),
        reason,
    }
}
