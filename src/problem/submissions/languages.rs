//! What a program is written in, told by its files (appendix "Languages" of the format).

use std::path::Path;

use crate::endings::LANGUAGES;
use crate::problem::PackageError;
use crate::problem::files::{files_below, start_of};

/// How much of a source is read for its first line, in bytes.
const FIRST_LINE: u64 = 1024;

/// The name of a language that is given by its code; an unknown code stands for itself.
pub(in crate::problem) fn name_of_code(code: &str) -> String {
    let known = LANGUAGES.iter().find(|(known, ..)| *known == code);
    known.map_or(code, |(_, name, _)| name).to_owned()
}

/// The code of a language that is given by its name; an unknown name stands for itself.
pub fn code_of_language(name: &str) -> &str {
    let known = LANGUAGES.iter().find(|(_, known, _)| *known == name);
    known.map_or(name, |(code, ..)| code)
}

/// The language that all source files agree on; `None` when there is none, or more than one.
pub(in crate::problem) fn of_program(path: &Path) -> Result<Option<String>, PackageError> {
    let mut found: Option<&str> = None;
    for file in files_below(path)? {
        let Some(language) = of_file(&file)? else { continue };
        if found.is_some_and(|found| found != language) {
            return Ok(None);
        }
        found = Some(language);
    }
    Ok(found.map(str::to_owned))
}

/// Python 2 and 3 share an ending, so that the first line decides between them.
fn of_file(path: &Path) -> Result<Option<&'static str>, PackageError> {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    let known = LANGUAGES.iter().find(|(_, _, endings)| endings.contains(&extension));
    Ok(match known {
        Some(("python3", ..)) if is_python_2(path)? => Some("Python 2"),
        Some((_, name, _)) => Some(name),
        None => None,
    })
}

/// `#!/usr/bin/python2` or so: `^#!.*python2` in the words of the format.
pub(in crate::problem) fn is_python_2(path: &Path) -> Result<bool, PackageError> {
    let start = start_of(path, FIRST_LINE)?.unwrap_or_default();
    let first = start.lines().next().unwrap_or_default();
    Ok(first.starts_with("#!") && first.contains("python2"))
}
