//! Names of files that the format 2025-09 does not allow (section "General requirements"): they are as if they were not
//! there.

use std::path::{Path, PathBuf};

use crate::problem::files::name_of;
use crate::problem::files::survey::all_entries;
use crate::problem::{PackageError, Warning};

const LONGEST: usize = 255;

/// Leaves out what has such a name, with a warning for each.
pub(in crate::problem) fn leave_out_odd_names(paths: &mut Vec<PathBuf>, warnings: &mut Vec<Warning>) {
    paths.retain(|path| {
        let is_kept = is_allowed(&name_of(path));
        if !is_kept {
            warnings.push(left_out(path));
        }
        is_kept
    });
}

/// Warnings about hidden files of a directory that are meant as tests, most likely. What macOS lays beside each file of an
/// archive (`._1.in`) is none.
pub(in crate::problem) fn hidden_inputs(directory: &Path) -> Result<Vec<Warning>, PackageError> {
    let is_meant = |path: &PathBuf| {
        let name = name_of(path);
        let shown = name.strip_prefix('.').filter(|name| name.ends_with(".in"));
        shown.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '-'))
    };
    let message = "is no test, as its name begins with a dot";
    let hidden = all_entries(directory)?.into_iter().filter(is_meant);
    Ok(hidden.map(|path| Warning::new(&path, message)).collect())
}

fn left_out(path: &Path) -> Warning {
    let message = "is ignored, as the format 2025-09 wants it for its name: expected letters without accents, digits, \
                   _, - and . only, the first of them neither - nor .";
    Warning::new(path, message)
}

/// Whether a file or directory may have this name.
pub(in crate::problem) fn is_allowed(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.len() <= LONGEST
        && name.bytes().next().is_some_and(is_plain)
        && name.bytes().all(|byte| is_plain(byte) || byte == b'.' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn names_are_those_of_the_format() {
        for name in ["a", "_a", "1-a.in", "A.b.c", &"a".repeat(255)] {
            assert!(is_allowed(name), "{name}");
        }
        for name in ["", "-a", ".a", "a b", "\u{e9}", "a(1)", &"a".repeat(256)] {
            assert!(!is_allowed(name), "{name}");
        }
    }
}
