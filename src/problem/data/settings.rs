//! What the YAML files beside the test data say: `testdata.yaml` of the legacy format, `test_group.yaml` and the file of a
//! single test of 2025-09.

use std::path::Path;

use crate::problem::data::formats::{DRAFT_KEYS, Formats, GROUP_KEYS, LEGACY_FILE, LEGACY_KEYS, NEW_FILE, TEST_KEYS};
use crate::problem::data::input_arguments::InputValidatorArgs;
use crate::problem::yaml::{self, Map, truth_of};
use crate::problem::{
    Aggregation, Constants, CustomGrader, Format, Grading, Kind, LegacyGrader, OnReject, PackageError, Warning,
};

/// What holds in a group, with what it inherits.
///
/// Legacy: each property comes from the nearest `testdata.yaml` above that sets it, as the format's own tools read it.
/// 2025-09: arguments are inherited, and what concerns scores is not.
#[derive(Debug, Clone, Default)]
pub(in crate::problem) struct GroupSettings {
    pub(in crate::problem) on_reject: Option<OnReject>,
    /// Groups are graded by the grader of the package.
    is_custom: bool,
    /// Arguments of that.
    grader_flags: Vec<String>,
    grader: LegacyGrader,
    /// What `grading` of `problem.yaml` says.
    of_problem: Vec<(&'static str, Vec<String>)>,
    pub(in crate::problem) output_validator_flags: Vec<String>,
    pub(in crate::problem) test: TestSettings,
    pub(in crate::problem) scoring: Scoring,
}

/// What holds for a test.
#[derive(Debug, Clone, Default)]
pub(in crate::problem) struct TestSettings {
    pub(in crate::problem) args: Vec<String>,
    pub(in crate::problem) input_validator_args: InputValidatorArgs,
    pub(in crate::problem) output_validator_args: Vec<String>,
    pub(in crate::problem) hint: Option<String>,
    pub(in crate::problem) description: Option<String>,
}

/// How a group is scored in 2025-09.
#[derive(Debug, Clone, Default)]
pub(in crate::problem) struct Scoring {
    pub(in crate::problem) aggregation: Option<Aggregation>,
    pub(in crate::problem) max_score: MaxScore,
    pub(in crate::problem) require_pass: Vec<String>,
    /// Where the file asks for it.
    pub(in crate::problem) line: Option<u64>,
    pub(in crate::problem) max_score_line: Option<u64>,
}

/// Highest score of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::problem) enum MaxScore {
    #[default]
    Unset,
    Unbounded,
    Points(f64),
}

/// A group whose settings are to be read.
pub(in crate::problem) struct GroupPlace<'a> {
    pub(in crate::problem) directory: &'a Path,
    /// Whether it is `data/` itself.
    pub(in crate::problem) is_root: bool,
    pub(in crate::problem) formats: Formats,
    pub(in crate::problem) constants: &'a Constants,
    pub(in crate::problem) kind: Kind,
}

impl GroupSettings {
    /// What `grading` of `problem.yaml` says. Packages from before there was `testdata.yaml` have it there.
    pub(in crate::problem) fn of_problem(yaml: &Map<'_>) -> Result<Self, PackageError> {
        let mut settings = Self::default();
        if let Some(grading) = yaml.map_at("grading")? {
            settings.on_reject = match grading.text("on_reject")? {
                Some("first_error") => Some(OnReject::Break),
                Some("grade") => Some(OnReject::Continue),
                _ => None,
            };
            settings.apply_grader(&grading)?;
            let given = GRADING_KEYS
                .iter()
                .filter_map(|key| Some((*key, comparable(&grading, key)?)));
            settings.of_problem = given.collect();
        }
        Ok(settings)
    }

    /// The settings of a group below this one.
    pub(in crate::problem) fn read(
        &self,
        place: &GroupPlace<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, PackageError> {
        let mut settings = self.clone();
        settings.scoring = Scoring::default();
        let path = place.directory.join(LEGACY_FILE);
        if let Some(document) = place.formats.read_testdata(&path, place.constants)? {
            if place.formats.is_new(&document.map()) {
                settings.read_new(&path, &DRAFT_KEYS, place, warnings)?;
            } else {
                warnings.extend(place.formats.warning(&document, Format::Legacy));
                warnings.extend(document.repeated_keys());
                settings.apply_legacy(&document.map(), place, warnings)?;
            }
        }
        // Only `data/` has something to leave out.
        settings.grader.ignore_sample &= place.is_root;
        settings.read_new(&place.directory.join(NEW_FILE), &[], place, warnings)?;
        Ok(settings)
    }

    /// What the file of a group says in the new format, and under these keys of the legacy one.
    fn read_new(
        &mut self,
        path: &Path,
        legacy: &[&str],
        place: &GroupPlace<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), PackageError> {
        let Some(document) = yaml::read_with(path, place.constants)? else {
            return Ok(());
        };
        warnings.extend(place.formats.warning(&document, Format::V2025));
        let map = document.map();
        warnings.extend(document.repeated_keys());
        warnings.extend(map.unknown_keys(&[&TEST_KEYS[..], &GROUP_KEYS, legacy].concat()));
        self.test = self.test.over(&map, warnings)?;
        self.scoring = Scoring::read(&map, warnings)?;
        if legacy.is_empty() {
            return Ok(());
        }
        self.apply_flags_of_validators(&map, warnings)
    }

    fn apply_legacy(
        &mut self,
        yaml: &Map<'_>,
        place: &GroupPlace<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), PackageError> {
        warnings.extend(yaml.unknown_keys(&LEGACY_KEYS));
        match yaml.text("on_reject")? {
            None => {}
            Some("break") => self.on_reject = Some(OnReject::Break),
            Some("continue") => self.on_reject = Some(OnReject::Continue),
            Some(_) => return Err(yaml.expected("on_reject", "break or continue")),
        }
        match yaml.text("grading")? {
            None => {}
            Some("default") => self.is_custom = false,
            Some("custom") => self.is_custom = true,
            Some(_) => return Err(yaml.expected("grading", "default or custom")),
        }
        self.apply_grader(yaml)?;
        warnings.extend(self.set_otherwise(yaml));
        warnings.extend(unscored(yaml, place.kind));
        if self.grader.ignore_sample && !self.is_custom && yaml.has("grader_flags") {
            warnings.extend(
                self.ignored_sample(place.is_root)
                    .map(|message| yaml.warning("grader_flags", message)),
            );
        }
        self.apply_flags_of_validators(yaml, warnings)
    }

    fn apply_flags_of_validators(&mut self, yaml: &Map<'_>, warnings: &mut Vec<Warning>) -> Result<(), PackageError> {
        if let Some(flags) = validator_flags(yaml, warnings)? {
            self.output_validator_flags = flags;
        }
        if let Some(flags) = InputValidatorArgs::of_legacy(yaml, warnings) {
            self.test.input_validator_args = flags;
        }
        Ok(())
    }

    /// What `grading` of `problem.yaml` says otherwise. Kattis' problemtools take that then, and not what is nearer.
    fn set_otherwise(&self, testdata: &Map<'_>) -> Vec<Warning> {
        let warning = |(key, given): &(&'static str, Vec<String>)| {
            let here = comparable(testdata, key)?;
            let message = format!("{key} is another than grading.{key} of problem.yaml; the one in this file holds");
            (here != *given).then(|| testdata.warning(key, message))
        };
        self.of_problem.iter().filter_map(warning).collect()
    }

    /// How the group is graded in the legacy format.
    pub(in crate::problem) fn grading(&self) -> Grading {
        let LegacyGrader {
            accept_score,
            reject_score,
            range,
            ..
        } = self.grader;
        if !self.is_custom {
            return Grading::Legacy(self.grader.clone());
        }
        Grading::Custom(CustomGrader {
            flags: self.grader_flags.clone(),
            accept_score,
            reject_score,
            range,
        })
    }

    /// What is odd about the grader flag `ignore_sample`.
    fn ignored_sample(&self, is_root: bool) -> Option<&'static str> {
        match (is_root, self.on_reject) {
            (false, _) => Some("the grader flag ignore_sample has no effect here, only in data/testdata.yaml"),
            (true, Some(OnReject::Continue)) => None,
            (true, _) => Some("ignore_sample needs \"on_reject: continue\": else a failed sample ends judging"),
        }
    }

    fn apply_grader(&mut self, yaml: &Map<'_>) -> Result<(), PackageError> {
        if let Some(flags) = yaml.words("grader_flags")? {
            self.grader_flags.clone_from(&flags);
            self.apply_flags(&flags, yaml)?;
        }
        self.grader.accept_score = yaml.number("accept_score")?.unwrap_or(self.grader.accept_score);
        self.grader.reject_score = yaml.number("reject_score")?.unwrap_or(self.grader.reject_score);
        match yaml.numbers("range")?.as_deref() {
            None => {}
            Some([low, high]) if low <= high => self.grader.range = (*low, *high),
            Some(_) => return Err(yaml.expected("range", "two numbers, the lower one first, such as \"0 100\"")),
        }
        Ok(())
    }

    /// Flags of the default grader; those of the grader of a package are its own business.
    fn apply_flags(&mut self, flags: &[String], yaml: &Map<'_>) -> Result<(), PackageError> {
        if self.is_custom {
            return Ok(());
        }
        let LegacyGrader {
            accept_score,
            reject_score,
            range,
            ..
        } = self.grader;
        let grader = LegacyGrader {
            accept_score,
            reject_score,
            range,
            ..LegacyGrader::default()
        };
        self.grader = grader.with_flags(flags).map_err(|flag| {
            let message = format!("the grader flag {flag:?} is unknown");
            yaml.invalid("grader_flags", message)
        })?;
        Ok(())
    }
}

impl TestSettings {
    /// The settings of a single test in this group (`<test>.yaml`).
    pub(in crate::problem) fn of_test(&self, path: &Path, warnings: &mut Vec<Warning>) -> Result<Self, PackageError> {
        let Some(document) = yaml::read(path)? else {
            return Ok(self.clone());
        };
        let map = document.map();
        warnings.extend(document.repeated_keys());
        warnings.extend(map.unknown_keys(&TEST_KEYS));
        self.over(&map, warnings)
    }

    fn over(&self, yaml: &Map<'_>, warnings: &mut Vec<Warning>) -> Result<Self, PackageError> {
        let text = |key| yaml.text(key).map(|text| text.map(str::to_owned));
        Ok(Self {
            args: yaml.arguments("args")?.unwrap_or_else(|| self.args.clone()),
            input_validator_args: InputValidatorArgs::read(yaml, warnings)
                .unwrap_or_else(|| self.input_validator_args.clone()),
            output_validator_args: yaml
                .arguments("output_validator_args")?
                .unwrap_or_else(|| self.output_validator_args.clone()),
            hint: text("hint")?.or_else(|| self.hint.clone()),
            description: text("description")?.or_else(|| self.description.clone()),
        })
    }
}

impl Scoring {
    fn read(yaml: &Map<'_>, warnings: &mut Vec<Warning>) -> Result<Self, PackageError> {
        for key in ["static_validation_score", "static_validation"] {
            let is_off = matches!(yaml.text(key), Ok(Some(text)) if truth_of(text) == Some(false));
            if yaml.has(key) && !is_off {
                return Err(yaml.invalid(key, format!("{key}: static validators are not supported")));
            }
        }
        // 2023-07-draft keeps the same in a map of its own, under shorter names.
        let (map, [max_score, aggregation]) = match yaml.map_at("scoring")? {
            Some(scoring) => (scoring, ["score", "aggregation"]),
            None => (yaml.clone(), ["max_score", "score_aggregation"]),
        };
        Ok(Self {
            aggregation: aggregation_of(&map, aggregation)?,
            max_score: max_score_of(&map, max_score, warnings)?,
            require_pass: map.words("require_pass")?.unwrap_or_default(),
            line: map.line("require_pass"),
            max_score_line: map.line(max_score),
        })
    }
}

/// Keys that stand in `grading` of `problem.yaml` and in `testdata.yaml`.
const GRADING_KEYS: [&str; 5] = ["on_reject", "grader_flags", "accept_score", "reject_score", "range"];

/// The words behind a key, in one spelling.
fn comparable(yaml: &Map<'_>, key: &str) -> Option<Vec<String>> {
    let same = |word: String| match word.as_str() {
        "first_error" => "break".to_owned(),
        "grade" => "continue".to_owned(),
        text => match text.parse::<f64>() {
            Ok(number) => number.to_string(),
            Err(_no_number) => text.to_owned(),
        },
    };
    Some(yaml.words(key).ok()??.into_iter().map(same).collect())
}

/// Scores of a group of a problem that has none.
fn unscored(yaml: &Map<'_>, kind: Kind) -> Option<Warning> {
    let mut keys = ["accept_score", "reject_score", "range"].into_iter();
    let key = keys.find(|key| kind == Kind::PassFail && yaml.has(key))?;
    Some(yaml.warning(
        key,
        format!("{key} has no effect: the problem is of the type pass-fail"),
    ))
}

fn aggregation_of(map: &Map<'_>, key: &str) -> Result<Option<Aggregation>, PackageError> {
    Ok(match map.text(key)? {
        None => None,
        Some("pass-fail") => Some(Aggregation::PassFail),
        Some("sum") => Some(Aggregation::Sum),
        Some("min") => Some(Aggregation::Min),
        Some(_) => return Err(map.expected(key, "pass-fail, sum or min")),
    })
}

fn max_score_of(map: &Map<'_>, key: &str, warnings: &mut Vec<Warning>) -> Result<MaxScore, PackageError> {
    match map.text(key)? {
        None => Ok(MaxScore::Unset),
        Some("unbounded") => Ok(MaxScore::Unbounded),
        Some(text) => {
            let points = text
                .parse()
                .ok()
                .filter(|points: &f64| points.is_finite() && *points >= 0.0);
            let expected = || map.expected(key, "a number from 0 on, or unbounded");
            let points = points.ok_or_else(expected)?;
            if points.fract() != 0.0 {
                let message = format!("{key} is {points}, where the format wants a whole number; it is used as it is");
                warnings.push(map.warning(key, message));
            }
            Ok(MaxScore::Points(points))
        }
    }
}

/// `output_validator_flags` is a text, or a map with the validator's name and its flags.
fn validator_flags(yaml: &Map<'_>, warnings: &mut Vec<Warning>) -> Result<Option<Vec<String>>, PackageError> {
    match yaml.maps().find(|(key, _)| *key == "output_validator_flags") {
        Some((_, named)) => named.flags("flags", warnings),
        None => yaml.flags("output_validator_flags", warnings),
    }
}
