//! What is to be done for a submission: its tests in order, its limits clamped, its language looked up.

mod answers;
pub(super) mod asserts;
mod brought;
pub(super) mod calls;
mod language;
mod libraries;
pub(super) mod limits;
mod places;
pub(super) mod problem;
pub(super) mod test_data;
mod test_set;
pub(super) mod unit_groups;
pub(super) mod units;

use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use crate::checker::StandardFlags;
use crate::config::LanguageSettings;
use crate::contract::{
    CallProcesses, Limits, ProblemRef, Rejected, RejectionCode, SourceFile, Submission, Target, UnitTests,
};
use crate::judge::capture::Capture;
use crate::judge::grading::{ScoreRule, Stopping};
use crate::judge::options::{JudgeOptions, validator_language};
use crate::judge::{Judge, JudgeFailure, ProgramRole};
use crate::problem::{Constants, Kind, PackageInUse, TestGroup, ValidatorProgram};
use crate::sandbox::STDERR_AT_MOST;
use calls::PlannedCall;
pub use language::check_language;
pub(super) use language::sources;
use language::{entry_point, is_source, language_of};
pub use libraries::check_libraries;
use limits::limits_of;
use places::check_places;
use test_data::TestData;
use units::PlannedUnits;

/// Excerpts of all tests of a verdict document together, in bytes of JSON. A broker takes messages of 16 MiB at most
/// (RabbitMQ 4, `max_message_size`).
const EXCERPTS_OF_DOCUMENT: usize = 4 << 20;

/// Everything that is needed to judge one submission.
#[derive(Debug)]
pub(super) struct Plan {
    /// Id of the submission.
    pub(super) id: Uuid,
    /// What the settings call its language.
    pub(super) language_name: String,
    /// Its language.
    pub(super) language: LanguageSettings,
    /// Its files, and those that the package adds.
    pub(super) files: Vec<SourceFile>,
    /// The file to start, one of `files`.
    pub(super) entry: String,
    /// That file is a program of ours, which imports the submission.
    pub(super) tests_functions: bool,
    /// The problem and its revision.
    pub(super) problem: Option<ProblemRef>,
    /// The tests, in order.
    pub(super) tests: Vec<PlannedTest>,
    /// The groups that they are in.
    pub(super) groups: TestGroup,
    /// Whether there is a score, and which one is better.
    pub(super) kind: Kind,
    /// Limits of each test.
    pub(super) limits: Limits,
    /// Limits of the compiler, where there is a toolchain.
    pub(super) compile_limits: Limits,
    /// How early judging stops.
    pub(super) stopping: Stopping,
    /// What checks the outputs.
    pub(super) validation: Validation,
    /// What grades the groups that ask for it.
    pub(super) grader: Option<CustomGrading>,
    /// What is kept of each run, where it is only run.
    pub(super) capture: Option<Capture>,
    /// Which processes calls are made in.
    pub(super) processes: CallProcesses,
    /// Unit tests, where it is judged by such. `tests` are their modules until they have been collected.
    pub(super) units: Option<PlannedUnits>,
    /// Its package, whose files stay where they are as long as this is held.
    pub(super) package: Option<PackageInUse>,
}

/// What checks the outputs.
#[derive(Debug)]
pub(super) enum Validation {
    /// The default validator, here in the worker.
    Standard,
    /// A program of the package, in a box of its own.
    Custom(CustomValidation),
}

/// A program of a package, which is built and run in boxes.
#[derive(Debug, Clone)]
pub(super) struct PackageProgram {
    /// Id of the problem.
    pub(super) problem: String,
    pub(super) role: ProgramRole,
    pub(super) program: ValidatorProgram,
    /// What stands for `{{name}}` in it.
    pub(super) constants: Constants,
}

/// What an output validator is.
#[derive(Debug, Clone)]
pub(super) enum ValidatorSource {
    /// A program of the package.
    Package(PackageProgram),
    /// Ours, which runs asserts that came with the submission.
    Asserts,
}

/// An output validator of a package, and how it is used.
#[derive(Debug)]
pub(super) struct CustomValidation {
    pub(super) program: ValidatorSource,
    /// It talks with the submission.
    pub(super) interactive: bool,
    /// Runs of the submission per test, at most.
    pub(super) passes: u32,
    pub(super) limits: Limits,
}

/// The grader of a package.
#[derive(Debug)]
pub(super) struct CustomGrading {
    pub(super) program: PackageProgram,
    pub(super) limits: Limits,
}

/// One test.
#[derive(Debug, Clone)]
pub(super) struct PlannedTest {
    pub(super) name: String,
    pub(super) sample: bool,
    /// What a verdict shows of it, if it is a sample.
    pub(super) shown: ShownData,
    pub(super) input: TestData,
    /// Without an answer the default validator accepts every output.
    pub(super) answer: Option<TestData>,
    /// Arguments of the submission.
    pub(super) args: Vec<String>,
    /// Directory with files for the submission.
    pub(super) files: Option<PathBuf>,
    /// Files that came along for this test.
    pub(super) more_files: Vec<SourceFile>,
    /// For the default validator.
    pub(super) flags: StandardFlags,
    /// For a validator of the package.
    pub(super) validator_args: Vec<String>,
    /// Which scores the validator of the package may give.
    pub(super) score_rule: ScoreRule,
    /// The call that it is, if it is one.
    pub(super) call: Option<Arc<PlannedCall>>,
    /// Why it was skipped, where the tests themselves decided that.
    pub(super) skip_reason: Option<String>,
}

/// What contestants may see of a sample. The input and the answer of one that is played between two programs are not for
/// them (legacy format, "Interactive Problems"), and other ones can have files that are shown instead (2025-09, "Displayed
/// test cases").
#[derive(Debug, Clone)]
pub(super) enum ShownData {
    /// Its own input and answer.
    Own,
    /// Others.
    Instead { input: TestData, answer: Option<TestData> },
    /// Neither.
    Nothing,
}

/// How the functions of a submission are tested, where it is not run as a program.
#[derive(Debug)]
enum Functions {
    Calls(CallProcesses),
    Asserts,
    Units(UnitTests),
}

/// What the target of a submission adds to its plan.
struct Planned {
    problem: Option<ProblemRef>,
    included: Vec<SourceFile>,
    /// What tests functions of it, if such are tested.
    functions: Option<Functions>,
    tests: Vec<PlannedTest>,
    groups: TestGroup,
    kind: Kind,
    base: Limits,
    compile_limits: Limits,
    validation: Validation,
    grader: Option<CustomGrading>,
    capture: Option<Capture>,
    /// A submission may be answers instead of a program.
    takes_answers: bool,
    package: Option<PackageInUse>,
}

impl Plan {
    /// A test as a message names it.
    pub(super) fn named(&self, test: &str) -> String {
        match &self.problem {
            Some(problem) => format!("the test {test} of the problem {}", problem.id),
            None => format!("the test {test}"),
        }
    }

    /// Id of the problem, for messages.
    pub(super) fn problem_id(&self) -> &str {
        self.problem
            .as_ref()
            .map_or("(tests of the submission)", |problem| &problem.id)
    }

    /// All excerpts of one test together, in bytes of JSON: a verdict document has a ceiling however many tests there are.
    pub(super) fn excerpts_of_test(&self) -> usize {
        EXCERPTS_OF_DOCUMENT / self.tests.len().max(1)
    }

    /// One excerpt at most, in bytes.
    pub(super) fn excerpt_bytes(&self, options: &JudgeOptions) -> usize {
        options.judge.excerpt_bytes.min(self.excerpts_of_test())
    }

    /// Standard error that is kept of a run, in bytes.
    pub(super) fn stderr_keep(&self, options: &JudgeOptions) -> u32 {
        let excerpt = || u32::try_from(self.excerpt_bytes(options)).unwrap_or(u32::MAX);
        let wanted = self.capture.as_ref();
        wanted
            .map_or_else(excerpt, |capture| capture.stderr_keep)
            .min(STDERR_AT_MOST)
    }

    /// Whether the validator talks with the submission.
    pub(super) fn is_interactive(&self) -> bool {
        matches!(&self.validation, Validation::Custom(custom) if custom.interactive)
    }
}

/// What is started, and in which language.
struct Started<'a> {
    language: &'a LanguageSettings,
    entry: String,
    units: Option<PlannedUnits>,
}

impl Judge {
    pub(super) async fn plan(&self, submission: &Submission) -> Result<Plan, JudgeFailure> {
        let language = language_of(submission, &self.options.languages)?;
        let mut planned = self.of_target(submission, language).await?;
        let processes = match &planned.functions {
            Some(Functions::Calls(processes)) => *processes,
            _ => CallProcesses::default(),
        };
        let tests_functions = planned.functions.is_some();
        let language = self.with_libraries(language, planned.package.as_deref())?;
        let started = self.started(submission, &language, &mut planned)?;
        check_places(submission, started.language, &planned)?;
        let limits = self.limits(submission, &planned, started.language);
        Ok(Plan {
            id: submission.id,
            language_name: submission.language.clone(),
            language: started.language.clone(),
            entry: started.entry,
            tests_functions,
            files: with_included(submission, planned.included),
            problem: planned.problem,
            tests: planned.tests,
            groups: planned.groups,
            kind: planned.kind,
            limits,
            compile_limits: planned.compile_limits,
            stopping: match planned.capture {
                Some(_) => Stopping::Never,
                // All of them are run in any case, and only points make a difference.
                None if started.units.is_some() && planned.kind == Kind::PassFail => Stopping::Never,
                None => stopping(submission, planned.kind),
            },
            validation: planned.validation,
            grader: planned.grader,
            capture: planned.capture,
            processes,
            units: started.units,
            package: planned.package,
        })
    }

    /// What the target adds.
    async fn of_target(&self, submission: &Submission, language: &LanguageSettings) -> Result<Planned, JudgeFailure> {
        Ok(match &submission.target {
            Target::Inline { tests, validator_flags } => self.inline(submission, tests, validator_flags)?,
            Target::Problem(requested) => self.of_problem(submission, language, requested).await?,
            Target::TestSet(set) => self.of_test_set(submission, set)?,
            Target::Calls(calls) => self.calls(&calls.tests, calls.processes),
            Target::Asserts(asserts) => self.asserts(asserts),
            Target::Units(tests) => self.units(tests),
            Target::Run(run) => self.only_run(run),
        })
    }

    /// The program of the submission; where it is answers instead, one of ours that prints them.
    fn started<'a>(
        &'a self,
        submission: &Submission,
        language: &'a LanguageSettings,
        planned: &mut Planned,
    ) -> Result<Started<'a>, JudgeFailure> {
        let is_source = |file: &SourceFile| is_source(&file.name, language);
        if planned.takes_answers && !submission.files.iter().any(is_source) {
            answers::hand_out(submission, &mut planned.tests)?;
            planned.included = vec![answers::printer()];
            return Ok(Started {
                language: validator_language(&self.options)?,
                entry: answers::PRINTER.to_owned(),
                units: None,
            });
        }
        let (entry, units) = self.hand_out(submission, language, planned)?;
        Ok(Started { language, entry, units })
    }

    fn limits(&self, submission: &Submission, planned: &Planned, language: &LanguageSettings) -> Limits {
        let mut limits = limits_of(submission, planned.base, language, &self.options.limits);
        if planned.capture.is_some() {
            limits.output_bytes = limits.output_bytes.min(self.options.run.max_output_bytes);
        }
        limits
    }

    /// Says which file is started: the submission's, or a program of ours that imports it and is told what to do with it.
    fn hand_out(
        &self,
        submission: &Submission,
        language: &LanguageSettings,
        planned: &mut Planned,
    ) -> Result<(String, Option<PlannedUnits>), Rejected> {
        let names = language.names_in_packages(&submission.language);
        let driver = planned.package.as_ref().and_then(|package| package.driver_for(&names));
        let entry = entry_point(submission, (&planned.included, driver), language)?;
        Ok(match planned.functions.take() {
            Some(Functions::Calls(_)) => {
                calls::hand_out(submission, language, &entry, planned)?;
                (calls::CALLER.to_owned(), None)
            }
            Some(Functions::Asserts) => {
                asserts::hand_out(submission, language, &entry, planned)?;
                (asserts::SERVER.to_owned(), None)
            }
            Some(Functions::Units(tests)) => {
                let units = self.hand_out_units(submission, language, (&tests, &entry), planned)?;
                (asserts::SERVER.to_owned(), Some(units))
            }
            None => (entry, None),
        })
    }
}

/// The files of the submission; one that the package brings too is the package's.
fn with_included(submission: &Submission, included: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut files = submission.files.clone();
    files.retain(|file| included.iter().all(|other| other.name != file.name));
    files.extend(included);
    files
}

/// In a scoring problem the groups say what is run, since the score depends on it.
fn stopping(submission: &Submission, kind: Kind) -> Stopping {
    let is_calls = match &submission.target {
        Target::Calls(_) | Target::Asserts(_) => true,
        Target::TestSet(set) => set.uses_functions(),
        Target::Problem(_) | Target::Inline { .. } | Target::Run(_) | Target::Units(_) => false,
    };
    match (kind, submission.stop_on_first_failure) {
        (Kind::PassFail, Some(false)) => Stopping::Never,
        // Who calls functions wants to know of each.
        (_, None) if is_calls => Stopping::Never,
        _ => Stopping::AsGroupsSay,
    }
}

pub(super) fn rejected(submission: &Submission, code: RejectionCode, field: &str, reason: String) -> Rejected {
    Rejected {
        id: Some(submission.id),
        code,
        field: Some(field.to_owned()),
        reason,
    }
    .shortened()
}
