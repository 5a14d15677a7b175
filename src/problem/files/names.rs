//! Names of files that the format 2025-09 does not allow (section "General requirements"): they are as if they were not
//! there.

use std::path::{Path, PathBuf};

use crate::problem::Warning;
use crate::problem::files::name_of;

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
