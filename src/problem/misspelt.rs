//! Folders whose names are misspellings of those that the formats know: nothing would ever be read in them.

use std::path::Path;

use crate::nearest::slip_of;
use crate::problem::files::{entries_in_use, name_of};
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

/// The misspelt folders of a package, and those of its `data/`. Where the folder that is meant is there too, the other one may
/// be what its author has put aside: that is a warning, of `data/` by those who check it.
pub(super) fn read(root: &Path, warnings: &mut Vec<Warning>) -> Result<Vec<Warning>, PackageError> {
    let mut misspelt = Vec::new();
    for path in entries_in_use(root)? {
        if OF_OTHERS.contains(&name_of(&path).as_str()) {
            continue;
        }
        match meant(&path, &READ) {
            Some(known) if path.with_file_name(known).is_dir() => {
                let message =
                    format!("is a folder that the formats do not know, beside {known}/; nothing in it is read");
                warnings.push(Warning::new(&path, message));
            }
            _ => misspelt.extend(misspelling(&path, &READ)),
        }
    }
    let folders: Vec<&str> = data::folders().collect();
    for path in entries_in_use(&root.join("data"))? {
        misspelt.extend(misspelling(&path, &folders));
    }
    Ok(misspelt)
}

/// What is said of a folder whose name is a misspelling of a known one that is not there.
pub(super) fn misspelling(path: &Path, known: &[&str]) -> Option<Warning> {
    let meant = meant(path, known).filter(|meant| !path.with_file_name(meant).is_dir())?;
    let message = format!("is a folder that the formats do not know, so that nothing in it is read; call it {meant}/");
    Some(Warning::new(path, message))
}

/// The known folder of whose name that of a folder is a misspelling.
fn meant<'a>(path: &Path, known: &[&'a str]) -> Option<&'a str> {
    let name = name_of(path);
    let is_unknown = !known.contains(&name.as_str()) && path.is_dir();
    is_unknown.then(|| slip_of(&name, known.iter().copied())).flatten()
}
