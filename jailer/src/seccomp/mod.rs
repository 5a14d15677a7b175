//! The seccomp profile of boxes, which is in Docker's format, as a policy for nsjail.

mod kafel;
mod numbers;
mod profile;

pub use kafel::policy;
pub use profile::{Action, Comparison, Profile, ProfileError, Rule};

/// The profile that is built in: the same as that of boxes of Docker.
pub const PROFILE: &str = include_str!("../../../seccomp/python.json");
