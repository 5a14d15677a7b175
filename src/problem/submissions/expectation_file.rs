//! `submissions/submissions.yaml` (format 2025-09, section "Example submissions"): globs, and what they ask of the
//! submissions that they match.

use std::collections::HashSet;
use std::path::Path;

use crate::contract::Verdict;
use crate::problem::submissions::expectation::class;
use crate::problem::submissions::globs::{Glob, MOST_PATTERNS};
use crate::problem::yaml::{self, Document, Map, truth_of};
use crate::problem::{Expectation, PackageError, Requirement, TestCase, TimeLimitBounds, Warning};

const KNOWN: [&str; 9] = [
    "language",
    "entrypoint",
    "authors",
    "model_solution",
    "permitted",
    "required",
    "score",
    "message",
    "use_for_time_limit",
];

/// Patterns that all globs of a file stand for, at most: each submission is held against each of them.
const MOST_TOGETHER: usize = 5000;

/// The rules of a package, in the order of the file.
#[derive(Debug, Default)]
pub(in crate::problem) struct ExpectationFile {
    rules: Vec<Rule>,
}

/// What is asked of the submissions that a glob matches.
#[derive(Debug, Clone)]
pub(in crate::problem) struct Rule {
    pub(in crate::problem) glob: String,
    patterns: Glob,
    pub(in crate::problem) language: Option<String>,
    pub(in crate::problem) entry_point: Option<String>,
    /// What holds for all tests, then what holds for some.
    pub(in crate::problem) demands: Vec<Demand>,
    line: Option<u64>,
}

/// What is asked of all tests, or of those that a glob matches.
#[derive(Debug, Clone, Default)]
pub(in crate::problem) struct Demand {
    pub(in crate::problem) tests: Option<String>,
    pub(in crate::problem) permitted: Option<Vec<Verdict>>,
    pub(in crate::problem) required: Option<Vec<Verdict>>,
    score: Option<(f64, f64)>,
    message: Option<String>,
    bounds: Option<UseForTimeLimit>,
    line: Option<u64>,
}

/// What `use_for_time_limit` says; true leaves what `permitted` and `required` imply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UseForTimeLimit {
    No,
    Lower,
    Upper,
}

impl ExpectationFile {
    /// Reads them; there are none without the file.
    pub(in crate::problem) fn read(submissions: &Path, warnings: &mut Vec<Warning>) -> Result<Self, PackageError> {
        let path = submissions.join("submissions.yaml");
        let document = yaml::read(&path)?.unwrap_or_else(|| Document::empty(&path));
        let top = document.map();
        warnings.extend(document.repeated_keys());
        let mut globs = Globs::default();
        let rules = top
            .maps()
            .map(|(glob, section)| Rule::read((glob, &section), &top, &mut globs, warnings));
        Ok(Self {
            rules: rules.collect::<Result<_, _>>()?,
        })
    }

    /// The rule that replaces what a folder stands for: it is named by the folder alone.
    pub(in crate::problem) fn of_folder(&self, folder: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.glob.trim_end_matches('/') == folder)
    }

    /// The rules whose globs match a submission, by their places.
    pub(in crate::problem) fn matching(&self, name: &str) -> Vec<usize> {
        let numbered = self.rules.iter().enumerate();
        let matching = numbered.filter(|(_, rule)| rule.patterns.matches(name));
        matching.map(|(place, _)| place).collect()
    }

    /// Those of them that add to what the folder stands for.
    pub(in crate::problem) fn added(&self, folder: &str, matching: &[usize]) -> Vec<&Rule> {
        let rules = matching.iter().filter_map(|place| self.rules.get(*place));
        rules.filter(|rule| rule.glob.trim_end_matches('/') != folder).collect()
    }

    /// Warnings about globs that match none of the submissions; `matched` are the places of the others.
    pub(in crate::problem) fn without_match(&self, path: &Path, matched: &HashSet<usize>) -> Vec<Warning> {
        let numbered = self.rules.iter().enumerate();
        let unmatched = numbered.filter(|(place, _)| !matched.contains(place));
        unmatched
            .map(|(_, rule)| Warning::at(path, rule.line, format!("{:?} matches no submission", rule.glob)))
            .collect()
    }

    /// Warnings about globs that match none of the tests, so that nothing is asked of any.
    pub(in crate::problem) fn without_test(&self, path: &Path, tests: &[TestCase]) -> Vec<Warning> {
        let demands = self.rules.iter().flat_map(|rule| &rule.demands);
        let unmatched = demands.filter_map(|demand| {
            let name = demand.tests.as_deref()?;
            let glob = Glob::read(name)?;
            let matches = tests.iter().any(|test| glob.matches(&test.name));
            (!matches).then(|| Warning::at(path, demand.line, format!("{name:?} matches no test")))
        });
        unmatched.collect()
    }
}

/// Reads globs of a file, until they stand for too many patterns together.
#[derive(Debug, Default)]
struct Globs {
    patterns: usize,
}

impl Globs {
    fn read(&mut self, glob: &str, section: &Map<'_>) -> Result<Glob, PackageError> {
        let too_many = |what: String| section.invalid(glob, what);
        let read = Glob::read(glob).ok_or_else(|| {
            too_many(format!(
                "this glob is too long, or its braces stand for more than {MOST_PATTERNS} patterns"
            ))
        })?;
        self.patterns += read.patterns();
        if self.patterns > MOST_TOGETHER {
            let message = format!("the globs of this file stand for more than {MOST_TOGETHER} patterns together");
            return Err(too_many(message));
        }
        Ok(read)
    }
}

impl Rule {
    fn read(
        (glob, section): (&str, &Map<'_>),
        top: &Map<'_>,
        globs: &mut Globs,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, PackageError> {
        let patterns = globs.read(glob, top)?;
        let mut demands = vec![Demand::read(None, section)?];
        let mut known = KNOWN.to_vec();
        for (tests, inner) in section.maps().filter(|(key, _)| is_test_glob(key)) {
            globs.read(tests, section)?;
            demands.push(Demand {
                line: section.line(tests),
                ..Demand::read(Some(tests.to_owned()), &inner)?
            });
            known.push(tests);
        }
        warnings.extend(section.unknown_keys(&known));
        Ok(Self {
            glob: glob.to_owned(),
            patterns,
            language: section.text("language")?.map(str::to_owned),
            entry_point: section.text("entrypoint")?.map(str::to_owned),
            demands,
            line: top.line(glob),
        })
    }
}

impl Demand {
    fn read(tests: Option<String>, section: &Map<'_>) -> Result<Self, PackageError> {
        let score = match section.numbers("score")?.as_deref() {
            None => None,
            Some([score]) => Some((*score, *score)),
            Some([least, most]) if least <= most => Some((*least, *most)),
            Some(_) => return Err(section.expected("score", "a number, or the lowest and the highest one in a list")),
        };
        Ok(Self {
            tests,
            permitted: verdicts(section, "permitted")?,
            required: verdicts(section, "required")?,
            score,
            message: section
                .text("message")?
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            bounds: use_for_time_limit(section)?,
            line: None,
        })
    }

    /// Adds what is asked to what is expected already.
    pub(in crate::problem) fn add_to(&self, expectation: &mut Expectation) {
        let tests = || self.tests.clone();
        if let Some(verdicts) = self.permitted.clone().or_else(|| self.permitted_by_bounds()) {
            let tests = tests();
            expectation
                .requirements
                .push(Requirement::Permitted { tests, verdicts });
        }
        if let Some(verdicts) = self.required.clone().or_else(|| self.required_by_bounds()) {
            if self.tests.is_none() {
                expectation.show_first(&verdicts);
            }
            let tests = tests();
            expectation.requirements.push(Requirement::Required { tests, verdicts });
        }
        if let Some((least, most)) = self.score {
            let group = tests();
            expectation.requirements.push(Requirement::Score { group, least, most });
        }
        let message = |text| Requirement::Message { tests: tests(), text };
        expectation.requirements.extend(self.message.clone().map(message));
        if self.asks_of_every_test() {
            expectation.decided_by_first_failure = false;
        }
    }

    /// Whether this says what score the submission gets.
    pub(in crate::problem) fn gives_score(&self) -> bool {
        self.score.is_some() && self.tests.is_none()
    }

    /// Whether this says itself, of all tests, how the submission is used for the time limit.
    pub(in crate::problem) fn decides_on_bounds(&self) -> bool {
        self.bounds.is_some() && self.tests.is_none()
    }

    /// Adds how the tests that this is about bound the time limit (section "Timelimit inference").
    pub(in crate::problem) fn add_bounds(&self, bounds: &mut TimeLimitBounds) {
        let excludes_tle = |verdicts: &Vec<Verdict>| !verdicts.contains(&Verdict::Tle);
        let (lower, upper) = match self.bounds {
            Some(UseForTimeLimit::No) => (false, false),
            Some(UseForTimeLimit::Lower) => (true, false),
            Some(UseForTimeLimit::Upper) => (false, true),
            None => (
                self.permitted.as_ref().is_some_and(excludes_tle),
                self.required.as_deref() == Some(&[Verdict::Tle]),
            ),
        };
        bounds.lower.extend(lower.then(|| self.tests.clone()));
        bounds.upper.extend(upper.then(|| self.tests.clone()));
    }

    /// A lower bound is fast enough, whatever else it is (section "Timelimit inference").
    fn permitted_by_bounds(&self) -> Option<Vec<Verdict>> {
        let is_lower = matches!(self.bounds, Some(UseForTimeLimit::Lower));
        is_lower.then(|| ["AC", "WA", "RTE"].into_iter().filter_map(class).flatten().collect())
    }

    /// An upper bound is too slow.
    fn required_by_bounds(&self) -> Option<Vec<Verdict>> {
        matches!(self.bounds, Some(UseForTimeLimit::Upper)).then(|| vec![Verdict::Tle])
    }

    fn asks_of_every_test(&self) -> bool {
        let asks_by_bounds = matches!(self.bounds, Some(UseForTimeLimit::Lower | UseForTimeLimit::Upper));
        let asks = self.permitted.is_some() || self.required.is_some() || asks_by_bounds;
        asks || self.score.is_some() || self.message.is_some()
    }
}

fn use_for_time_limit(section: &Map<'_>) -> Result<Option<UseForTimeLimit>, PackageError> {
    Ok(match section.text("use_for_time_limit")? {
        None => None,
        Some("lower") => Some(UseForTimeLimit::Lower),
        Some("upper") => Some(UseForTimeLimit::Upper),
        Some(text) if truth_of(text) == Some(true) => None,
        Some(text) if truth_of(text) == Some(false) => Some(UseForTimeLimit::No),
        Some(_) => return Err(section.expected("use_for_time_limit", "true, false, lower or upper")),
    })
}

fn verdicts(section: &Map<'_>, key: &str) -> Result<Option<Vec<Verdict>>, PackageError> {
    let Some(words) = section.words(key)? else {
        return Ok(None);
    };
    let mut verdicts = Vec::new();
    for word in words {
        let message = || format!("{word:?} is no verdict here, expected AC, WA, TLE or RTE");
        verdicts.extend(class(&word).ok_or_else(|| section.invalid(key, message()))?);
    }
    Ok(Some(verdicts))
}

fn is_test_glob(name: &str) -> bool {
    name.starts_with("sample") || name.starts_with("secret") || name.starts_with(['*', '{'])
}
