//! What is called for the routes of `/page`.

pub(super) mod board;
pub(super) mod dead_letters;
pub(super) mod findings;
pub(super) mod playground;
pub(super) mod problems;
pub(super) mod session;
pub(super) mod submission;
pub(super) mod submission_live;
pub(super) mod submissions;
