//! Problem packages as authors write them: what is understood, what is complained of, and where.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod archive_lists;
mod archives;
mod complaints;
mod groups;
mod hostile;
mod metadata;
mod names;
mod points;
mod room;
mod rules;
mod submissions;
mod tests_and_arguments;
mod validators;

use std::fs;

use assize::problem::{Package, PackageError, TestGroup};
use tempfile::TempDir;

/// A package in a directory of its own: `problem.yaml` and one secret test, with these files over them.
fn package(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let usual = [
        ("problem.yaml", "name: Sum\n"),
        ("data/secret/1.in", "1 2\n"),
        ("data/secret/1.ans", "3\n"),
    ];
    for (name, content) in usual.iter().chain(files) {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    directory
}

fn load(files: &[(&str, &str)]) -> Result<Package, PackageError> {
    Package::load(package(files).path())
}

fn loaded(files: &[(&str, &str)]) -> Package {
    load(files).unwrap_or_else(|error| panic!("{error}: {files:#?}"))
}

fn group<'a>(root: &'a TestGroup, name: &str) -> &'a TestGroup {
    fn find<'a>(group: &'a TestGroup, name: &str) -> Option<&'a TestGroup> {
        if group.name == name {
            return Some(group);
        }
        group.groups().find_map(|inner| find(inner, name))
    }
    find(root, name).unwrap()
}

fn warnings(package: &Package) -> Vec<String> {
    package.warnings.iter().map(ToString::to_string).collect()
}

const CHECKER: (&str, &str) = ("output_validators/check.py", "import sys\nsys.exit(42)\n");

const NEW: &str = "problem_format_version: 2025-09\nname: Sum\n";

const NEW_SCORING: (&str, &str) = (
    "problem.yaml",
    "problem_format_version: 2025-09\nname: Sum\ntype: scoring\n",
);
