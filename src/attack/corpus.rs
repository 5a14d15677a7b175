//! The attacks, and what each of them says about itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use serde::Serialize;
use thiserror::Error;

use crate::contract::Verdict;
use crate::sandbox::Layer;

static PROGRAMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/attacks/programs");

/// One program, and what it must not achieve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attack {
    /// Directory and file without its extension, such as `escape/subclass_walk`.
    pub name: String,
    /// What is tried.
    pub technique: String,
    /// Where the technique is known from.
    pub source: String,
    /// Verdicts that are expected.
    pub verdicts: Vec<Verdict>,
    /// What must be true afterwards.
    pub invariant: String,
    /// Layers without which it must fail too.
    pub without: Vec<Layer>,
    /// The program.
    #[serde(skip)]
    pub program: Vec<u8>,
}

impl Attack {
    /// One of the layers without which it must fail too: another one for each number, so that a run of many attacks
    /// leaves out each of them about as often.
    pub fn one_layer(&self, number: usize) -> Option<&Layer> {
        let turn = number.checked_rem(self.without.len())?;
        self.without.get(turn)
    }

    /// The directory that it is in.
    pub fn category(&self) -> &str {
        self.name.split_once('/').map_or("", |(category, _)| category)
    }
}

/// A program whose header cannot be used.
#[derive(Debug, Error)]
pub enum CorpusError {
    /// A line of the header is missing or wrong.
    #[error(
        "{name}: {reason}; a header is lines such as `# verdict: WA SV` with technique, source, verdict and invariant"
    )]
    Header {
        /// Name of the program.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The directory cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The attacks that Assize brings along.
///
/// # Errors
/// When a header is wrong.
pub fn built_in() -> Result<Vec<Attack>, CorpusError> {
    let mut attacks = Vec::new();
    for category in PROGRAMS.dirs() {
        for file in category.files() {
            if let Some(name) = name_of(file.path()) {
                attacks.push(attack(name, file.contents())?);
            }
        }
    }
    attacks.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(attacks)
}

/// The attacks below a directory, one directory per category.
///
/// # Errors
/// When it cannot be read, or a header is wrong.
pub fn read_directory(root: &Path) -> Result<Vec<Attack>, CorpusError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| CorpusError::Read { path, source }
    };
    let list = |directory: &Path| -> Result<Vec<PathBuf>, CorpusError> {
        let entries = std::fs::read_dir(directory).map_err(unreadable(directory))?;
        let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut paths = paths.map_err(unreadable(directory))?;
        paths.sort();
        Ok(paths)
    };
    let mut attacks = Vec::new();
    for category in list(root)?.into_iter().filter(|path| path.is_dir()) {
        for file in list(&category)? {
            let below = file.strip_prefix(root).unwrap_or(&file);
            if let Some(name) = name_of(below) {
                attacks.push(attack(name, &std::fs::read(&file).map_err(unreadable(&file))?)?);
            }
        }
    }
    Ok(attacks)
}

fn name_of(path: &Path) -> Option<String> {
    let is_python = path.extension().is_some_and(|extension| extension == "py");
    is_python.then(|| path.with_extension("").to_string_lossy().into_owned())
}

fn attack(name: String, program: &[u8]) -> Result<Attack, CorpusError> {
    let header = header_of(program);
    let wrong = |reason: String| CorpusError::Header {
        name: name.clone(),
        reason,
    };
    let field = |key: &str| {
        let value = header.get(key).filter(|value| !value.is_empty());
        value
            .cloned()
            .ok_or_else(|| wrong(format!("it does not say its {key}")))
    };
    let verdict = |code: &str| {
        let found = Verdict::ALL.into_iter().find(|verdict| verdict.code() == code);
        found.ok_or_else(|| wrong(format!("there is no verdict {code:?}")))
    };
    let without = header.get("without").map(String::as_str).unwrap_or_default();
    Ok(Attack {
        technique: field("technique")?,
        source: field("source")?,
        verdicts: field("verdict")?
            .split_whitespace()
            .map(verdict)
            .collect::<Result<_, _>>()?,
        invariant: field("invariant")?,
        without: without.split_whitespace().map(Layer::named).collect(),
        program: program.to_vec(),
        name: name.clone(),
    })
}

/// `# key: value` of the first lines. A program may be in any encoding; its header is ASCII.
fn header_of(program: &[u8]) -> BTreeMap<String, String> {
    const LINES: usize = 12;
    program
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .take(LINES)
        .filter_map(|line| {
            let line = String::from_utf8_lossy(line);
            let (key, value) = line
                .trim_start_matches('\u{feff}')
                .strip_prefix("# ")?
                .split_once(':')?;
            Some((key.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_all_that_is_needed_or_the_program_is_refused() {
        let whole = b"# technique: a\n# source: b\n# verdict: WA SV\n# invariant: c\n# without: seccomp\npass\n";
        let attack = attack("escape/x".to_owned(), whole).unwrap();
        assert_eq!((attack.category(), attack.verdicts.len()), ("escape", 2));
        assert_eq!(attack.without, [Layer::named("seccomp")]);
        for spoilt in [
            "# source: b\n# verdict: WA\n# invariant: c\n",
            "# technique: a\n# source: b\n# verdict: OK\n# invariant: c\n",
            "",
        ] {
            assert!(
                super::attack("escape/x".to_owned(), spoilt.as_bytes()).is_err(),
                "{spoilt}"
            );
        }
    }
}
