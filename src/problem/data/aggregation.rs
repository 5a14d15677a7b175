//! How groups are scored in the format 2025-09 (section "Result aggregation"), with the shares of 2023-07-draft.

use std::path::{Path, PathBuf};

use crate::problem::data::formats;
use crate::problem::data::groups::{ROUNDING, is_less, share_of_unset};
use crate::problem::data::settings::{MaxScore, Scoring};
use crate::problem::{Aggregation, Grading, Item, Kind, OnReject, PackageError, TestGroup, Warning};

/// Points of the secret data that sets none.
const USUAL: f64 = 100.0;

/// Groups that a group requires, and where that is said.
#[derive(Debug)]
pub(in crate::problem) struct Requirement {
    group: String,
    required: Vec<String>,
    path: PathBuf,
    line: Option<u64>,
}

impl Requirement {
    pub(in crate::problem) fn of(group: &str, scoring: &Scoring, path: PathBuf) -> Option<Self> {
        (!scoring.require_pass.is_empty()).then(|| Self {
            group: group.to_owned(),
            required: scoring.require_pass.clone(),
            path,
            line: scoring.line,
        })
    }
}

/// A group that says of itself that its score has no bound.
#[derive(Debug)]
pub(in crate::problem) struct Unbounded {
    path: PathBuf,
    line: Option<u64>,
}

impl Unbounded {
    pub(in crate::problem) fn of(group: &str, scoring: &Scoring, path: &Path) -> Option<Self> {
        let is_asked = scoring.max_score == MaxScore::Unbounded && group.starts_with("secret/");
        is_asked.then(|| Self {
            path: path.to_owned(),
            line: scoring.max_score_line,
        })
    }
}

/// Groups have a bound where the whole has one (section "Scoring problems").
pub(in crate::problem) fn check_unbounded(
    root: &TestGroup,
    kind: Kind,
    unbounded: &[Unbounded],
) -> Result<(), PackageError> {
    let secret = root.groups().find(|group| group.name == "secret");
    let whole = secret.and_then(TestGroup::highest).filter(|_| kind != Kind::PassFail);
    match (whole, unbounded.first()) {
        (Some(whole), Some(Unbounded { path, line })) => {
            let message = format!(
                "max_score is unbounded, and that of secret is {whole} (100 unless its test_group.yaml sets another): \
                 expected a number here, or unbounded there too"
            );
            Err(PackageError::at(path, *line, message))
        }
        _ => Ok(()),
    }
}

/// Fills in how the group is graded, and when judging it ends early: what cannot change the score is not run.
pub(in crate::problem) fn apply(
    group: &mut TestGroup,
    kind: Kind,
    scoring: &Scoring,
    path: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<(), PackageError> {
    let is_secret = group.name == "secret";
    let is_scored = kind != Kind::PassFail && group.name.starts_with("secret");
    let usual = if is_secret {
        Aggregation::Sum
    } else {
        Aggregation::PassFail
    };
    let aggregation = match kind {
        Kind::PassFail => Aggregation::PassFail,
        Kind::Scoring { .. } => scoring.aggregation.unwrap_or(usual),
    };
    let max_score = match scoring.max_score {
        MaxScore::Points(points) => Some(points),
        MaxScore::Unset if is_secret => Some(USUAL),
        MaxScore::Unset | MaxScore::Unbounded => None,
    };
    if is_scored && aggregation == Aggregation::PassFail && scoring.max_score == MaxScore::Unbounded {
        let message = "a group with pass-fail aggregation needs a max_score, unbounded is none";
        return Err(PackageError::invalid(path, message));
    }
    warnings.extend(without_effect(&group.name, kind, scoring, path));
    group.on_reject = match (kind, aggregation) {
        (Kind::PassFail, _) => OnReject::Break,
        (Kind::Scoring { .. }, Aggregation::PassFail | Aggregation::Min) if is_scored => OnReject::Break,
        (Kind::Scoring { .. }, _) => OnReject::Continue,
    };
    group.grading = Grading::V2025 {
        aggregation,
        max_score,
        require_pass: scoring.require_pass.clone(),
    };
    if is_scored && is_secret {
        warnings.extend(not_all_or_nothing(group, aggregation, path));
        share(group, path, aggregation, max_score, warnings)?;
    }
    Ok(())
}

/// Keys about scores where there are none (sections "Pass-fail problems" and "Test data configuration").
fn without_effect(group: &str, kind: Kind, scoring: &Scoring, path: &Path) -> Option<Warning> {
    let place = match (kind, group) {
        (Kind::PassFail, _) => "a problem of the type pass-fail",
        (_, "sample") => "samples, which give no points",
        _ => return None,
    };
    let given = [
        ("max_score", scoring.max_score != MaxScore::Unset),
        ("score_aggregation", scoring.aggregation.is_some()),
        ("require_pass", !scoring.require_pass.is_empty()),
    ];
    let keys: Vec<&str> = given.iter().filter(|(_, is)| *is).map(|(key, _)| *key).collect();
    let message = format!("the format does not allow {} in {place}", keys.join(", "));
    (!keys.is_empty()).then(|| Warning::new(path, message))
}

/// All or nothing as a whole is all or nothing in each group (section "Scoring problems").
fn not_all_or_nothing(secret: &TestGroup, whole: Aggregation, path: &Path) -> Option<Warning> {
    let is_other = |group: &&TestGroup| matches!(&group.grading, Grading::V2025 { aggregation, .. } if *aggregation != Aggregation::PassFail);
    let other = secret
        .groups()
        .find(is_other)
        .filter(|_| whole == Aggregation::PassFail)?;
    let message = format!(
        "secret is aggregated by pass-fail, and so has to be {}: its points count only as part of the whole",
        other.name
    );
    Some(Warning::new(path, message))
}

/// Gives the groups of `secret` that have no highest score their share of what is left.
fn share(
    secret: &mut TestGroup,
    path: &Path,
    aggregation: Aggregation,
    whole: Option<f64>,
    warnings: &mut Vec<Warning>,
) -> Result<(), PackageError> {
    let scores: Vec<Option<f64>> = secret.groups().map(TestGroup::highest).collect();
    let set: Vec<f64> = scores.iter().copied().flatten().collect();
    let unset = scores.len() - set.len() + secret.tests_in_it();
    let share = whole.map(|whole| share_of_unset(whole, aggregation, &set, unset));
    for item in &mut secret.items {
        let Item::Group(group) = item else { continue };
        let own = path.with_file_name(group.name.rsplit('/').next().unwrap_or_default());
        let Grading::V2025 {
            max_score, aggregation, ..
        } = &mut group.grading
        else {
            continue;
        };
        match (max_score.is_some(), share, &aggregation) {
            (true, _, _) => {}
            (false, Some(points), _) => {
                let message = format!("no max_score is set, so it gives {points} points, its share");
                warnings.push(Warning::new(&own, message));
                *max_score = Some(points);
            }
            (false, None, Aggregation::PassFail) => {
                let message =
                    "a group with pass-fail aggregation needs a max_score: expected one in its test_group.yaml";
                return Err(PackageError::invalid(&own, message));
            }
            (false, None, _) => {}
        }
    }
    Ok(())
}

/// Groups that give more points than `secret` may: who solves all of them would get a judge error. Lies in `data`.
pub(in crate::problem) fn too_many_points(data: &Path, root: &TestGroup, kind: Kind) -> Option<Warning> {
    let secret = root.groups().find(|group| group.name == "secret")?;
    let Grading::V2025 {
        aggregation: Aggregation::Sum,
        max_score: Some(whole),
        ..
    } = secret.grading
    else {
        return None;
    };
    let points: f64 = secret.groups().filter_map(TestGroup::highest).sum();
    let is_too_much = kind != Kind::PassFail && points > whole * (1.0 + ROUNDING);
    is_too_much.then(|| {
        let message = format!(
            "the groups of secret give {points} points together, more than its max_score of {whole} (100 unless \
             test_group.yaml sets another): who gets more than that gets a judge error"
        );
        Warning::new(&formats::file_of(&data.join("secret")), message)
    })
}

/// Groups that give fewer points than `secret` may: its `max_score` is out of reach. Lies in `data`.
pub(in crate::problem) fn too_few_points(data: &Path, root: &TestGroup, kind: Kind) -> Option<Warning> {
    let secret = root.groups().find(|group| group.name == "secret")?;
    let (whole, together) = (secret.highest()?, secret.highest_of_groups()?);
    let message = format!(
        "the groups of secret come to {together} points at most, less than its max_score of {whole} (100 unless \
         test_group.yaml sets another), which no submission can get"
    );
    let is_too_little = kind != Kind::PassFail && is_less(together, whole);
    is_too_little.then(|| Warning::new(&formats::file_of(&data.join("secret")), message))
}

/// A required group must be there, and come before: else the group that requires it would never be judged.
pub(in crate::problem) fn check_required(
    root: &mut TestGroup,
    requirements: &[Requirement],
    warnings: &mut Vec<Warning>,
) -> Result<(), PackageError> {
    let names = names_of(root);
    for requirement in requirements {
        let before: Vec<&String> = names.iter().take_while(|name| **name != requirement.group).collect();
        for required in &requirement.required {
            if required == "sample" && !names.contains(required) {
                let message = "sample is required, but there is no sample: nothing is required";
                warnings.push(Warning::at(&requirement.path, requirement.line, message));
            } else if !before.contains(&required) {
                let message = format!(
                    "require_pass names {required:?}, which is no group before {:?}",
                    requirement.group
                );
                return Err(PackageError::at(&requirement.path, requirement.line, message));
            } else if is_in_parts(root, required) {
                let message = format!(
                    "require_pass names {required:?}, which gives a part of its points for a part of its tests, where the \
                     format wants pass-fail; all of its tests have to be accepted"
                );
                warnings.push(Warning::at(&requirement.path, requirement.line, message));
            }
        }
    }
    if !names.iter().any(|name| name == "sample") {
        forget_sample(root);
    }
    Ok(())
}

/// Whether the group of this name is not all or nothing.
fn is_in_parts(group: &TestGroup, name: &str) -> bool {
    let is_it = matches!(
        &group.grading,
        Grading::V2025 { aggregation, .. } if *aggregation != Aggregation::PassFail && group.name == name
    );
    is_it || group.groups().any(|inner| is_in_parts(inner, name))
}

fn names_of(group: &TestGroup) -> Vec<String> {
    let mut names = vec![group.name.clone()];
    names.extend(group.groups().flat_map(names_of));
    names
}

fn forget_sample(group: &mut TestGroup) {
    if let Grading::V2025 { require_pass, .. } = &mut group.grading {
        require_pass.retain(|name| name != "sample");
    }
    for item in &mut group.items {
        if let Item::Group(inner) = item {
            forget_sample(inner);
        }
    }
}
