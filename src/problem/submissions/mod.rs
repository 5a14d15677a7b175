//! `submissions/`: the submissions that come with a package, and what their author expects of each.

mod annotations;
mod examples;
mod expectation;
mod expectation_file;
mod globs;
pub(super) mod languages;
mod time_limit_bounds;

pub(super) use examples::{Asked, read};
pub use examples::{ExampleSubmission, folder_meant};
pub use expectation::{Expectation, Requirement, expected_of_folder};
pub(crate) use globs::{Glob, matches as glob_matches};
pub use languages::code_of_language;
pub use time_limit_bounds::TimeLimitBounds;
