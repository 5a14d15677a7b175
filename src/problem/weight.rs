//! What a parsed package holds in memory, about.

use std::path::PathBuf;

use crate::problem::{ExampleSubmission, Item, Package, Requirement, TestCase, TestGroup};

impl Package {
    /// Bytes that it holds in memory, with the small files of its tests.
    pub(super) fn held_bytes(&self) -> usize {
        let tests: usize = self.tests.iter().map(of_test).sum();
        let examples: usize = self.examples.iter().map(of_example).sum();
        let included = self
            .included
            .values()
            .flatten()
            .map(|(name, path)| size_of::<(String, PathBuf)>() + name.len() + path.as_os_str().len());
        let warnings = self
            .warnings
            .iter()
            .chain(&self.faults)
            .map(|warning| size_of_val(warning) + warning.message.len() + warning.path.as_os_str().len());
        let beside = self.beside.names().iter().map(|name| size_of::<String>() + name.len());
        size_of::<Self>()
            + tests
            + examples
            + included.sum::<usize>()
            + beside.sum::<usize>()
            + warnings.sum::<usize>()
            + of_group(&self.root)
            + self.small_files.held_bytes()
    }
}

fn of_test(test: &TestCase) -> usize {
    let paths = [Some(&test.input), test.answer.as_ref(), test.files.as_ref()];
    let notes = [test.hint.as_ref(), test.description.as_ref()];
    size_of_val(test)
        + test.name.len()
        // The text of a value, and the value.
        + test.function.as_ref().map_or(0, |test| 2 * test.bytes())
        + of_texts(&test.args)
        + of_texts(&test.validator_args)
        + paths
            .into_iter()
            .flatten()
            .map(|path| path.as_os_str().len())
            .sum::<usize>()
        + notes.into_iter().flatten().map(String::len).sum::<usize>()
}

fn of_example(example: &ExampleSubmission) -> usize {
    let requirements = example
        .expectation
        .iter()
        .flat_map(|expectation| &expectation.requirements);
    size_of_val(example)
        + example.name.len()
        + example.path.as_os_str().len()
        + requirements.count() * size_of::<Requirement>()
}

fn of_group(group: &TestGroup) -> usize {
    let items = group.items.len() * size_of::<Item>();
    size_of_val(group) + group.name.len() + items + group.groups().map(of_group).sum::<usize>()
}

fn of_texts(texts: &[String]) -> usize {
    texts.iter().map(|text| size_of::<String>() + text.len()).sum()
}
