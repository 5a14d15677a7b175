//! What `problem.yaml` says for people and other tools: odd values are told, and nothing follows from them here.

use crate::problem::problem_type::{Format, format_of};
use crate::problem::yaml::Document;
use crate::problem::{PackageError, Warning};

/// The keys of `problem.yaml` in either format, of ours, and of BAPCtools.
const KNOWN: [&str; 26] = [
    "problem_format_version",
    "type",
    "name",
    "uuid",
    "version",
    "author",
    "credits",
    "source",
    "source_url",
    "license",
    "rights_owner",
    "embargo_until",
    "limits",
    "validation",
    "validator_flags",
    "grading",
    "keywords",
    "languages",
    "allow_file_writing",
    "constants",
    "libraries",
    "functions",
    "unit_tests",
    "verified",
    "comment",
    "ans_is_output",
];

/// The licenses of both formats.
const LICENSES: [&str; 7] = [
    "unknown",
    "public domain",
    "cc0",
    "cc by",
    "cc by-sa",
    "educational",
    "permission",
];

/// Keys of the legacy format that judging reads in 2025-09 too.
const LEGACY_KEYS: [&str; 2] = ["validator_flags", "grading"];

/// What is odd about it.
pub(super) fn odd(document: &Document) -> Result<Vec<Warning>, PackageError> {
    let yaml = document.map();
    let mut warnings = document.repeated_keys();
    warnings.extend(yaml.unknown_keys(&KNOWN));
    if let Ok(Some(license)) = yaml.text("license")
        && !LICENSES.contains(&license.trim().to_ascii_lowercase().as_str())
    {
        let known = LICENSES.join(", ");
        let message = format!("the license {license:?} is unknown to the format, which has {known}");
        warnings.push(yaml.warning("license", message));
    }
    if format_of(&yaml)? == Format::V2025 {
        let legacy = LEGACY_KEYS.iter().filter(|key| yaml.has(key));
        warnings.extend(legacy.map(|key| {
            let message = format!("{key} belongs to the format legacy; it is understood all the same");
            yaml.warning(key, message)
        }));
    }
    Ok(warnings)
}
