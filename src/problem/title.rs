//! What a problem is called.

use std::path::{Path, PathBuf};

use crate::problem::PackageError;
use crate::problem::domjudge::Domjudge;
use crate::problem::files::{name_of, start_of};
use crate::problem::yaml::Map;

/// The name in English or the only one; else what DOMjudge or the statement calls it.
pub(super) fn read(
    yaml: &Map<'_>,
    domjudge: &Domjudge,
    files: &[PathBuf],
    root: &Path,
) -> Result<Option<String>, PackageError> {
    let names = yaml.maps().find(|(key, _)| *key == "name");
    let named = match names {
        Some((_, names)) => {
            let mut texts = names.texts_by_key();
            let first = texts.next();
            let english = texts.find(|(language, _)| *language == "en");
            match first {
                Some(("en", name)) => Some(name),
                _ => english.or(first).map(|(_, name)| name),
            }
        }
        None => yaml.text("name")?,
    };
    match named.map(str::to_owned).or_else(|| domjudge.name.clone()) {
        Some(name) => Ok(Some(name)),
        None => title_of_statement(files, root),
    }
}

/// `\problemname{...}` of a legacy statement, in English if there is one.
fn title_of_statement(files: &[PathBuf], root: &Path) -> Result<Option<String>, PackageError> {
    const SEARCHED: u64 = 64 << 10;
    let statements = root.join("problem_statement");
    let is_statement = |path: &&PathBuf| {
        let name = name_of(path);
        path.starts_with(&statements) && name.starts_with("problem.") && name.ends_with(".tex")
    };
    let statements_found = files.iter().filter(is_statement);
    let Some(path) =
        statements_found.min_by_key(|path| !["problem.en.tex", "problem.tex"].contains(&name_of(path).as_str()))
    else {
        return Ok(None);
    };
    let text = start_of(path, SEARCHED)?.unwrap_or_default();
    let name = text
        .split_once("\\problemname{")
        .and_then(|(_, rest)| rest.split_once('}'));
    Ok(name
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| !name.is_empty()))
}
