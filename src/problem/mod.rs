//! Problem packages of the Kattis / ICPC format: what is to be judged, as data.
//!
//! Both formats that are in use, `legacy` and `2025-09` (with its ancestor `2023-07-draft`), become one model. Nothing
//! here runs anything, and it knows neither broker nor sandbox. Files stay on disk, however large.
//!
//! ```text
//! zip -> directory -> files (no link leads out) -> problem.yaml -> validator, data/, submissions/ -> Package
//! files/archive       files/survey                 yaml/           validator  data/  submissions/    package
//! ```
//!
//! # One model for two ways to score
//!
//! A [`TestGroup`] says how its items become its result ([`Grading`]), and when judging it ends early ([`OnReject`]):
//!
//! - legacy: the default grader with the flags of `testdata.yaml` is [`Grading::Legacy`], the grader of the package
//!   [`Grading::Custom`]. What a group does not set comes from the nearest group above that sets it. `ignore_sample` only ever holds at the root.
//! - 2025-09: the keys of `test_group.yaml` are [`Grading::V2025`]. A group that can win nothing any more is left, which
//!   is [`OnReject::Break`] for `pass-fail` and `min`; a group of `secret` without a highest score has its share of what
//!   is left; groups that are required are there and come before.
//!
//! No group is empty, and every index in a group is one of [`Package::tests`].

mod constants;
mod data;
mod domjudge;
mod drivers;
mod error;
mod files;
mod graders;
mod input_validators;
mod laid;
mod limits;
mod metadata;
mod misspelt;
mod package;
mod problem_error;
mod problem_type;
mod requirements;
mod store;
mod submissions;
mod time_margins;
mod title;
mod unit_tests;
mod validator;
mod weight;
mod yaml;

pub use constants::Constants;
pub use data::{
    Aggregation, CustomGrader, DataCase, DataCases, Grading, InputValidatorArgs, Item, LegacyGrader, OnReject,
    OutputCase, ROUNDING, ScoreMode, TestCase, TestGroup, VerdictMode,
};
pub use error::{PackageError, Warning};
pub use files::archive::{OpenPackage, PackageChecks, ZipCaps, extract_zip};
pub use files::{FilesBeside, SmallFiles};
pub use laid::{OWN_NAMES, in_the_way};
pub use limits::{PackageLimits, TimeLimit};
pub use package::Package;
pub use problem_error::{ProblemCulprit, ProblemError, ProblemFault, StoreUrlError};
pub use problem_type::{Format, Kind, TestedBy};
pub use store::{
    KeptPackage, PackageInUse, PackageOwner, ProblemDirectoryError, ProblemSource, ProblemStore, PutError,
    examine_problems,
};
pub use submissions::{
    ExampleSubmission, Expectation, Requirement, TimeLimitBounds, code_of_language, expected_of_folder, folder_meant,
};
pub(crate) use submissions::{Glob, glob_matches};
pub use time_margins::TimeMargins;
pub use unit_tests::PackageUnits;
pub use validator::{OutputValidator, ValidatorLanguage, ValidatorProgram};
