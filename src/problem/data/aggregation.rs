//! How groups are scored in the format 2025-09 (section "Result aggregation"), with the shares of 2023-07-draft.

use std::path::{Path, PathBuf};

use crate::problem::data::groups::share_of_unset;
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
        share(group, path, aggregation, max_score, warnings)?;
    }
    Ok(())
}

/// Gives the groups of `secret` that have no highest score their share of what is left.
fn share(
    secret: &mut TestGroup,
    path: &Path,
    aggregation: Aggregation,
    whole: Option<f64>,
    warnings: &mut Vec<Warning>,
) -> Result<(), PackageError> {
    let scores: Vec<Option<f64>> = secret.groups().map(max_score_of).collect();
    let set: Vec<f64> = scores.iter().copied().flatten().collect();
    let share = whole.map(|whole| share_of_unset(whole, aggregation, &set, scores.len() - set.len()));
    if let (Some(whole), Aggregation::Sum) = (whole, aggregation)
        && set.iter().sum::<f64>() > whole
    {
        let message = format!("the max_score of the groups is more than {whole} together, the max_score of secret");
        warnings.push(Warning::new(path, message));
    }
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

fn max_score_of(group: &TestGroup) -> Option<f64> {
    match &group.grading {
        Grading::V2025 { max_score, .. } => *max_score,
        Grading::Legacy(_) | Grading::Custom(_) => None,
    }
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
            }
        }
    }
    if !names.iter().any(|name| name == "sample") {
        forget_sample(root);
    }
    Ok(())
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
