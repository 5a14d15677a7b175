//! The files of a package: archives, which files there are, which of them judging depends on, and those kept in memory.

pub(crate) mod archive;
mod beside;
mod central_directory;
mod names;
pub(super) mod revision;
mod room;
mod small_files;
mod survey;

pub use beside::FilesBeside;
pub(super) use names::{hidden_inputs, is_allowed, leave_out_odd_names};
pub(super) use room::{MOST_NAME_BYTES, Room};
pub use small_files::SmallFiles;
pub(super) use survey::{
    ends_of, entries, entries_in_use, files_below, files_in_use, is_set_aside, name_of, start_of, survey,
};

/// Files of which one makes a directory a package: the format's, and what DOMjudge is content with.
pub(super) const MARKS: [&str; 2] = ["problem.yaml", "domjudge-problem.ini"];

/// Whether a directory is a package, by its files.
pub(super) fn is_package(directory: &std::path::Path) -> bool {
    MARKS.iter().any(|name| directory.join(name).is_file())
}

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
