//! Folders whose names are misspellings of those that the formats know: nothing would ever be read in them.

use std::path::Path;

use crate::nearest::slip_of;
use crate::problem::files::{entries, name_of};
use crate::problem::{PackageError, Warning, data};

/// Folders of a package that are read.
const READ: [&str; 9] = [
    "data",
    "graders",
    "grader",
    "include",
    "input_format_validators",
    "input_validators",
    "output_validator",
    "output_validators",
    "submissions",
];

/// Folders that other tools read, some of which are called almost as ours.
const OF_OTHERS: [&str; 10] = [
    "answer_validators",
    "attachments",
    "generators",
    "input_visualizer",
    "output_visualizer",
    "problem_statement",
    "solution",
    "statement",
    "static_validator",
    "static_validators",
];

/// The misspelt folders of a package, and those of its `data/`.
pub(super) fn read(root: &Path) -> Result<Vec<Warning>, PackageError> {
    let mut misspelt = Vec::new();
    for path in entries(root)? {
        if !OF_OTHERS.contains(&name_of(&path).as_str()) {
            misspelt.extend(misspelling(&path, &READ));
        }
    }
    let folders: Vec<&str> = data::folders().collect();
    for path in entries(&root.join("data"))? {
        misspelt.extend(misspelling(&path, &folders));
    }
    Ok(misspelt)
}

/// What is said of a folder whose name is a misspelling of a known one.
pub(super) fn misspelling(path: &Path, known: &[&str]) -> Option<Warning> {
    let name = name_of(path);
    if known.contains(&name.as_str()) || !path.is_dir() {
        return None;
    }
    let meant = slip_of(&name, known)?;
    let message = format!("is a folder that the formats do not know, so that nothing in it is read; call it {meant}/");
    Some(Warning::new(path, message))
}
