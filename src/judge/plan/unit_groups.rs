//! Where unit tests belong, once they have been collected: into the groups of the package, in the place of their modules.

use std::collections::HashMap;

use bytes::Bytes;

use crate::checker::StandardFlags;
use crate::contract::CollectedTest;
use crate::judge::grading::ScoreRule;
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{Plan, PlannedTest, ShownData};
use crate::judge::text::escaped;
use crate::problem::{Item, TestGroup};

/// A test's name, in bytes, at most.
const LONGEST_NAME: usize = 255;

/// What separates the parts of a node id.
const PARTS: &str = "::";

impl Plan {
    /// Whether everybody may see what a unit test does and expects: it is a sample, or came with the submission.
    pub(in crate::judge) fn is_public(&self, test: &str) -> bool {
        self.problem.is_none() || test.starts_with("sample/")
    }

    /// Puts the tests that there are into the place of their modules. Those that do not count, since they were skipped,
    /// are in no group, unless they are all that there is in it.
    pub(in crate::judge) fn collect(&mut self, tests: &[CollectedTest], skips: Vec<Option<String>>, counts: &[bool]) {
        let modules: Vec<String> = self.tests.iter().map(|module| module.name.clone()).collect();
        let place = |test: &CollectedTest| match modules.iter().position(|module| is_of(module, &test.name)) {
            Some(module) => Place::Module(module),
            None => Place::Group(deepest(&self.groups, &test.name)),
        };
        let places: Vec<Place<'_>> = tests.iter().map(place).collect();
        self.groups = Filling { places, counts }.fill(&self.groups);
        let names = shown_names(self, tests);
        let shown = tests.iter().zip(names).zip(skips);
        self.tests = shown
            .map(|((test, name), skip)| planned(test, (name, skip), self.is_public(&test.name)))
            .collect();
    }
}

/// Whether a test, by its node id, is one of a module.
pub(in crate::judge) fn is_of(module: &str, test: &str) -> bool {
    let rest = test.strip_prefix(module);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(PARTS))
}

/// Where a test belongs.
enum Place<'a> {
    /// To a module, by its number.
    Module(usize),
    /// To no module, but to the group around it, as tests do that a `conftest.py` makes.
    Group(&'a str),
}

/// The name of the innermost group that a test lies in.
fn deepest<'a>(group: &'a TestGroup, test: &str) -> &'a str {
    let inner = group.groups().find(|inner| {
        let rest = test.strip_prefix(&inner.name);
        rest.is_some_and(|rest| rest.starts_with('/'))
    });
    inner.map_or(&group.name, |inner| deepest(inner, test))
}

struct Filling<'a> {
    /// Where each test belongs.
    places: Vec<Place<'a>>,
    counts: &'a [bool],
}

impl Filling<'_> {
    fn fill(&self, group: &TestGroup) -> TestGroup {
        let mut items = Vec::new();
        for item in &group.items {
            match item {
                Item::Case(module) => {
                    items.extend(self.tests(|place| matches!(place, Place::Module(of) if of == module)))
                }
                Item::Group(inner) => items.push(Item::Group(self.fill(inner))),
            }
        }
        items.extend(self.tests(|place| matches!(place, Place::Group(name) if *name == group.name)));
        let counts = |item: &Item| match item {
            Item::Case(test) => self.counts.get(*test).copied().unwrap_or(false),
            Item::Group(_) => true,
        };
        if items.iter().any(counts) {
            items.retain(counts);
        }
        TestGroup { items, ..group.clone() }
    }

    fn tests(&self, is_here: impl Fn(&Place<'_>) -> bool) -> Vec<Item> {
        let numbered = self.places.iter().enumerate();
        numbered
            .filter(|(_, place)| is_here(place))
            .map(|(test, _)| Item::Case(test))
            .collect()
    }
}

/// Parameters in a node id may be what is expected: of those of a secret test only the number is shown.
fn shown_names(plan: &Plan, tests: &[CollectedTest]) -> Vec<String> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let mut names = Vec::with_capacity(tests.len());
    for CollectedTest { name, .. } in tests {
        let shown = match without_parameters(name) {
            Some(function) if !plan.is_public(name) => {
                let number = seen.entry(function).or_default();
                *number += 1;
                format!("{function}[{number}]")
            }
            _ => name.clone(),
        };
        names.push(escaped(&shown, LONGEST_NAME));
    }
    names
}

/// The node id of a test with parameters without these.
pub(in crate::judge) fn without_parameters(test: &str) -> Option<&str> {
    let module = test.find(PARTS)?;
    let parameters = test[module..].find('[')?;
    Some(&test[..module + parameters])
}

/// Why a test of a package was skipped, where not everybody may see what it says.
const SKIPPED: &str = "skipped by the tests";

fn planned(test: &CollectedTest, (name, skip): (String, Option<String>), sample: bool) -> PlannedTest {
    PlannedTest {
        name,
        sample,
        shown: ShownData::Own,
        input: TestData::Bytes(Bytes::from(test.source.clone())),
        answer: None,
        args: Vec::new(),
        files: None,
        more_files: Vec::new(),
        flags: StandardFlags::default(),
        validator_args: Vec::new(),
        score_rule: ScoreRule::Ignored,
        call: None,
        skip_reason: skip.map(|reason| match sample && !reason.is_empty() {
            true => reason,
            false => SKIPPED.to_owned(),
        }),
    }
}
