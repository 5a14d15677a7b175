//! Files that are laid beside a submission. None may be a directory on the way to another.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};

use crate::problem::problem_type::ProblemType;
use crate::problem::{FilesBeside, PackageError, TestedBy};

/// Files that are added to submissions, by the directory of `include/` that they are in: relative path, and where they are.
pub(super) type Included = BTreeMap<String, Vec<(String, PathBuf)>>;

/// What the names of the judge's own programs begin with, and of what they are told.
pub const OWN_NAMES: &str = "assize_";

/// The first of `others` that cannot lie beside a file of this name: it is a directory there, or would lie below it.
pub fn in_the_way<'a, T: Borrow<str> + Ord>(name: &str, others: &'a BTreeSet<T>) -> Option<&'a str> {
    let mut above = name.match_indices('/').map(|(end, _)| &name[..end]);
    if let Some(other) = above.find_map(|above| others.get(above)) {
        return Some(other.borrow());
    }
    let below = format!("{name}/");
    let behind = others.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
    let mut behind = behind.map(|other: &'a T| -> &'a str { other.borrow() });
    behind.next().filter(|other| other.starts_with(&below))
}

/// Holds what a package lays beside submissions against each other, and against what the judge lays there.
pub(super) fn check(
    root: &Path,
    (included, beside): (&Included, &FilesBeside),
    problem_type: &ProblemType,
) -> Result<(), PackageError> {
    let is_tested_by_ours = problem_type.tested_by != TestedBy::Inputs || problem_type.submit_answer;
    let is_ours = |name: &&str| is_tested_by_ours && name.starts_with(OWN_NAMES);
    let beside = || beside.names().iter().map(String::as_str);
    if let Some(name) = beside().find(is_ours) {
        return Err(PackageError::invalid(&root.join("data"), taken(name)));
    }
    for (directory, files) in included {
        let path = root.join("include").join(directory);
        let names = || files.iter().map(|(name, _)| name.as_str());
        if let Some(name) = names().find(is_ours) {
            return Err(PackageError::invalid(&path, taken(name)));
        }
        let all: BTreeSet<&str> = names().chain(beside()).collect();
        if let Some((name, other)) = all.iter().find_map(|name| Some((name, in_the_way(name, &all)?))) {
            let message = format!("{name:?} and {other:?}, of which one lies beside a test, cannot both be laid");
            return Err(PackageError::invalid(&path, message));
        }
    }
    Ok(())
}

fn taken(name: &str) -> String {
    format!("{name:?} has a name of the judge's own programs, which begin with {OWN_NAMES}; call it otherwise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_in_the_way_of_what_lies_below_it_and_of_what_it_lies_below() {
        let others = BTreeSet::from(["a/b/c", "a/b.txt", "data", "data.txt"]);
        for (name, expected) in [
            ("a", Some("a/b.txt")),
            ("a/b", Some("a/b/c")),
            ("a/b/c", None),
            ("a/b/c/d", Some("a/b/c")),
            ("data/1", Some("data")),
            ("data", None),
            ("dat", None),
            ("a/b.tx", None),
            ("b", None),
        ] {
            assert_eq!(in_the_way(name, &others), expected, "{name}");
        }
    }
}
