//! Bytes between the worker, the runner and its programs.

pub(crate) mod input;
pub(crate) mod memory_file;
pub(crate) mod next_input;
pub(crate) mod socket;
pub(crate) mod stderr;
pub(crate) mod stdin;
pub(crate) mod wire;
