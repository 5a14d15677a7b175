//! The files of a package: archives, which files there are, which of them judging depends on, and those kept in memory.

pub(crate) mod archive;
pub(super) mod revision;
mod small_files;
mod survey;

pub use small_files::SmallFiles;
pub(super) use survey::{entries, files_below, name_of, start_of, survey};

/// What verdicts depend on: it makes up the revision. Statements and submissions may change freely.
const JUDGED: [&str; 10] = [
    "problem.yaml",
    ".timelimit",
    "domjudge-problem.ini",
    "data",
    "include",
    "output_validators",
    "output_validator",
    "graders",
    "grader",
    "requirements.txt",
];
