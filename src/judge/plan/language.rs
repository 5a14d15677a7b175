//! The language of a submission, and which of its files is started.

use std::collections::BTreeMap;

use crate::config::LanguageSettings;
use crate::contract::{Rejected, RejectionCode, SourceFile, Submission};
use crate::judge::plan::{Plan, rejected};

/// The table of the submission's language.
pub(super) fn language_of<'a>(
    submission: &Submission,
    languages: &'a BTreeMap<String, LanguageSettings>,
) -> Result<&'a LanguageSettings, Rejected> {
    languages.get(&submission.language).ok_or_else(|| {
        let known: Vec<&str> = languages.keys().map(String::as_str).collect();
        let reason = format!(
            "{:?} is not configured here; known are: {}",
            submission.language,
            known.join(", ")
        );
        rejected(submission, RejectionCode::UnknownLanguage, "language", reason)
    })
}

/// The file that the submission names; else the language's usual one, which the package may bring as a driver; else the
/// only source file.
pub(super) fn entry_point(
    submission: &Submission,
    files: &[SourceFile],
    language: &LanguageSettings,
) -> Result<String, Rejected> {
    if let Some(entry) = &submission.entry_point {
        return Ok(entry.clone());
    }
    let names = || files.iter().map(|file| file.name.as_str());
    if names().any(|name| name == language.entry_point) {
        return Ok(language.entry_point.clone());
    }
    let sources: Vec<&str> = names().filter(|name| is_source(name, language)).collect();
    match sources[..] {
        [only] => Ok(only.to_owned()),
        _ => {
            let reason = format!(
                "which file to start? there is no {}, and {} files end in .{}; name one in entry_point",
                language.entry_point,
                sources.len(),
                language.extension
            );
            Err(rejected(submission, RejectionCode::EntryPoint, "entry_point", reason))
        }
    }
}

/// The source files, the entry point first: the language reads it as a program and the others as modules.
pub(in crate::judge) fn sources(plan: &Plan) -> impl Iterator<Item = &str> {
    let others = plan
        .files
        .iter()
        .map(|file| file.name.as_str())
        .filter(|name| is_source(name, &plan.language) && *name != plan.entry);
    std::iter::once(plan.entry.as_str()).chain(others)
}

/// Whether a file is source code of the language, by its extension.
fn is_source(name: &str, language: &LanguageSettings) -> bool {
    name.strip_suffix(&language.extension)
        .is_some_and(|stem| stem.ends_with('.'))
}
