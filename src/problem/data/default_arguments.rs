//! Arguments of the default output validator, held against what it knows when a package is read.

use std::path::{Path, PathBuf};

use crate::checker::StandardFlags;
use crate::problem::files::name_of;
use crate::problem::{Format, PackageError};

/// Holds the arguments of the default validator against what it knows.
pub(super) fn check_arguments(args: &[String], format: Format, input: &Path, own: &Path) -> Result<(), PackageError> {
    let parsed = match format {
        Format::Legacy => StandardFlags::parse_legacy(args),
        Format::V2025 => StandardFlags::parse(args),
    };
    parsed.map(drop).map_err(|source| PackageError::Arguments {
        path: nearest_settings(input, own),
        test: name_of(input),
        source,
    })
}

/// The nearest file that can give arguments to a test: its own, that of a group around it, or `problem.yaml`.
fn nearest_settings(input: &Path, own: &Path) -> PathBuf {
    const GROUPS: [&str; 3] = ["test_group.yaml", "testdata.yaml", "problem.yaml"];
    let groups = input
        .ancestors()
        .skip(1)
        .flat_map(|directory| GROUPS.map(|name| directory.join(name)));
    std::iter::once(own.to_owned())
        .chain(groups)
        .find(|path| path.is_file())
        .unwrap_or_else(|| input.to_owned())
}
