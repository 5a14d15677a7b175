//! `data/`: test cases, the groups that they are in, and how the groups are graded.

pub(super) mod aggregation;
mod cases;
mod default_arguments;
pub(super) mod formats;
mod function_files;
mod grading;
mod groups;
mod input_arguments;
pub(super) mod settings;
mod test_files;
mod unit_modules;
mod walk;
mod walk_warnings;

pub(super) use cases::folders;
pub use cases::{DataCase, DataCases, OutputCase};
pub use grading::{Aggregation, CustomGrader, Grading, LegacyGrader, OnReject, ScoreMode, VerdictMode};
pub use groups::{Item, ROUNDING, TestGroup};
pub use input_arguments::InputValidatorArgs;
pub(super) use test_files::UnreadFiles;
pub use walk::TestCase;
pub(super) use walk::Walk;
