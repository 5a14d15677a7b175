//! The libraries that a problem asks for are in no environment.

use thiserror::Error;

use crate::config::EnvironmentSettings;
use crate::libraries::Requirement;
use crate::problem::Package;

/// No environment that could be used has all libraries that a problem asks for.
#[derive(Debug, Error)]
#[error(
    "it asks for {wanted} (requirements.txt), which {looked_in}; run \
     `assize image build --name {name} --packages` with that file, and add the settings that it prints"
)]
pub struct MissingLibraries {
    wanted: String,
    looked_in: String,
    name: String,
}

impl MissingLibraries {
    pub(super) fn of(package: &Package, looked_in: &[(&str, &EnvironmentSettings)]) -> Self {
        let lacks = |(name, environment): &(&str, &EnvironmentSettings)| {
            format!(
                "{name} (without {})",
                joined(&package.requirements.missing_from(&environment.packages))
            )
        };
        let lacking: Vec<String> = looked_in.iter().map(lacks).collect();
        Self {
            wanted: joined(&package.requirements.iter().collect::<Vec<_>>()),
            looked_in: format!("no environment has: {}", lacking.join(", ")),
            name: name_for(&package.id),
        }
    }
}

fn joined(requirements: &[&Requirement]) -> String {
    requirements
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A name that an image can have.
fn name_for(problem: &str) -> String {
    let kept: String = problem.chars().filter(char::is_ascii_alphanumeric).collect();
    if kept.is_empty() {
        "course".to_owned()
    } else {
        kept.to_ascii_lowercase()
    }
}
