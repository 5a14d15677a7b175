//! What DOMjudge adds to the format: `domjudge-problem.ini` and `.timelimit` (DOMjudge manual, appendix "Problem format
//! specification").

use std::path::Path;

use crate::problem::files::start_of;
use crate::problem::{PackageError, Warning};

/// Largest part of these files that is read, in bytes.
const READ: u64 = 64 << 10;

const INI: &str = "domjudge-problem.ini";

/// What the two files say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Domjudge {
    /// The name of the problem.
    pub(super) name: Option<String>,
    /// The time limit in seconds; that of the ini file wins over that of `.timelimit`.
    pub(super) time_limit: Option<f64>,
}

/// Reads both files, as far as they are there.
pub(super) fn read(root: &Path, warnings: &mut Vec<Warning>) -> Result<Domjudge, PackageError> {
    let mut domjudge = Domjudge::default();
    let path = root.join(".timelimit");
    if let Some(text) = start_of(&path, READ)? {
        domjudge.time_limit = Some(time_limit(&path, None, text.trim())?);
    }
    let path = root.join(INI);
    for Setting { line, key, value } in settings(&start_of(&path, READ)?.unwrap_or_default()) {
        match key.as_str() {
            "timelimit" => domjudge.time_limit = Some(time_limit(&path, Some(line), &value)?),
            "name" => domjudge.name = Some(value).filter(|name| !name.is_empty()),
            "special_run" | "special_compare" if !value.is_empty() => {
                let message =
                    format!("{key} names a program on a DOMjudge server, which is not in the package: not used");
                warnings.push(Warning::at(&path, Some(line), message));
            }
            _ => {}
        }
    }
    Ok(domjudge)
}

struct Setting {
    line: u64,
    key: String,
    value: String,
}

/// `key = value` per line, the value perhaps in quotes; comments start with `;` or `#`.
fn settings(text: &str) -> Vec<Setting> {
    let setting = |(index, line): (usize, &str)| {
        let (key, value) = line.split_once('=')?;
        Some(Setting {
            line: index as u64 + 1,
            key: key.trim().to_ascii_lowercase(),
            value: unquoted(value.trim()).to_owned(),
        })
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with([';', '#', '[']))
        .filter_map(setting)
        .collect()
}

fn unquoted(value: &str) -> &str {
    for quote in ['\'', '"'] {
        if let Some((inside, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return inside;
        }
    }
    value.split(';').next().unwrap_or_default().trim_end()
}

fn time_limit(path: &Path, line: Option<u64>, value: &str) -> Result<f64, PackageError> {
    const LONGEST: f64 = 1e6;
    const SHORTEST: f64 = 0.001;
    let seconds = value
        .parse()
        .ok()
        .filter(|seconds| (SHORTEST..LONGEST).contains(seconds));
    seconds.ok_or_else(|| {
        let message = format!("the time limit is {value:?}, expected seconds from 0.001 on such as 2 or 0.5");
        PackageError::at(path, line, message)
    })
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn settings_may_be_quoted_spaced_and_commented() {
        let text =
            "; a comment\n[section]\nname = 'A = B'\r\ntimelimit='2.5' ; seconds\nColor = red ; or blue\nno setting\n";
        let found: Vec<_> = settings(text)
            .into_iter()
            .map(|setting| (setting.line, setting.key, setting.value))
            .collect();
        let expected = [(3, "name", "A = B"), (4, "timelimit", "2.5"), (5, "color", "red")];
        let expected = expected.map(|(line, key, value)| (line, key.to_owned(), value.to_owned()));
        assert_eq!(found, expected);
    }
}
