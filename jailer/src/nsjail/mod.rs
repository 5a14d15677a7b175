//! All that nsjail is told: its configuration, the mounts of a box, and the seccomp profile in its language.

pub(crate) mod configuration;
mod kafel;
mod mounts;

pub use kafel::policy;
