//! What is odd about the files and directories that a walk through `data/` finds.

use std::path::Path;

use crate::problem::data::walk::{Walk, stem_of};
use crate::problem::{Item, Kind, TestGroup, TestedBy, Warning};

impl Walk<'_> {
    /// A directory of `secret` without `test_group.yaml` was a group in 2025-09 until December 2025, and scores differ.
    pub(super) fn warn_of_no_group(&mut self, directory: &Path, found: usize) {
        if found == 0 {
            self.warn_of_no_tests(directory, "directory");
        } else if self.kind != Kind::PassFail {
            let message = "is no group, as it has no test_group.yaml: its tests belong to secret itself";
            self.warnings.push(Warning::new(directory, message));
        }
    }

    pub(super) fn warn_of_no_tests(&mut self, directory: &Path, what: &str) {
        let extension = match self.tested_by {
            TestedBy::Functions => ".json or .jsonl",
            TestedBy::Inputs => ".in",
            // Among unit tests, a directory may hold what they need.
            TestedBy::UnitTests => return,
        };
        let message = format!("there is no test ({extension}) in this {what}");
        self.warnings.push(Warning::new(directory, message));
    }

    /// What belongs to a test that is not there is a slip of the author's.
    pub(super) fn warn_unless_beside(&mut self, path: &Path, base: &str) {
        let extensions: &[&str] = match self.tested_by {
            TestedBy::Functions => &["json", "jsonl"],
            TestedBy::Inputs | TestedBy::UnitTests => &["in"],
        };
        let mut inputs = extensions
            .iter()
            .map(|extension| path.with_file_name(format!("{}.{extension}", stem_of(base))));
        if !inputs.any(|input| input.is_file()) {
            let message = format!(
                "belongs to no test: there is no file of this name that ends with .{}",
                extensions.join(" or .")
            );
            self.warnings.push(Warning::new(path, message));
        }
    }

    /// Tests beside groups (format 2025-09, section "Test data groups").
    pub(super) fn warn_of_mixture(&mut self, group: &TestGroup, directory: &Path) {
        let has_tests = group.items.iter().any(|item| matches!(item, Item::Case(_)));
        let message = "holds tests beside groups, where the format wants one or the other; all of them are judged";
        let is_mixed = has_tests && group.groups().next().is_some();
        self.warnings.extend(is_mixed.then(|| Warning::new(directory, message)));
    }
}
