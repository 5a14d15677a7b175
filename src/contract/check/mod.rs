//! Whether what a message asks for can be judged: each part is checked here, before a box is asked for.

pub(super) mod asserts;
pub(super) mod calls;
pub(super) mod files;
mod run;
pub(super) mod submission;
mod test_set;
mod unit_tests;
