//! The seccomp profile of boxes, which is in Docker's format, as data: for backends without an engine that reads it.

#![forbid(unsafe_code)]

#[cfg(feature = "filters")]
mod filters;
mod numbers;
mod profile;

#[cfg(feature = "filters")]
pub use filters::{FilterError, filters};
pub use numbers::{X32_BIT, table};
pub use profile::{Action, Comparison, Profile, ProfileError, Rule};

/// The profile that is built in: the same for boxes of every backend.
pub const PROFILE: &str = include_str!("../python.json");

/// What the C library takes as "this kernel is older" (`ENOSYS`): the answer to calls that are newer than all that a
/// profile names, in every backend.
pub const NO_SUCH_CALL: u32 = 38;
