//! `assize new`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::Args;
use uuid::Uuid;

use crate::cli::{Failure, print};

/// Lay a problem package that can be judged at once, to be made your own
///
/// It is of the format 2025-09: a statement, a sample, a secret test, an input validator with an input that it has to
/// reject, and submissions of which one is right and one wrong.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  assize new twosum && assize verify twosum")]
pub(super) struct New {
    /// Directory of the package, which must not exist yet; its name is the problem's id: lowercase letters and digits
    #[arg(value_name = "NAME")]
    directory: PathBuf,
}

/// Path in the package, and content.
const FILES: [(&str, &str); 10] = [
    ("problem.yaml", include_str!("new/package/problem.yaml")),
    (
        "statement/problem.en.md",
        include_str!("new/package/statement/problem.en.md"),
    ),
    ("data/sample/1.in", include_str!("new/package/data/sample/1.in")),
    ("data/sample/1.ans", include_str!("new/package/data/sample/1.ans")),
    (
        "data/secret/01-largest.in",
        include_str!("new/package/data/secret/01-largest.in"),
    ),
    (
        "data/secret/01-largest.ans",
        include_str!("new/package/data/secret/01-largest.ans"),
    ),
    (
        "data/invalid_input/three_numbers.in",
        include_str!("new/package/data/invalid_input/three_numbers.in"),
    ),
    (
        "input_validators/validate.py",
        include_str!("new/package/input_validators/validate.py"),
    ),
    (
        "submissions/accepted/sum.py",
        include_str!("new/package/submissions/accepted/sum.py"),
    ),
    (
        "submissions/wrong_answer/wraps_around.py",
        include_str!("new/package/submissions/wrong_answer/wraps_around.py"),
    ),
];

impl New {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let name = id_of(&self.directory).map_err(Failure::Usage)?;
        if let Some(parent) = self.directory.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot create {}", parent.display()))
                .map_err(Failure::Usage)?;
        }
        // A package that is there is never written over.
        fs::create_dir(&self.directory)
            .with_context(|| format!("cannot create {}", self.directory.display()))
            .map_err(Failure::Usage)?;
        for (path, content) in FILES {
            let content = content
                .replace("{{NAME}}", &name)
                .replace("{{UUID}}", &Uuid::now_v7().to_string());
            write(&self.directory.join(path), &content).map_err(Failure::ours)?;
        }
        let shown = self.directory.display();
        let paths: Vec<String> = FILES.iter().map(|(path, _)| format!("  {path}")).collect();
        print::text(&format!(
            "{shown} holds a problem that can be judged:\n{}\n\nassize verify {shown}",
            paths.join("\n")
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The format wants lowercase letters and digits (2025-09, section "General requirements").
fn id_of(directory: &Path) -> anyhow::Result<String> {
    let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_allowed = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    if !name.is_empty() && name.chars().all(is_allowed) {
        return Ok(name);
    }
    let mut proposed = name.to_lowercase();
    proposed.retain(is_allowed);
    let hint = if proposed.is_empty() { "twosum" } else { &proposed };
    Err(anyhow!(
        "{name:?} is no name of a problem package: the format allows lowercase letters and digits, such as {hint}"
    ))
}

fn write(path: &Path, content: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_the_format_does_not_allow_is_refused_with_one_that_it_does() {
        assert_eq!(id_of(Path::new("problems/two2")).unwrap(), "two2");
        for (name, hint) in [("Two-Sum", "as twosum"), ("..", "as twosum"), ("ä_b", "as b")] {
            let error = id_of(Path::new(name)).unwrap_err().to_string();
            assert!(error.ends_with(hint), "{error}");
        }
    }
}
