//! `assize new`

mod layouts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::Args;
use uuid::Uuid;

use crate::cli::{Failure, print};
use layouts::NewType;

/// Lay a problem package that can be judged at once, to be made your own
///
/// It is of the format 2025-09: a statement, a sample, a secret test, submissions of which one is right and one wrong, and
/// where programs read inputs, an input validator with an input that it has to reject.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize new twosum && assize verify twosum
  assize new --type unit-tests counter && assize verify counter")]
pub(super) struct New {
    /// Directory of the package, which must not exist yet; its name is the problem's id: lowercase letters and digits
    #[arg(value_name = "NAME")]
    directory: PathBuf,

    /// What the tests are: inputs of a program, calls of functions, or modules for pytest
    #[arg(long = "type", value_name = "TYPE", value_enum, default_value_t = NewType::PassFail)]
    kind: NewType,
}

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
        let files = self.kind.files();
        for (path, content) in files {
            let content = content
                .replace("{{NAME}}", &name)
                .replace("{{UUID}}", &Uuid::now_v7().to_string());
            write(&self.directory.join(path), &content).map_err(Failure::ours)?;
        }
        let shown = self.directory.display();
        let paths: Vec<String> = files.iter().map(|(path, _)| format!("  {path}")).collect();
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
