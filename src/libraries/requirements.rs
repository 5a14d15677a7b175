//! A file of requirements, in the part of pip's format that names libraries of an index.
//!
//! The rest of that format would run code where an image is built, or fetch what no hash holds: options, other files,
//! addresses, directories.

use thiserror::Error;

use crate::libraries::{Library, Requirement};

/// Libraries in one file, at most.
const MOST: usize = 200;

/// Begins a hash behind a requirement.
const HASH: &str = "--hash=";

/// Libraries that are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    wanted: Vec<Requirement>,
    /// How many of them come with hashes.
    hashed: usize,
}

/// A file of requirements that cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line}: {message}")]
pub struct RequirementsError {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// What is wrong, and what is expected.
    pub message: String,
}

impl Requirements {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Names the line that cannot be used.
    pub fn read(text: &str) -> Result<Self, RequirementsError> {
        let mut read = Self::default();
        for (line, text) in whole_lines(text) {
            read.add(&text).map_err(|message| RequirementsError { line, message })?;
        }
        Ok(read)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let (wanted, hashes) = match line.split_once(HASH) {
            Some((wanted, _hashes)) => (wanted.trim(), true),
            None => (line.trim(), false),
        };
        if wanted.is_empty() && !hashes {
            return Ok(());
        }
        if let Some(option) = wanted.split_whitespace().find(|word| word.starts_with('-')) {
            return Err(format!(
                "{option:?} is an option; only names of libraries and their versions can stand here"
            ));
        }
        let requirement = Requirement::read(wanted)?;
        if self.wanted.iter().any(|other| other.name == requirement.name) {
            return Err(format!("{} is asked for twice", requirement.name));
        }
        if self.wanted.len() == MOST {
            return Err(format!("more than {MOST} libraries are asked for"));
        }
        self.wanted.push(requirement);
        self.hashed += usize::from(hashes);
        Ok(())
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.wanted.iter()
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Whether every one has hashes, as in a lock file, which names all that is to be installed.
    pub fn is_lock(&self) -> bool {
        !self.is_empty() && self.hashed == self.wanted.len()
    }

    /// Those that none of these libraries satisfies.
    pub fn missing_from(&self, libraries: &[Library]) -> Vec<&Requirement> {
        let is_missing = |wanted: &&Requirement| !libraries.iter().any(|library| wanted.is_satisfied_by(library));
        self.wanted.iter().filter(is_missing).collect()
    }
}

/// Lines without comments, each with its number; one that ends with a backslash goes on in the next.
fn whole_lines(text: &str) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = without_comment(line).trim_end();
        let (part, continued) = match line.strip_suffix('\\') {
            Some(part) => (part, true),
            None => (line, false),
        };
        match lines.last_mut().filter(|_| goes_on) {
            Some((_number, whole)) => whole.push_str(part),
            None => lines.push((number, part.to_owned())),
        }
        goes_on = continued;
    }
    lines
}

/// As pip has it: `#` at the beginning, or behind white space.
fn without_comment(line: &str) -> &str {
    let is_comment = |at: &usize| *at == 0 || line[..*at].ends_with(char::is_whitespace);
    let at = line.match_indices('#').map(|(at, _)| at).find(is_comment);
    at.map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_satisfies_what_is_asked_for_as_pip_compares_them() {
        let installed = ["numpy==2.2.4", "Typing_Extensions==4.12", "pandas==2.2.3+dfsg"];
        let installed: Vec<Library> = installed.iter().map(|text| text.parse().unwrap()).collect();
        let rows: [(&str, &[&str]); 10] = [
            ("", &[]),
            ("# nothing\n\n", &[]),
            ("numpy", &[]),
            ("NumPy >=2, <3  # arrays\ntyping.extensions~=4.0", &[]),
            ("pandas==2.2.3", &[]),
            ("numpy[extra] (>=2)", &[]),
            ("numpy==2.2.4 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11", &[]),
            ("numpy>=2.3", &["numpy>=2.3"]),
            ("scipy\nnumpy", &["scipy"]),
            ("networkx == 3.*\nnumpy!=2.2.4", &["networkx == 3.*", "numpy!=2.2.4"]),
        ];
        for (text, expected) in rows {
            let read = Requirements::read(text).unwrap();
            let missing: Vec<String> = read.missing_from(&installed).iter().map(ToString::to_string).collect();
            assert_eq!(missing, expected, "{text:?}");
        }
    }

    #[test]
    fn what_would_run_or_fetch_something_else_is_refused_with_its_line() {
        let rows = [
            ("numpy\n-r other.txt", 2, "\"-r\" is an option"),
            ("--index-url https://example.org", 1, "is an option"),
            ("-e .", 1, "\"-e\" is an option"),
            ("\n./wheels/x.whl", 2, "begins with no name"),
            ("x @ https://example.org/x.whl", 1, "names a place"),
            ("git+https://example.org/x", 1, "names a place"),
            ("https://example.org/x.whl", 1, "names a place"),
            ("numpy=2", 1, "are no versions"),
            ("numpy>=", 1, "are no versions"),
            ("numpy[extra", 1, "without its ]"),
            ("numpy\nscipy\nNumPy>1", 3, "numpy is asked for twice"),
            ("numpy \\\n  --no-binary=numpy", 1, "is an option"),
        ];
        for (text, line, expected) in rows {
            let error = Requirements::read(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error}");
            assert!(error.message.contains(expected), "{text:?}: {error}");
        }
        let many: String = (0..=MOST).map(|number| format!("library{number}\n")).collect();
        assert_eq!(Requirements::read(&many).unwrap_err().line, MOST as u64 + 1);
    }

    #[test]
    fn a_file_in_which_everything_has_hashes_is_a_lock() {
        for (text, expected) in [
            ("a==1 --hash=sha256:00", true),
            ("a==1 --hash=sha256:00\nb==1", false),
            ("", false),
        ] {
            assert_eq!(Requirements::read(text).unwrap().is_lock(), expected, "{text:?}");
        }
    }
}
