//! Test cases and the groups that they are in.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::problem::validator::entries;
use crate::problem::yaml::{self, MaxScoreYaml, OneOrMany, TestGroupYaml, TestdataYaml};
use crate::problem::{Aggregation, Format, Grading, Kind, LegacyGrader, OnReject, PackageError, ScoreMode, Warning};

/// Names of the YAML files of a group, in either format.
const GROUP_FILES: [&str; 2] = ["testdata.yaml", "test_group.yaml"];

/// A test case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCase {
    /// Path below `data/` without its extension, such as `secret/01-small`.
    pub name: String,
    /// Whether contestants may see it.
    pub sample: bool,
    /// Its input.
    pub input: PathBuf,
    /// The judge's answer; absent only where nobody reads one.
    pub answer: Option<PathBuf>,
    /// Arguments for the submission.
    pub args: Vec<String>,
    /// Directory with files for the submission.
    pub files: Option<PathBuf>,
    /// Arguments for the output validator.
    pub validator_args: Vec<String>,
}

/// A test data group.
#[derive(Debug, Clone, PartialEq)]
pub struct TestGroup {
    /// Path below `data/`, such as `secret/group1`; empty for the root.
    pub name: String,
    /// Its tests and groups in the order in which they are judged.
    pub items: Vec<Item>,
    /// How judging proceeds after a rejected item.
    pub on_reject: OnReject,
    /// How it is graded.
    pub grading: Grading,
}

/// What a group holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A test, by its index in the order of judging.
    Case(usize),
    /// A group.
    Group(TestGroup),
}

/// What the walk through `data/` needs to know, and what it finds.
pub(super) struct Walk<'a> {
    pub(super) format: Format,
    pub(super) kind: Kind,
    pub(super) validator_flags: Vec<String>,
    pub(super) answers_needed: bool,
    pub(super) tests: Vec<TestCase>,
    pub(super) warnings: &'a mut Vec<Warning>,
}

/// What a group hands down to what it holds.
#[derive(Debug, Clone, Default)]
struct Inherited {
    legacy: TestdataYaml,
    v2025: TestGroupYaml,
}

impl Walk<'_> {
    /// Reads `data/sample` and `data/secret`, in this order.
    pub(super) fn read(&mut self, data: &Path) -> Result<TestGroup, PackageError> {
        let inherited = self.inherit(data, &Inherited::default())?;
        let mut items = Vec::new();
        for name in ["sample", "secret"] {
            let directory = data.join(name);
            if directory.is_dir() {
                items.push(Item::Group(self.group(&directory, name, &inherited)?));
            }
        }
        if !self.tests.iter().any(|test| !test.sample) {
            let message = "there is no secret test: expected data/secret/*.in".to_owned();
            return Err(PackageError::Invalid {
                path: data.to_owned(),
                message,
            });
        }
        self.finish(data, "", items, &inherited)
    }

    fn group(&mut self, directory: &Path, name: &str, above: &Inherited) -> Result<TestGroup, PackageError> {
        let inherited = self.inherit(directory, above)?;
        let mut items = Vec::new();
        let mut paths = entries(directory)?;
        // By base name: "1" comes before "1-small", which file names with their extensions would turn round.
        paths.sort_by_key(|path| {
            path.file_name()
                .map(|name| name.to_string_lossy().trim_end_matches(".in").to_owned())
        });
        for path in paths {
            let base = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && path.extension() != Some(OsStr::new("files")) {
                items.push(Item::Group(self.group(&path, &format!("{name}/{base}"), &inherited)?));
            } else if path.extension() == Some(OsStr::new("in")) {
                let stem = base.trim_end_matches(".in").to_owned();
                let test = self.test_case(directory, name, &stem, &inherited)?;
                items.push(Item::Case(self.tests.len()));
                self.tests.push(test);
            } else {
                self.check_orphan(&path, &base);
            }
        }
        self.finish(directory, name, items, &inherited)
    }

    /// An answer without an input is a slip of the author's.
    fn check_orphan(&mut self, path: &Path, base: &str) {
        if base.ends_with(".ans") && !path.with_extension("in").exists() {
            let message = "is an answer without an input (.in)".to_owned();
            self.warnings.push(Warning {
                path: path.to_owned(),
                message,
            });
        }
    }

    fn inherit(&mut self, directory: &Path, above: &Inherited) -> Result<Inherited, PackageError> {
        let [legacy_file, new_file] = GROUP_FILES.map(|name| directory.join(name));
        match self.format {
            Format::Legacy if new_file.exists() => self.wrong_format(&new_file, "2025-09"),
            Format::V2025 if legacy_file.exists() => self.wrong_format(&legacy_file, "legacy"),
            _ => {}
        }
        let legacy = yaml::read::<TestdataYaml>(&legacy_file)?.unwrap_or_else(|| above.legacy.clone());
        let own = yaml::read::<TestGroupYaml>(&new_file)?.unwrap_or_default();
        Ok(Inherited {
            legacy,
            v2025: own.over(&above.v2025),
        })
    }

    fn wrong_format(&mut self, path: &Path, other: &str) {
        let message = format!("belongs to the format {other}; its arguments for the validator are used all the same");
        self.warnings.push(Warning {
            path: path.to_owned(),
            message,
        });
    }

    fn test_case(
        &mut self,
        directory: &Path,
        group: &str,
        stem: &str,
        inherited: &Inherited,
    ) -> Result<TestCase, PackageError> {
        let beside = |extension: &str| directory.join(format!("{stem}.{extension}"));
        let input = beside("in");
        let answer = Some(beside("ans")).filter(|path| path.is_file());
        if answer.is_none() && self.answers_needed {
            let message = format!("the judge's answer {stem}.ans is missing");
            return Err(PackageError::Invalid { path: input, message });
        }
        let own = yaml::read::<TestGroupYaml>(&beside("yaml"))?
            .unwrap_or_default()
            .over(&inherited.v2025);
        let mut validator_args = self.validator_flags.clone();
        validator_args.extend(
            inherited
                .legacy
                .output_validator_flags
                .iter()
                .flat_map(yaml::FlagsYaml::words),
        );
        validator_args.extend(own.output_validator_args.unwrap_or_default());
        Ok(TestCase {
            name: format!("{group}/{stem}"),
            sample: group == "sample" || group.starts_with("sample/"),
            input,
            answer,
            args: own.args.unwrap_or_default(),
            files: Some(beside("files")).filter(|path| path.is_dir()),
            validator_args,
        })
    }

    fn finish(
        &mut self,
        directory: &Path,
        name: &str,
        items: Vec<Item>,
        inherited: &Inherited,
    ) -> Result<TestGroup, PackageError> {
        let (on_reject, grading) = match self.format {
            Format::Legacy => self.legacy_grading(&directory.join(GROUP_FILES[0]), &inherited.legacy)?,
            Format::V2025 => self.v2025_grading(&directory.join(GROUP_FILES[1]), name, &inherited.v2025)?,
        };
        Ok(TestGroup {
            name: name.to_owned(),
            items,
            on_reject,
            grading,
        })
    }

    fn legacy_grading(&mut self, path: &Path, yaml: &TestdataYaml) -> Result<(OnReject, Grading), PackageError> {
        let invalid = |message: String| PackageError::Invalid {
            path: path.to_owned(),
            message,
        };
        let on_reject = match yaml.on_reject.as_deref() {
            None | Some("break") => OnReject::Break,
            Some("continue") => OnReject::Continue,
            Some(other) => return Err(invalid(format!("on_reject is {other:?}, expected break or continue"))),
        };
        if yaml.grading.as_deref() == Some("custom") {
            return Err(invalid(
                "custom graders are not supported; use the default grader and its flags".to_owned(),
            ));
        }
        let plain = LegacyGrader::default();
        let grader = LegacyGrader {
            accept_score: yaml.accept_score.unwrap_or(plain.accept_score),
            reject_score: yaml.reject_score.unwrap_or(plain.reject_score),
            range: yaml.range.as_deref().map_or(Ok(plain.range), range).map_err(invalid)?,
            ..plain
        };
        let flags = yaml.grader_flags.as_deref().unwrap_or_default();
        let grader = grader
            .with_flags(flags)
            .map_err(|flag| invalid(format!("the grader flag {flag:?} is unknown")))?;
        Ok((on_reject, Grading::Legacy(grader)))
    }

    fn v2025_grading(
        &mut self,
        path: &Path,
        name: &str,
        yaml: &TestGroupYaml,
    ) -> Result<(OnReject, Grading), PackageError> {
        let invalid = |message: String| PackageError::Invalid {
            path: path.to_owned(),
            message,
        };
        let is_secret = name == "secret";
        let aggregation = match (yaml.score_aggregation.as_deref(), self.kind) {
            (_, Kind::PassFail) => Aggregation::PassFail,
            (Some("pass-fail"), _) => Aggregation::PassFail,
            (Some("sum"), _) => Aggregation::Sum,
            (Some("min"), _) => Aggregation::Min,
            (Some(other), _) => {
                return Err(invalid(format!(
                    "score_aggregation is {other:?}, expected pass-fail, sum or min"
                )));
            }
            (None, Kind::Scoring { .. }) if is_secret => Aggregation::Sum,
            (None, Kind::Scoring { .. }) => Aggregation::PassFail,
        };
        let max_score = match &yaml.max_score {
            Some(MaxScoreYaml::Number(score)) if *score >= 0.0 => Some(*score),
            Some(MaxScoreYaml::Word(word)) if word == "unbounded" => None,
            Some(other) => {
                return Err(invalid(format!(
                    "max_score is {other:?}, expected a number or unbounded"
                )));
            }
            None => is_secret.then_some(100.0),
        };
        if yaml.static_validation_score.is_some() {
            return Err(invalid("static validators are not supported".to_owned()));
        }
        // What cannot change the score any more is not run.
        let on_reject = match (self.kind, aggregation) {
            (Kind::PassFail, _) => OnReject::Break,
            (Kind::Scoring { .. }, Aggregation::PassFail | Aggregation::Min) if name.starts_with("secret") => {
                OnReject::Break
            }
            (Kind::Scoring { .. }, _) => OnReject::Continue,
        };
        let require_pass = yaml.require_pass.as_ref().map(OneOrMany::words).unwrap_or_default();
        Ok((
            on_reject,
            Grading::V2025 {
                aggregation,
                max_score,
                require_pass,
            },
        ))
    }
}

impl TestGroupYaml {
    /// Arguments are inherited from the group above; what concerns scores is not.
    fn over(self, above: &Self) -> Self {
        Self {
            args: self.args.or_else(|| above.args.clone()),
            output_validator_args: self
                .output_validator_args
                .or_else(|| above.output_validator_args.clone()),
            ..self
        }
    }
}

/// `range` of the legacy format: two numbers, where `inf` stands for infinity.
fn range(text: &str) -> Result<(f64, f64), String> {
    let numbers: Vec<f64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
    match numbers[..] {
        [low, high] if low <= high => Ok((low, high)),
        _ => Err(format!("range is {text:?}, expected two numbers such as \"0 100\"")),
    }
}

impl TestGroup {
    /// The highest score that the group can give, where that is known.
    pub fn highest_score(&self) -> Option<f64> {
        match &self.grading {
            Grading::V2025 { max_score, .. } => *max_score,
            Grading::Legacy(grader) if grader.range.1.is_finite() => Some(grader.range.1),
            Grading::Legacy(grader) => {
                let scores = self.items.iter().map(|item| match item {
                    Item::Case(_) => Some(grader.accept_score),
                    Item::Group(group) if grader.ignore_sample && group.name == "sample" => Some(0.0),
                    Item::Group(group) => group.highest_score(),
                });
                let scores: Vec<f64> = scores.collect::<Option<_>>()?;
                match grader.score {
                    ScoreMode::Sum => Some(scores.iter().sum()),
                    ScoreMode::Avg | ScoreMode::Min | ScoreMode::Max => scores.into_iter().reduce(f64::max),
                }
            }
        }
    }
}
