//! The submissions that come with a package.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::contract::Verdict;
use crate::problem::error::or_fault;
use crate::problem::files::{entries, is_set_aside, leave_out_odd_names, name_of};
use crate::problem::submissions::expectation::CRASH;
use crate::problem::submissions::expectation_file::{Demand, ExpectationFile};
use crate::problem::submissions::{annotations, languages};
use crate::problem::{
    Expectation, Format, Kind, PackageError, Requirement, TestCase, TestGroup, TimeLimitBounds, Warning,
    expected_of_folder,
};

/// A submission that comes with a package.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleSubmission {
    /// Path below `submissions/`, such as `accepted/sum.py`.
    pub name: String,
    /// The file or directory.
    pub path: PathBuf,
    /// What it is written in, such as `Python 3` or `C++`; `None` when that cannot be told.
    pub language: Option<String>,
    /// The file to start, if `submissions.yaml` says.
    pub entry_point: Option<String>,
    /// What is expected of it; `None` when nothing is said.
    pub expectation: Option<Expectation>,
    /// How it bounds a time limit that is derived.
    pub bounds: TimeLimitBounds,
}

impl ExampleSubmission {
    /// One of which nothing is known but its files.
    pub fn of_files(name: String, path: PathBuf) -> Self {
        Self {
            language: languages::of_program(&path).ok().flatten(),
            name,
            path,
            entry_point: None,
            expectation: None,
            bounds: TimeLimitBounds::default(),
        }
    }
}

/// The folders that stand for something in one of the formats.
const KNOWN_FOLDERS: [&str; 11] = [
    "accepted",
    "partially_accepted",
    "wrong_answer",
    "time_limit_exceeded",
    "run_time_error",
    "memory_limit_exceeded",
    "output_limit_exceeded",
    "compiler_error",
    "security_violation",
    "brute_force",
    "rejected",
];

/// The folder for submissions of which the package says nothing, or `submissions.yaml` everything, in BAPCtools.
const WITHOUT_VERDICT: &str = "mixed";

/// What the package is that the submissions are to solve.
#[derive(Debug, Clone, Copy)]
pub(in crate::problem) struct Asked<'a> {
    pub(in crate::problem) format: Format,
    pub(in crate::problem) kind: Kind,
    pub(in crate::problem) groups: &'a TestGroup,
    /// It is as if submissions with names that 2025-09 does not allow were not there.
    pub(in crate::problem) names_are_held: bool,
    /// Its tests; `None` where they are known when they are run.
    pub(in crate::problem) tests: Option<&'a [TestCase]>,
}

/// What is asked of the submissions of a folder.
struct Folder<'a> {
    name: &'a str,
    asked: Asked<'a>,
}

/// Reads `submissions/*/*`. Judging does without them: what is wrong with one, or with what is expected of them, is a fault.
pub(in crate::problem) fn read(
    root: &Path,
    asked: Asked<'_>,
    (warnings, faults): (&mut Vec<Warning>, &mut Vec<Warning>),
) -> Result<Vec<ExampleSubmission>, PackageError> {
    let directory = root.join("submissions");
    let rules = or_fault(ExpectationFile::read(&directory, warnings), faults)?.unwrap_or_default();
    let (mut examples, mut matched) = (Vec::new(), HashSet::new());
    for path in folders(&directory, asked, warnings)? {
        let name = name_of(&path);
        if !path.is_dir() {
            warnings.extend(no_submission(&path));
            continue;
        }
        let folder = Folder { name: &name, asked };
        let first = examples.len();
        for path in submissions_in(&path, asked, warnings)? {
            let matching = rules.matching(&folder.name_of(&path));
            let example = folder.example(path, (&rules, &matching), warnings);
            examples.extend(or_fault(example, faults)?);
            matched.extend(matching);
        }
        let is_without = examples[first..].iter().any(|example| example.expectation.is_none());
        if is_without && name != WITHOUT_VERDICT {
            warnings.push(Warning::new(&path, nothing_expected(&name)));
        }
    }
    let file = directory.join("submissions.yaml");
    warnings.extend(rules.without_match(&file, &matched));
    let unmatched = asked.tests.map(|tests| rules.without_test(&file, tests));
    warnings.extend(unmatched.into_iter().flatten());
    Ok(examples)
}

/// What lies in `submissions/`.
fn folders(directory: &Path, asked: Asked<'_>, warnings: &mut Vec<Warning>) -> Result<Vec<PathBuf>, PackageError> {
    let (mut folders, others): (Vec<_>, Vec<_>) = entries(directory)?.into_iter().partition(|path| is_set_aside(path));
    if asked.names_are_held {
        leave_out_odd_names(&mut folders, warnings);
    }
    folders.extend(others);
    Ok(folders)
}

/// A file that lies where folders are expected.
fn no_submission(path: &Path) -> Option<Warning> {
    let name = name_of(path);
    let message = "is no submission: those lie in folders that say what is expected, such as accepted/";
    let is_odd = name != "submissions.yaml" && !name.starts_with("README");
    is_odd.then(|| Warning::new(path, message))
}

fn submissions_in(folder: &Path, asked: Asked<'_>, warnings: &mut Vec<Warning>) -> Result<Vec<PathBuf>, PackageError> {
    let mut paths = entries(folder)?;
    if asked.names_are_held {
        leave_out_odd_names(&mut paths, warnings);
    }
    Ok(paths)
}

/// What to say of a folder that stands for nothing.
fn nothing_expected(folder: &str) -> String {
    let hint = folder_meant(folder).map(|known| format!("; {known}/ is meant, perhaps"));
    format!(
        "is a folder that stands for no verdict, so that any verdict on the submissions in it is right{}",
        hint.unwrap_or_default()
    )
}

/// The folder that a misspelt one means, such as `wrong_answer` for `wrong-answer`.
pub fn folder_meant(folder: &str) -> Option<String> {
    let known = folder.to_ascii_lowercase().replace(['-', ' '], "_");
    let joined = |name: &str| name.replace('_', "");
    let meant = KNOWN_FOLDERS.iter().find(|name| joined(name) == joined(&known))?;
    (*meant != folder).then(|| (*meant).to_owned())
}

impl Folder<'_> {
    /// The name of a submission in it.
    fn name_of(&self, path: &Path) -> String {
        format!("{}/{}", self.name, name_of(path))
    }

    fn example(
        &self,
        path: PathBuf,
        (rules, matching): (&ExpectationFile, &[usize]),
        warnings: &mut Vec<Warning>,
    ) -> Result<ExampleSubmission, PackageError> {
        let own = rules.of_folder(self.name);
        let added = rules.added(self.name, matching);
        let mut all = own.iter().chain(&added).flat_map(|rule| &rule.demands);
        let is_scored = all.any(Demand::gives_score);
        let mut example = ExampleSubmission {
            language: languages::of_program(&path)?,
            expectation: self.expectation(rules, is_scored),
            bounds: self.bounds(rules),
            entry_point: None,
            name: self.name_of(&path),
            path,
        };
        if let Some(tagged) = annotations::of_sources(&example.path, warnings)? {
            example.bounds = bounds_of(&tagged);
            warnings.extend(self.contradicted(&example.path, &tagged));
            example.expectation = Some(tagged);
        }
        for rule in own.into_iter().chain(added.iter().copied()) {
            if let Some(code) = &rule.language {
                example.language = Some(languages::name_of_code(code));
            }
            if rule.entry_point.is_some() {
                example.entry_point.clone_from(&rule.entry_point);
            }
        }
        let demands: Vec<&Demand> = added.iter().flat_map(|rule| &rule.demands).collect();
        if demands.iter().any(|demand| demand.decides_on_bounds()) {
            // Who says it of the submission means it, whatever the folder stands for.
            example.bounds = TimeLimitBounds::default();
        }
        for demand in &demands {
            demand.add_bounds(&mut example.bounds);
        }
        for demand in demands {
            demand.add_to(example.expectation.get_or_insert_with(Expectation::default));
        }
        Ok(example)
    }

    /// Verdicts in a source, none of which the folder stands for.
    fn contradicted(&self, path: &Path, tagged: &Expectation) -> Option<Warning> {
        let meant = match self.verdicts() {
            Some((_, required)) => required,
            None => expected_of_folder(self.name)?,
        };
        let [Requirement::Verdict(named), ..] = &tagged.requirements[..] else {
            return None;
        };
        let message = format!(
            "has @EXPECTED_RESULTS@ without what {}/ stands for; what the source says holds",
            self.name
        );
        let is_other = !named.iter().any(|verdict| meant.contains(verdict));
        is_other.then(|| Warning::new(path, message))
    }

    /// What the folder stands for, with what `submissions.yaml` says under the name of the folder in its place.
    fn expectation(&self, rules: &ExpectationFile, is_scored: bool) -> Option<Expectation> {
        let Some(rule) = rules.of_folder(self.name) else {
            return self.usual(is_scored);
        };
        let [whole, parts @ ..] = &rule.demands[..] else {
            return self.usual(is_scored);
        };
        let (permitted, required) = self.verdicts().unzip();
        let mut whole = whole.clone();
        let mut expectation = if whole.permitted.is_some() || whole.required.is_some() {
            whole.permitted = whole.permitted.or(permitted);
            whole.required = whole.required.or(required);
            Expectation::default()
        } else {
            self.usual(is_scored).unwrap_or_default()
        };
        for demand in std::iter::once(&whole).chain(parts) {
            demand.add_to(&mut expectation);
        }
        Some(expectation)
    }

    /// What the folder stands for by itself; the best score only where `submissions.yaml` says nothing of scores.
    fn usual(&self, is_scored: bool) -> Option<Expectation> {
        let mut usual = self.usual_verdicts()?;
        let best = self.asked.groups.given_maximum(self.asked.kind);
        if let ("accepted", false, Some(best)) = (self.name, is_scored, best) {
            usual.requirements.push(Requirement::Score {
                group: None,
                least: best,
                most: best,
            });
        }
        Some(usual)
    }

    fn usual_verdicts(&self) -> Option<Expectation> {
        match self.name {
            "accepted" if self.asked.kind != Kind::PassFail && self.asked.format == Format::Legacy => {
                Some(Expectation::verdict(vec![Verdict::Ac]))
            }
            "partially_accepted" => Some(self.partially_accepted()),
            name => match (self.verdicts(), self.asked.format) {
                (Some((permitted, required)), Format::Legacy) => {
                    Some(Expectation::of_legacy_folder(permitted, required))
                }
                (Some((permitted, required)), Format::V2025) => Some(Expectation::of_tests(&permitted, &required)),
                (None, _) => expected_of_folder(name).map(Expectation::verdict),
            },
        }
    }

    /// The verdicts that tests may have, and those that one of them must have.
    fn verdicts(&self) -> Option<(Vec<Verdict>, Vec<Verdict>)> {
        use Verdict::{Ac, Ole, Tle, Wa};
        let with = |verdicts: &[Verdict], others: &[Verdict]| [verdicts, others].concat();
        Some(match (self.name, self.asked.format) {
            ("accepted", _) => (vec![Ac], vec![Ac]),
            ("wrong_answer", _) => (vec![Ac, Wa], vec![Wa]),
            // A program that prints without end is too slow for the tools of the formats, which do not limit its output.
            ("time_limit_exceeded", Format::Legacy) => (vec![Ac, Wa, Tle, Ole], vec![Tle, Ole]),
            ("time_limit_exceeded", Format::V2025) => (vec![Ac, Tle, Ole], vec![Tle, Ole]),
            ("run_time_error", Format::Legacy) => (with(&[Ac, Wa, Tle], &CRASH), CRASH.to_vec()),
            ("run_time_error", Format::V2025) => (with(&[Ac], &CRASH), CRASH.to_vec()),
            ("brute_force", _) => (with(&[Ac, Tle], &CRASH), with(&[Tle], &CRASH)),
            ("rejected", _) => (with(&[Ac, Wa, Tle], &CRASH), with(&[Wa, Tle], &CRASH)),
            _ => return None,
        })
    }

    /// Accepted as a whole, and not with the best score (legacy format, section "Example Submissions").
    fn partially_accepted(&self) -> Expectation {
        let mut expectation = Expectation::verdict(vec![Verdict::Ac]);
        expectation.decided_by_first_failure = false;
        if let Some(best) = self.asked.groups.best_score(self.asked.kind) {
            expectation.requirements.push(Requirement::NotTheBestScore { best });
        }
        expectation
    }

    /// What the folder stands for, with what `submissions.yaml` says under its name in its place.
    fn bounds(&self, rules: &ExpectationFile) -> TimeLimitBounds {
        let Some([whole, parts @ ..]) = rules.of_folder(self.name).map(|rule| &rule.demands[..]) else {
            return self.usual_bounds();
        };
        let says_nothing = !whole.decides_on_bounds() && whole.permitted.is_none() && whole.required.is_none();
        let mut bounds = TimeLimitBounds::default();
        if says_nothing {
            bounds = self.usual_bounds();
        } else {
            let (permitted, required) = self.verdicts().unzip();
            let mut whole = whole.clone();
            whole.permitted = whole.permitted.or(permitted);
            whole.required = whole.required.or(required);
            whole.add_bounds(&mut bounds);
        }
        parts.iter().for_each(|demand| demand.add_bounds(&mut bounds));
        bounds
    }

    fn usual_bounds(&self) -> TimeLimitBounds {
        let is_fast = match self.asked.format {
            Format::Legacy => self.name == "accepted",
            Format::V2025 => ["accepted", "wrong_answer", "run_time_error"].contains(&self.name),
        };
        TimeLimitBounds::of_all(is_fast, self.name == "time_limit_exceeded")
    }
}

/// Bounds on the time limit that a submission sets of which all tests have the same verdict.
fn bounds_of(tagged: &Expectation) -> TimeLimitBounds {
    let is_only = |verdict| matches!(&tagged.requirements[..], [Requirement::Verdict(one)] if *one == [verdict]);
    TimeLimitBounds::of_all(is_only(Verdict::Ac), is_only(Verdict::Tle))
}
