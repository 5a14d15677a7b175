//! Whether what a message asks for can be judged: each part is checked here, before a box is asked for.

mod asking;
pub(super) mod asserts;
pub(super) mod calls;
mod expectations;
pub(super) mod fields;
pub(super) mod files;
pub(super) mod functional;
mod metadata;
mod run;
pub(super) mod submission;
mod test_set;
mod unit_tests;
