//! Which format the groups of a package are written in, since packages mix versions.

use std::path::{Path, PathBuf};

use crate::problem::files::is_allowed;
use crate::problem::problem_type::is_draft;
use crate::problem::yaml::{self, Document, Map};
use crate::problem::{Constants, Format, PackageError, TestedBy, Warning};

pub(super) const LEGACY_FILE: &str = "testdata.yaml";
pub(super) const NEW_FILE: &str = "test_group.yaml";

pub(super) const LEGACY_KEYS: [&str; 8] = [
    "on_reject",
    "grading",
    "grader_flags",
    "input_validator_flags",
    "output_validator_flags",
    "accept_score",
    "reject_score",
    "range",
];

/// Keys of the legacy format that the draft has, too.
pub(super) const DRAFT_KEYS: [&str; 2] = ["input_validator_flags", "output_validator_flags"];

pub(super) const TEST_KEYS: [&str; 10] = [
    "args",
    "input_validator_args",
    "static_validator_args",
    "output_validator_args",
    // Of BAPCtools.
    "answer_validator_args",
    "input_visualizer_args",
    "output_visualizer_args",
    "full_feedback",
    "hint",
    "description",
];

pub(super) const GROUP_KEYS: [&str; 6] = [
    "max_score",
    "score_aggregation",
    "require_pass",
    "static_validation_score",
    "static_validation",
    "scoring",
];

/// The format of the package, and the one that its groups are graded by.
#[derive(Debug, Clone, Copy)]
pub(in crate::problem) struct Formats {
    package: Format,
    pub(in crate::problem) groups: Format,
    /// The package is written in 2023-07-draft, which first kept in `testdata.yaml` what is in `test_group.yaml` now.
    is_draft: bool,
}

impl Formats {
    /// Groups with files of the other format only are graded by that one. `yaml` is `problem.yaml`, and `files` are those
    /// below `data`, which holds such tests.
    pub(in crate::problem) fn of<'f>(
        package: Format,
        yaml: &Map<'_>,
        constants: &Constants,
        (data, tested_by): (&Path, TestedBy),
        files: impl IntoIterator<Item = &'f PathBuf>,
    ) -> Result<Self, PackageError> {
        let is_draft = is_draft(yaml)?;
        let (mut has_legacy, mut has_new) = (false, false);
        let is_held = are_names_held(package, is_draft);
        let is_about = |path: &&PathBuf| is_about_groups(data, path, is_held) && !lies_beside(data, path, tested_by);
        for path in files.into_iter().filter(is_about) {
            match path.file_name().and_then(|name| name.to_str()) {
                Some(NEW_FILE) => has_new = true,
                Some(LEGACY_FILE) if is_draft && is_of_draft(path, constants)? => has_new = true,
                Some(LEGACY_FILE) => has_legacy = true,
                _ => {}
            }
        }
        let groups = match (has_legacy, has_new) {
            (true, false) => Format::Legacy,
            (false, true) => Format::V2025,
            _ => package,
        };
        Ok(Self {
            package,
            groups,
            is_draft,
        })
    }

    /// Whether the package is as if files with names that 2025-09 does not allow were not there.
    pub(in crate::problem) fn names_are_held(self) -> bool {
        are_names_held(self.package, self.is_draft)
    }

    /// Whether a directory of `secret` is no group because it has no `test_group.yaml` (2025-09, section "Test data groups";
    /// in the draft, as in 2025-09 until December 2025, every directory was one).
    pub(in crate::problem) fn is_without_settings(self, directory: &Path) -> bool {
        self.names_are_held() && !directory.join(NEW_FILE).is_file()
    }

    /// Whether the arguments of a test may stand in a file of their own.
    pub(super) fn has_args_files(self) -> bool {
        self.is_draft
    }

    /// Whether tests may lie beside groups.
    pub(in crate::problem) fn mixes_tests_and_groups(self) -> bool {
        self.package == Format::Legacy || self.is_draft
    }

    /// A `testdata.yaml` of a group. The draft puts constants into it.
    pub(in crate::problem) fn read_testdata(
        self,
        path: &Path,
        constants: &Constants,
    ) -> Result<Option<Document>, PackageError> {
        match self.is_draft {
            true => yaml::read_with(path, constants),
            false => yaml::read(path),
        }
    }

    /// Whether a `testdata.yaml` says what a `test_group.yaml` says.
    pub(in crate::problem) fn is_new(self, testdata: &Map<'_>) -> bool {
        self.is_draft && !is_legacy(testdata)
    }

    /// What to say of a file of the format that the package is not written in.
    pub(in crate::problem) fn warning(self, document: &Document, format: Format) -> Option<Warning> {
        let name = match format {
            Format::Legacy => "legacy",
            Format::V2025 => "2025-09",
        };
        let effect = match self.groups == format {
            true => "it is understood all the same",
            false => "only its arguments for the validator are used",
        };
        let message = format!("belongs to the format {name}; {effect}");
        (self.package != format).then(|| document.map().file_warning(message))
    }
}

fn are_names_held(package: Format, is_draft: bool) -> bool {
    package == Format::V2025 && !is_draft
}

/// Whether a file lies in `data`, or in a group.
fn is_about_groups(data: &Path, path: &Path, names_are_held: bool) -> bool {
    let Ok(below) = path.strip_prefix(data) else {
        return false;
    };
    let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
    let is_in_group = names.len() == 1 || ["sample", "secret"].iter().any(|root| names[0] == *root);
    is_in_group && (!names_are_held || names.iter().all(|name| is_allowed(name)))
}

/// Whether a directory belongs to one test, whose program finds the files in it.
pub(super) fn is_of_test(directory: &str, tested_by: TestedBy) -> bool {
    directory.ends_with(".files") && tested_by != TestedBy::UnitTests
}

/// Whether a file lies in a directory that belongs to one test.
fn lies_beside(data: &Path, path: &Path, tested_by: TestedBy) -> bool {
    let directories = path.parent().and_then(|parent| parent.strip_prefix(data).ok());
    let mut names = directories.into_iter().flatten();
    names.any(|name| is_of_test(&name.to_string_lossy(), tested_by))
}

/// The file that says how a group is scored, be it there or not.
pub(super) fn file_of(group: &Path) -> PathBuf {
    let draft = group.join(LEGACY_FILE);
    match group.join(NEW_FILE) {
        new if new.is_file() || !draft.is_file() => new,
        _ => draft,
    }
}

/// Whether a file of this name is about a group.
pub(super) fn is_of_group(name: &str) -> bool {
    [LEGACY_FILE, NEW_FILE].contains(&name)
}

fn is_of_draft(path: &Path, constants: &Constants) -> Result<bool, PackageError> {
    let document = yaml::read_with(path, constants)?;
    Ok(document.is_some_and(|document| !is_legacy(&document.map())))
}

/// Whether it has keys of the legacy format, and none of the new one. What both know says nothing.
fn is_legacy(testdata: &Map<'_>) -> bool {
    let has = |known: &[&str]| testdata.keys().any(|key| known.contains(&key));
    let only_legacy = |key: &str| LEGACY_KEYS.contains(&key) && !DRAFT_KEYS.contains(&key);
    testdata.keys().any(only_legacy) && !has(&TEST_KEYS) && !has(&GROUP_KEYS)
}
