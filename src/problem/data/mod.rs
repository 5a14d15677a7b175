//! `data/`: test cases, the groups that they are in, and how the groups are graded.

mod aggregation;
mod grading;
mod groups;
pub(super) mod settings;
mod walk;

pub use grading::{Aggregation, Grading, LegacyGrader, OnReject, ScoreMode, VerdictMode};
pub use groups::{Item, TestGroup};
pub use walk::TestCase;
pub(super) use walk::Walk;
