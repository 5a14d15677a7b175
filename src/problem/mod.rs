//! Problem packages of the Kattis / ICPC format: what is to be judged, as data.
//!
//! Nothing here runs anything, and it knows neither broker nor sandbox. Files stay on disk, however large.

mod error;
mod expected;
mod package;
mod revision;
mod store;
mod yaml;

pub use error::{PackageError, Warning};
pub use expected::expected_of_folder;
pub use package::{Package, TestCase};
pub use store::{ProblemError, ProblemStore};
