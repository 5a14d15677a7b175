//! What templates are given: answers, submissions and charts as pages show them, with all text of others made visible.

pub(super) mod answer;
pub(super) mod chart;
pub(super) mod draft;
pub(super) mod list_address;
pub(super) mod shell;
pub(super) mod submission;
pub(super) mod submission_rows;
pub(super) mod visible;
pub(super) mod words;
