//! What is to be done for a submission: its tests in order, its limits clamped, its language looked up.

pub(super) mod test_data;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use crate::config::{LanguageSettings, LimitSettings, Settings};
use crate::contract::{InlineTest, Limits, ProblemRef, Rejected, RejectionCode, SourceFile, Submission, Target};
use crate::judge::checker::StandardFlags;
use crate::judge::grading::Stopping;
use crate::judge::plan::test_data::{TestData, data_of, read_small_files};
use crate::judge::{Judge, JudgeError, JudgeFailure};
use crate::problem::{
    Format, Grading, Item, Kind, LegacyGrader, OnReject, OutputValidator, Package, ProblemError, TestCase, TestGroup,
    TimeLimit, ValidatorProgram,
};
use crate::sandbox::host_fault;

/// Everything that is needed to judge one submission.
#[derive(Debug)]
pub(super) struct Plan {
    /// Id of the submission.
    pub(super) id: Uuid,
    /// Its language.
    pub(super) language: LanguageSettings,
    /// Its files, and those that the package adds.
    pub(super) files: Vec<SourceFile>,
    /// The file to start, one of `files`.
    pub(super) entry: String,
    /// The problem and its revision.
    pub(super) problem: Option<ProblemRef>,
    /// The tests, in order.
    pub(super) tests: Vec<PlannedTest>,
    /// The groups that they are in.
    pub(super) groups: TestGroup,
    /// Whether there is a score.
    pub(super) scoring: bool,
    /// Limits of each test.
    pub(super) limits: Limits,
    /// How early judging stops.
    pub(super) stopping: Stopping,
    /// What checks the outputs.
    pub(super) validation: Validation,
    /// Held so that the files of the package stay where they are.
    pub(super) _package: Option<Arc<Package>>,
}

/// What checks the outputs.
#[derive(Debug)]
pub(super) enum Validation {
    /// The default validator, here in the worker.
    Standard,
    /// A program of the package, in a box of its own.
    Custom(CustomValidation),
}

/// An output validator of a package, and how it is used.
#[derive(Debug)]
pub(super) struct CustomValidation {
    pub(super) program: ValidatorProgram,
    /// It talks with the submission.
    pub(super) interactive: bool,
    /// Runs of the submission per test, at most.
    pub(super) passes: u32,
    pub(super) limits: Limits,
}

/// One test.
#[derive(Debug)]
pub(super) struct PlannedTest {
    pub(super) name: String,
    pub(super) sample: bool,
    pub(super) input: TestData,
    /// Without an answer the default validator accepts every output.
    pub(super) answer: Option<TestData>,
    /// Arguments of the submission.
    pub(super) args: Vec<String>,
    /// Directory with files for the submission.
    pub(super) files: Option<PathBuf>,
    /// For the default validator.
    pub(super) flags: StandardFlags,
    /// For a validator of the package.
    pub(super) validator_args: Vec<String>,
}

/// What the target of a submission adds to its plan.
struct Planned {
    problem: Option<ProblemRef>,
    included: Vec<SourceFile>,
    tests: Vec<PlannedTest>,
    groups: TestGroup,
    kind: Kind,
    base: Limits,
    validation: Validation,
    package: Option<Arc<Package>>,
}

impl Judge {
    pub(super) async fn plan(&self, submission: &Submission) -> Result<Plan, JudgeFailure> {
        let language = language_of(submission, &self.settings)?;
        let planned = match &submission.target {
            Target::Inline { tests, validator_flags } => self.inline(submission, tests, validator_flags)?,
            Target::Problem(wanted) => self.of_problem(submission, wanted).await?,
        };
        let Planned {
            problem,
            included,
            tests,
            groups,
            kind,
            base,
            validation,
            package,
        } = planned;
        let mut files = submission.files.clone();
        files.retain(|file| included.iter().all(|other| other.name != file.name));
        files.extend(included);
        let entry = entry_point(submission, &files, language)?;
        // In a scoring problem the groups say what is run, since the score depends on it.
        let stopping = match (kind, submission.stop_on_first_failure) {
            (Kind::PassFail, Some(false)) => Stopping::Never,
            _ => Stopping::AsGroupsSay,
        };
        Ok(Plan {
            id: submission.id,
            language: language.clone(),
            files,
            entry,
            problem,
            tests,
            groups,
            scoring: kind != Kind::PassFail,
            limits: limits_of(submission, base, language, &self.settings.limits),
            stopping,
            validation,
            _package: package,
        })
    }

    fn inline(&self, submission: &Submission, tests: &[InlineTest], flags: &[String]) -> Result<Planned, Rejected> {
        let flags = StandardFlags::parse(flags)
            .map_err(|error| rejected(submission, RejectionCode::Schema, "validator_flags", error.to_string()))?;
        let groups = TestGroup {
            name: String::new(),
            items: (0..tests.len()).map(Item::Case).collect(),
            on_reject: OnReject::Break,
            grading: Grading::Legacy(LegacyGrader::default()),
        };
        Ok(Planned {
            problem: None,
            included: Vec::new(),
            tests: tests
                .iter()
                .enumerate()
                .map(|(index, test)| inline_test(index, test, flags))
                .collect(),
            groups,
            kind: Kind::PassFail,
            base: self.settings.limits.default,
            validation: Validation::Standard,
            package: None,
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
                ProblemError::Cache { source, .. } => {
                    let advice = host_fault(source).unwrap_or("make it a directory that the worker can write to");
                    let reason = error.to_string();
                    return JudgeError::Host { reason, advice }.into();
                }
                _ => return JudgeError::of_host_or(&error, error.to_string(), unusable).into(),
            };
            rejected(submission, RejectionCode::UnknownProblem, field, error.to_string()).into()
        })?;
        check_code_size(submission, &package)?;
        read_small_files(&package).await;
        let default = self.settings.limits.default;
        let base = Limits {
            cpu_ms: match package.limits.time {
                TimeLimit::Given(limit) => milliseconds(limit),
                TimeLimit::Derived { .. } => default.cpu_ms,
            },
            memory_bytes: package.limits.memory_bytes.unwrap_or(default.memory_bytes),
            output_bytes: package.limits.output_bytes.unwrap_or(default.output_bytes),
            ..default
        };
        let tests = package
            .tests
            .iter()
            .map(|test| package_test(test, &package))
            .collect::<Result<_, _>>();
        Ok(Planned {
            problem: Some(ProblemRef {
                id: package.id.clone(),
                revision: Some(package.revision.clone()),
            }),
            included: included(&package).await.map_err(|error| {
                let reason = format!(
                    "cannot read what the problem {} adds to submissions: {error}",
                    package.id
                );
                JudgeError::of_host_or(&error, reason, unusable)
            })?,
            tests: tests.map_err(&unusable)?,
            groups: package.root.clone(),
            kind: package.kind,
            base,
            validation: self.validation(&package).map_err(&unusable)?,
            package: Some(Arc::clone(&package)),
        })
    }

    fn validation(&self, package: &Package) -> Result<Validation, String> {
        let programs = match &package.validator {
            OutputValidator::Default => return Ok(Validation::Standard),
            OutputValidator::Custom(programs) => programs,
        };
        let [program] = &programs[..] else {
            return Err(format!("it has {} output validators, one is supported", programs.len()));
        };
        let settings = &self.settings.validators;
        let cpu_ms = package.limits.validation_time.map_or(settings.cpu_ms, milliseconds);
        Ok(Validation::Custom(CustomValidation {
            program: program.clone(),
            interactive: package.interactive,
            passes: package.passes,
            limits: Limits {
                cpu_ms,
                wall_ms: cpu_ms.saturating_mul(2),
                memory_bytes: package.limits.validation_memory_bytes.unwrap_or(settings.memory_bytes),
                output_bytes: package.limits.validation_output_bytes.unwrap_or(settings.output_bytes),
                processes: self.settings.limits.ceiling.processes,
            },
        }))
    }
}

fn package_test(test: &TestCase, package: &Package) -> Result<PlannedTest, String> {
    let standard = package.validator == OutputValidator::Default;
    let parse = match package.format {
        Format::Legacy => StandardFlags::parse_legacy,
        Format::V2025 => StandardFlags::parse,
    };
    let flags = if standard { &test.validator_args[..] } else { &[] };
    Ok(PlannedTest {
        name: test.name.clone(),
        sample: test.sample,
        input: data_of(package, &test.input),
        answer: test.answer.as_deref().map(|path| data_of(package, path)),
        args: test.args.clone(),
        files: test.files.clone(),
        flags: parse(flags).map_err(|error| format!("arguments of the output validator for {}: {error}", test.name))?,
        validator_args: test.validator_args.clone(),
    })
}

async fn included(package: &Arc<Package>) -> std::io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for (name, path) in &package.included {
        files.push(SourceFile {
            name: name.clone(),
            content: tokio::fs::read(path).await?,
        });
    }
    Ok(files)
}

/// `limits.code` of the package, over which a submission is not judged.
fn check_code_size(submission: &Submission, package: &Package) -> Result<(), Rejected> {
    let size: usize = submission.files.iter().map(|file| file.content.len()).sum();
    match package.limits.code_bytes {
        Some(most) if size as u64 > most => {
            let reason = format!("the files have {size} bytes together, the problem allows {most}");
            Err(rejected(submission, RejectionCode::TooLarge, "files", reason))
        }
        _ => Ok(()),
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

/// The file that the submission names; else the language's usual one, which the package may bring as a driver; else the
/// only source file.
fn entry_point(submission: &Submission, files: &[SourceFile], language: &LanguageSettings) -> Result<String, Rejected> {
    if let Some(entry) = &submission.entry_point {
        return Ok(entry.clone());
    }
    let names = || files.iter().map(|file| file.name.as_str());
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

/// The source files, the entry point first: the language reads it as a program and the others as modules.
pub(super) fn sources(plan: &Plan) -> impl Iterator<Item = &str> {
    let others = plan
        .files
        .iter()
        .map(|file| file.name.as_str())
        .filter(|name| is_source(name, &plan.language) && *name != plan.entry);
    std::iter::once(plan.entry.as_str()).chain(others)
}

/// Whether a file is source code of the language, by its extension.
fn is_source(name: &str, language: &LanguageSettings) -> bool {
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

fn inline_test(index: usize, test: &InlineTest, flags: StandardFlags) -> PlannedTest {
    let data = |text: &str| TestData::Bytes(Bytes::copy_from_slice(text.as_bytes()));
    PlannedTest {
        name: test.name_or_number(index),
        sample: true,
        input: data(&test.input),
        answer: test.answer.as_deref().map(data),
        args: Vec::new(),
        files: None,
        flags,
        validator_args: Vec::new(),
    }
}

fn rejected(submission: &Submission, code: RejectionCode, field: &str, reason: String) -> Rejected {
    Rejected {
        id: Some(submission.id),
        code,
        field: Some(field.to_owned()),
        reason,
    }
    .shortened()
}
