//! The program that a command is given: its files, its language, which file is started, and how its functions are called.

pub(super) mod entry;
pub(super) mod languages;
pub(super) mod processes;
pub(super) mod sources;
pub(super) mod stdin;
