//! A file of requirements, in the part of pip's format that names libraries of an index.
//!
//! The rest of that format would run code where an image is built, or fetch what no hash holds: options, other files,
//! addresses, directories.

use crate::libraries::requirement_error::MOST;
use crate::libraries::{Library, Requirement, RequirementError, RequirementsError};

/// Begins a hash behind a requirement.
const HASH: &str = "--hash=";

/// Kinds of hashes that pip takes.
const DIGESTS: [&str; 3] = ["sha256", "sha384", "sha512"];

/// Libraries that are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    wanted: Vec<Requirement>,
}

impl Requirements {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Names the line that cannot be used.
    pub fn read(text: &str) -> Result<Self, RequirementsError> {
        let mut read = Self::default();
        let at = |line| move |source| RequirementsError { line, source };
        for (line, text) in whole_lines(text)? {
            read.add(&text).map_err(at(line))?;
        }
        Ok(read)
    }

    fn add(&mut self, line: &str) -> Result<(), RequirementError> {
        let (wanted, hashes) = match line.split_once(HASH) {
            Some((wanted, _hashes)) => (wanted.trim(), &line[wanted.len()..]),
            None => (line.trim(), ""),
        };
        if wanted.is_empty() && hashes.is_empty() {
            return Ok(());
        }
        if let Some(option) = wanted.split_whitespace().find(|word| word.starts_with('-')) {
            return Err(RequirementError::Option(option.to_owned()));
        }
        let mut requirement = Requirement::read(wanted)?;
        requirement.hashes = hashes.split_whitespace().map(hash).collect::<Result<_, _>>()?;
        if self.wanted.iter().any(|other| other.name == requirement.name) {
            return Err(RequirementError::Twice(requirement.name));
        }
        if self.wanted.len() == MOST {
            return Err(RequirementError::TooMany);
        }
        self.wanted.push(requirement);
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
        !self.is_empty() && self.wanted.iter().all(|wanted| !wanted.hashes.is_empty())
    }

    /// Those that none of these libraries satisfies.
    pub fn missing_from(&self, libraries: &[Library]) -> Vec<&Requirement> {
        let is_missing = |wanted: &&Requirement| !libraries.iter().any(|library| wanted.is_satisfied_by(library));
        self.wanted.iter().filter(is_missing).collect()
    }
}

/// `sha256:00` of `--hash=sha256:00`.
fn hash(word: &str) -> Result<String, RequirementError> {
    let text = word.strip_prefix(HASH).unwrap_or_default();
    let digest = DIGESTS
        .iter()
        .find_map(|name| text.strip_prefix(name)?.strip_prefix(':'));
    match digest {
        Some(digest) if !digest.is_empty() && digest.chars().all(|c| c.is_ascii_hexdigit()) => Ok(text.to_owned()),
        _ => Err(RequirementError::NoHash(word.to_owned())),
    }
}

/// Lines without comments, each with its number; one that ends with a backslash goes on in the next.
///
/// What readers of this format disagree about is refused, so that a line is to pip what it is here.
fn whole_lines(text: &str) -> Result<Vec<(u64, String)>, RequirementsError> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        check(line).map_err(|source| RequirementsError { line: number, source })?;
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
    Ok(lines)
}

fn check(line: &str) -> Result<(), RequirementError> {
    let ends_a_line = |c: &char| c.is_control() && *c != '\t' || matches!(c, '\u{2028}' | '\u{2029}');
    if let Some(found) = line.chars().find(ends_a_line) {
        return Err(RequirementError::LineEnd(found));
    }
    if without_comment(line) != line && line.trim_end().ends_with('\\') {
        return Err(RequirementError::CommentGoesOn);
    }
    Ok(())
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
            (
                "numpy==1 --hash=sha256:00 -e /tmp/x",
                1,
                "\"-e\" stands where only hashes can",
            ),
            ("numpy==1 --hash=md5:00", 1, "stands where only hashes can"),
            ("numpy[a b @ /tmp/x]", 1, "is no name between [ and ]"),
            ("networkx  # graphs\u{c}/tmp/x\n", 1, "U+000C"),
            ("numpy\nnetworkx  # graphs\u{b}/tmp/x", 2, "U+000B"),
            ("networkx  # graphs\r/tmp/x\r\n", 1, "U+000D"),
            ("networkx  # graphs\u{1c}/tmp/x", 1, "U+001C"),
            ("networkx  # graphs\u{85}/tmp/x", 1, "U+0085"),
            ("networkx  # graphs\u{2028}/tmp/x", 1, "U+2028"),
            ("networkx  # graphs\u{2029}/tmp/x", 1, "U+2029"),
            ("networkx; python_version > '3'\0", 1, "U+0000"),
            ("a\n# old \\\nscipy\n", 2, "a comment that ends with a backslash"),
            ("a  # old \\ \nscipy\n", 1, "a comment that ends with a backslash"),
        ];
        for (text, line, expected) in rows {
            let error = Requirements::read(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error}");
            assert!(error.source.to_string().contains(expected), "{text:?}: {error}");
        }
        let many: String = (0..=MOST).map(|number| format!("library{number}\n")).collect();
        assert_eq!(Requirements::read(&many).unwrap_err().line, MOST as u64 + 1);
    }

    #[test]
    fn an_installer_is_told_what_was_understood() {
        let text =
            "NumPy [Extra, b] (>=2, <3) ; os_name == 'posix'  # arrays\r\na==1 \\\n  --hash=sha256:00 --hash=sha512:1F";
        let read = Requirements::read(text).unwrap();
        let exact: Vec<(String, Option<&str>, Vec<&str>)> = read
            .iter()
            .map(|it| {
                let hashes = it.hashes.iter().map(String::as_str).collect();
                (it.exact(), it.condition.as_deref(), hashes)
            })
            .collect();
        let expected = [
            ("numpy[extra,b]>=2, <3".to_owned(), Some("os_name == 'posix'"), vec![]),
            ("a==1".to_owned(), None, vec!["sha256:00", "sha512:1F"]),
        ];
        assert_eq!(exact, expected);
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
