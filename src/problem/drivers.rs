//! Drivers in `include/`: Python programs that read the input and call functions of the submission.

use std::path::Path;

use crate::problem::laid::Included;
use crate::problem::problem_type::ProblemType;
use crate::problem::{Format, TestedBy, Warning};

/// Directories of `include/` for submissions in Python.
const DIRECTORIES: [&str; 3] = ["python3", "python", "default"];

/// Names of a driver that is started in every format.
const USUAL: [&str; 2] = ["main.py", "__main__.py"];

/// The name of a driver in packages for Kodsport's judge.
const GRADER: &str = "grader.py";

/// The only included Python file, where it is a driver by its name. Kattis' problemtools start the first Python file by
/// name where none is called `main`, which depends on what the submission is called.
pub(super) fn grader_of<P>(files: &[(String, P)]) -> Option<&str> {
    match &python_in(files)[..] {
        [GRADER] => Some(GRADER),
        _ => None,
    }
}

/// Python files of a legacy package that look as if one of them were to be started.
pub(super) fn not_started(root: &Path, included: &Included, problem_type: &ProblemType) -> Vec<Warning> {
    if problem_type.format != Format::Legacy || problem_type.tested_by != TestedBy::Inputs {
        return Vec::new();
    }
    let warning = |directory: &&str| {
        let files = included.get(*directory)?;
        let python = python_in(files);
        let is_usual = |name: &&str| USUAL.iter().any(|usual| name.eq_ignore_ascii_case(usual));
        let message = "holds Python files, none of them main.py or __main__.py: the submission itself is started";
        let is_odd = !python.is_empty() && !python.iter().any(is_usual) && grader_of(files).is_none();
        is_odd.then(|| Warning::new(&root.join("include").join(directory), message))
    };
    DIRECTORIES.iter().filter_map(warning).collect()
}

fn python_in<P>(files: &[(String, P)]) -> Vec<&str> {
    let names = files.iter().map(|(name, _)| name.as_str());
    names
        .filter(|name| name.ends_with(".py") || name.ends_with(".py3"))
        .collect()
}
