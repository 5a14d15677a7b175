//! Why a submission could not be judged.

use std::error::Error;
use std::io;
use std::sync::Arc;

use thiserror::Error;
use tokio::task::JoinError;

use crate::checker::FlagError;
use crate::contract::{Rejected, TestSetHash};
use crate::counted::counted;
use crate::host_fault::host_fault;
use crate::judge::validation::fault::{BuildFault, ValidatorFault};
use crate::judge::{Culprit, MissingLibraries, ProgramRole};
use crate::problem::{ProblemCulprit, ProblemError};
use crate::sandbox::{BoxError, LaunchError};

/// A submission that got no verdict.
#[derive(Debug, Error)]
pub enum JudgeFailure {
    /// The submission asks for what this worker does not have.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The judge failed, which is never the submission's fault.
    #[error(transparent)]
    Error(#[from] JudgeError),
}

/// A fault of the judge, its host or the problem package; [`JudgeError::culprit`] says which.
#[derive(Debug, Error)]
pub enum JudgeError {
    /// No box could be started.
    #[error("no box could be started: {0}")]
    Launch(#[from] LaunchError),
    /// Boxes were lost one after the other.
    #[error("{} lost, the last one during {during}: {source}", counted((*.boxes).into(), "box was", "boxes were"))]
    Box {
        /// How many.
        boxes: u32,
        /// How many of them broke while a program ran, and not because the host ended them.
        under_program: u32,
        /// What it was used for.
        during: String,
        /// How the last one was lost.
        source: BoxError,
    },
    /// The problem package cannot be loaded.
    #[error("the problem {problem} cannot be used: {source}")]
    Problem {
        /// Id of the problem.
        problem: String,
        /// Why.
        source: ProblemError,
    },
    /// No environment has the libraries that the problem asks for.
    #[error("the problem {problem} cannot be used: {source}")]
    Libraries {
        /// Id of the problem.
        problem: String,
        /// Which ones, and what to do.
        source: MissingLibraries,
    },
    /// A file of the problem package cannot be read.
    #[error("the problem {problem} cannot be used: cannot read {file}: {source}")]
    PackageFile {
        /// Id of the problem.
        problem: String,
        /// The file, or what it holds.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// The arguments of the default output validator are wrong.
    #[error("the problem {problem} cannot be used: arguments of the output validator for {test}: {source}")]
    ValidatorArguments {
        /// Id of the problem.
        problem: String,
        /// Name of the test.
        test: String,
        /// What is wrong.
        source: FlagError,
    },
    /// The package has several output validators.
    #[error("the problem {problem} cannot be used: it has {validators} output validators, one is supported")]
    SeveralValidators {
        /// Id of the problem.
        problem: String,
        /// How many.
        validators: usize,
    },
    /// The output validator failed.
    #[error("the output validator of the problem {problem} failed on {test}: {fault}")]
    Validator {
        /// Id of the problem.
        problem: String,
        /// Name of the test.
        test: String,
        /// How.
        fault: ValidatorFault,
    },
    /// The asserts of a test themselves are wrong.
    #[error("{test} is wrong, which is no fault of the program: {fault}")]
    Asserts {
        /// The test, and its problem.
        test: String,
        /// What is wrong with it.
        fault: ValidatorFault,
    },
    /// The unit tests themselves are wrong.
    #[error("the unit tests are wrong: {reason}")]
    UnitTests {
        /// Where, and what pytest says.
        reason: String,
        /// Nothing else can be why, so that another attempt would say the same.
        is_certain: bool,
    },
    /// The grader failed.
    #[error("the grader {grader} of the problem {problem} failed on {group}: {fault}")]
    Grader {
        /// Its name.
        grader: String,
        /// Id of the problem.
        problem: String,
        /// The group whose results it got.
        group: String,
        /// How.
        fault: Box<ValidatorFault>,
    },
    /// A group came to more points than its package allows.
    #[error("the group {group} of the problem {problem} came to a score of {score}, its max_score is {highest}")]
    GroupScore {
        /// Id of the problem.
        problem: String,
        /// The group.
        group: String,
        /// What it came to.
        score: f64,
        /// The most that it may come to.
        highest: f64,
    },
    /// A program of the package, such as its output validator, cannot be built.
    #[error("the {role} {validator} of the problem {problem} cannot be built: {fault}")]
    ValidatorBuild {
        /// What it is for.
        role: ProgramRole,
        /// Id of the problem.
        problem: String,
        /// Its name.
        validator: String,
        /// How building it ended.
        fault: BuildFault,
    },
    /// The compile command ended with an exit code that says nothing about the submission.
    #[error("the compile command of {language} failed with exit code {code}: {stderr}")]
    CompileCommand {
        /// The language, as the settings call it.
        language: String,
        /// The exit code.
        code: i32,
        /// What it wrote to standard error, escaped.
        stderr: String,
    },
    /// The language that validators in an interpreted language are started by is not configured.
    #[error("validators.language is {language:?}, and there is no [languages.{language}]")]
    NoValidatorLanguage {
        /// The value of `validators.language`.
        language: String,
    },
    /// A test set cannot be had from the database, or is not what was uploaded.
    #[error("the test set {hash} cannot be used: {source}")]
    TestSet {
        /// Its name.
        hash: TestSetHash,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The workers that judged it before died or fell silent meanwhile.
    #[error("{} died or fell silent while judging it; see the logs of their hosts", counted(*.workers, "worker", "workers"))]
    WorkersLost {
        /// How many.
        workers: u64,
    },
    /// What failed was waited for by several submissions.
    #[error(transparent)]
    Shared(#[from] Arc<Self>),
    /// A task of the judge panicked.
    #[error("a task of the judge failed: {0}")]
    Task(#[from] JoinError),
    /// The judge contradicts itself.
    #[error("the judge failed: {0}")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl JudgeError {
    /// The unit tests are wrong, for certain.
    pub(super) fn unit_tests(reason: String) -> Self {
        Self::UnitTests {
            reason,
            is_certain: true,
        }
    }

    /// The part that has to be looked at.
    pub fn culprit(&self) -> Culprit {
        match self {
            Self::Launch(_) | Self::Box { .. } => Culprit::Boxes,
            Self::Shared(error) => error.culprit(),
            Self::Problem { source, .. } => culprit_of(source),
            _ if host_fault(self).is_some() => Culprit::Host,
            Self::CompileCommand { .. } | Self::NoValidatorLanguage { .. } => Culprit::Image,
            Self::Libraries { .. }
            | Self::PackageFile { .. }
            | Self::ValidatorArguments { .. }
            | Self::SeveralValidators { .. }
            | Self::GroupScore { .. } => Culprit::Problem,
            Self::Validator { .. }
            | Self::Grader { .. }
            | Self::ValidatorBuild { .. }
            | Self::Asserts { .. }
            | Self::UnitTests { .. } => Culprit::Validator,
            Self::TestSet { .. } => Culprit::Database,
            Self::Task(_) | Self::Internal(_) | Self::WorkersLost { .. } => Culprit::Judge,
        }
    }

    /// Whether it is the tests that are wrong: they are so in every attempt.
    pub fn is_of_the_tests(&self) -> bool {
        match self {
            Self::Asserts { .. } => true,
            Self::UnitTests { is_certain, .. } => *is_certain,
            Self::Shared(error) => error.is_of_the_tests(),
            _ => false,
        }
    }

    /// Whether the host is only one thing that explains it: what was put into the boxes, or what ran in each of them, or how
    /// much the submission asks for does too. Other submissions may fare well on this host.
    pub fn has_other_explanations(&self) -> bool {
        match self {
            Self::Box {
                boxes,
                under_program,
                source,
                ..
            } => source.is_about_what_was_put() || source.may_come_of_a_program() || boxes == under_program,
            // A package may ask for more than is usual, or boxes of others are many.
            Self::Launch(LaunchError::NoRoom { .. }) => true,
            Self::Shared(error) => error.has_other_explanations(),
            _ => false,
        }
    }

    /// Whether only submissions that ask for the same environment of a box fare no better on this host.
    pub fn is_of_one_environment(&self) -> bool {
        match self {
            Self::Launch(LaunchError::NotInstalled { .. }) => true,
            Self::Shared(error) => error.is_of_one_environment(),
            _ => false,
        }
    }

    /// What to do about it, where the message does not say so.
    pub fn remedy(&self) -> Option<&'static str> {
        if let Some(remedy) = host_fault(self) {
            return Some(remedy);
        }
        Some(match self {
            Self::Shared(error) => return error.remedy(),
            Self::Problem { source, .. } => return source.remedy(),
            Self::Box { source, .. } if source.is_about_what_was_put() => {
                "see what the submission and its problem put there, and sandbox.scratch_bytes; `assize verify` on the problem \
                 package shows whether it is to blame"
            }
            Self::CompileCommand { .. } => {
                "build its image anew, or correct `compile` and `compile_error_codes` in its table of [languages]"
            }
            Self::NoValidatorLanguage { .. } => "name a language of the settings there",
            Self::SeveralValidators { .. } => "join them in one validator",
            Self::Validator { .. } | Self::Grader { .. } | Self::ValidatorBuild { .. } => {
                "run `assize verify` on the problem package"
            }
            Self::GroupScore { .. } => "raise its max_score in test_group.yaml, or give fewer points to what is in it",
            Self::UnitTests { .. } => "run pytest over them beside a program that is right",
            Self::Asserts { .. } => "mend the test, and try it with a program that is right",
            _ => return None,
        })
    }

    /// The message, with the remedy where there is one.
    pub fn with_remedy(&self) -> String {
        match self.remedy() {
            Some(remedy) => format!("{self}; {remedy}"),
            None => self.to_string(),
        }
    }
}

fn culprit_of(error: &ProblemError) -> Culprit {
    match error.culprit() {
        ProblemCulprit::NotHere | ProblemCulprit::Package => Culprit::Problem,
        ProblemCulprit::Storage => Culprit::Storage,
        ProblemCulprit::Host => Culprit::Host,
        ProblemCulprit::Judge => Culprit::Judge,
    }
}
