//! Python libraries: what a course or a problem asks for, and whether what is installed satisfies it.
//!
//! ```text
//! requirements.txt -> Requirements --missing_from--> Library... (what an environment holds)
//! ```
//!
//! Nothing here installs or runs anything. Names are compared as Python's package index compares them, versions by
//! PEP 440.

mod library;
mod name;
mod requirement;
mod requirement_error;
mod requirements;

pub use library::{Library, LibraryError};
pub use name::LibraryName;
pub use requirement::Requirement;
pub use requirement_error::{RequirementError, RequirementsError};
pub use requirements::Requirements;
