//! What commands print: text that is safe on a terminal, tables, verdicts and progress.

pub(super) mod escape;
mod failed_test;
pub mod print;
pub mod progress;
pub(super) mod reason;
pub mod table;
pub mod units;
pub(super) mod verdict;
