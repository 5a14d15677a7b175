//! Problem packages of the Kattis / ICPC format: what is to be judged, as data.
//!
//! Both formats that are in use, `legacy` and `2025-09` (with its ancestor `2023-07-draft`), become one model. Nothing
//! here runs anything, and it knows neither broker nor sandbox. Files stay on disk, however large.

pub(crate) mod archive;
mod error;
mod examples;
mod expectation;
mod globs;
mod grading;
mod limits;
mod package;
mod revision;
mod store;
mod testdata;
mod validator;
mod yaml;

pub use archive::{OpenPackage, ZipCaps, extract_zip};
pub use error::{PackageError, Warning};
pub use examples::ExampleSubmission;
pub use expectation::{Expectation, Requirement, expected_of_folder};
pub(crate) use globs::matches as glob_matches;
pub use grading::{Aggregation, Grading, LegacyGrader, OnReject, ScoreMode, VerdictMode};
pub use limits::{PackageLimits, TimeLimit};
pub use package::{Format, Kind, Package};
pub use store::{ProblemError, ProblemStore, StoreUrlError};
pub use testdata::{Item, TestCase, TestGroup};
pub use validator::{OutputValidator, ValidatorLanguage, ValidatorProgram};
