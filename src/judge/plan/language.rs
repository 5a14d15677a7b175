//! The language of a submission, and which of its files is started.

use std::collections::BTreeMap;

use crate::config::{LanguageSettings, not_configured};
use crate::contract::{Rejected, RejectionCode, SourceFile, Submission};
use crate::judge::plan::{Plan, rejected};

/// Whether a submission is in a language that is offered, which can be known before any box is there.
///
/// # Errors
/// Names the languages that are.
pub fn check_language(submission: &Submission, languages: &BTreeMap<String, LanguageSettings>) -> Result<(), Rejected> {
    language_of(submission, languages).map(drop)
}

/// The table of the submission's language.
pub(super) fn language_of<'a>(
    submission: &Submission,
    languages: &'a BTreeMap<String, LanguageSettings>,
) -> Result<&'a LanguageSettings, Rejected> {
    let language = languages.get(&submission.language).filter(|language| language.offered);
    language.ok_or_else(|| {
        let reason = not_configured(&submission.language, languages);
        rejected(submission, RejectionCode::UnknownLanguage, "language", reason)
    })
}

/// Names of the file that is started in a program that is a directory, as in `python3 DIRECTORY`.
const PACKAGE_ENTRY: &str = "__main__";

/// The file that the submission names; else a driver that the package includes; else the language's usual one; else the
/// only source file that was submitted. Other included files are never started. `driver` is what the package starts though
/// it is not called as the usual one.
pub(super) fn entry_point(
    submission: &Submission,
    (included, driver): (&[SourceFile], Option<&str>),
    language: &LanguageSettings,
) -> Result<String, Rejected> {
    if let Some(entry) = &submission.entry_point {
        return Ok(entry.clone());
    }
    let directory_entries = language
        .extensions
        .iter()
        .map(|extension| format!("{PACKAGE_ENTRY}.{extension}"));
    let usual: Vec<String> = std::iter::once(language.entry_point.clone())
        .chain(directory_entries)
        .collect();
    let named = |files: &[SourceFile]| {
        let is = |usual: &String| files.iter().find(|file| file.name.eq_ignore_ascii_case(usual));
        usual.iter().find_map(is).map(|file| file.name.clone())
    };
    let driver = driver.filter(|name| is_source(name, language)).map(str::to_owned);
    if let Some(entry) = named(included).or(driver).or_else(|| named(&submission.files)) {
        return Ok(entry);
    }
    let names: Vec<&str> = submission.files.iter().map(|file| file.name.as_str()).collect();
    let is_candidate = |name: &&str| is_source(name, language);
    let sources: Vec<&str> = names.iter().copied().filter(is_candidate).collect();
    match (&sources[..], &names[..]) {
        // A file that was submitted alone is the program, whatever its name.
        ([only], _) | ([], [only]) => Ok((*only).to_owned()),
        // All of them make one program.
        ([first, ..], _) if !language.starts_a_file() => Ok((*first).to_owned()),
        _ => {
            let reason = format!(
                "which file to start? there is no {}, and {} of the submitted files end in .{}; name one in entry_point (--entry-point)",
                language.entry_point,
                sources.len(),
                language.extensions.join(" or .")
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

/// Whether a file is source code of the language, by its extension in upper or lower case.
pub(super) fn is_source(name: &str, language: &LanguageSettings) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| language.has_extension(extension))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::contract::{ProblemRef, SubmissionMessage, parse};

    fn files(names: &[&str]) -> Vec<SourceFile> {
        let file = |name: &&str| SourceFile {
            name: (*name).to_owned(),
            content: b"pass".to_vec(),
        };
        names.iter().map(file).collect()
    }

    #[test]
    fn the_submitted_files_decide_what_is_started_and_only_an_included_driver_goes_before_them() {
        let settings = crate::config::load(None).unwrap();
        let (python, cpp) = ("python3", "cpp");
        type Row<'a> = (&'a str, &'a [&'a str], &'a [&'a str], Option<&'a str>);
        // An included file in brackets is the driver by the package.
        let rows: [Row<'_>; 22] = [
            (python, &["a.py"], &["[grader.py]"], Some("grader.py")),
            (python, &["main.py"], &["[grader.py]"], Some("grader.py")),
            (python, &["a.py"], &["main.py", "[grader.py]"], Some("main.py")),
            (cpp, &["a.cc"], &["[grader.py]"], Some("a.cc")),
            (python, &["a.py"], &[], Some("a.py")),
            (python, &["a.py"], &["grader.py", "lib.py"], Some("a.py")),
            (python, &["a.py", "main.py"], &[], Some("main.py")),
            (python, &["a.py"], &["main.py"], Some("main.py")),
            (python, &["a.py", "main.py"], &["__main__.py"], Some("__main__.py")),
            (python, &["a.py", "__main__.py"], &[], Some("__main__.py")),
            (python, &["a.py3"], &[], Some("a.py3")),
            (python, &["Main.PY"], &["x.py"], Some("Main.PY")),
            (python, &["other.py", "MAIN.PY"], &[], Some("MAIN.PY")),
            (python, &["solution"], &[], Some("solution")),
            (python, &["solution.txt"], &["x.py"], Some("solution.txt")),
            (python, &["a.py", "words.txt"], &[], Some("a.py")),
            (python, &["a.py", "b.py"], &["x.py"], None),
            (python, &["a.txt", "b.txt"], &["x.py"], None),
            (cpp, &["a.cc", "b.CPP", "c.h"], &[], Some("a.cc")),
            (cpp, &["a.cc", "b.cc"], &["main.cpp"], Some("main.cpp")),
            (cpp, &["solution"], &[], Some("solution")),
            (cpp, &["a.py", "b.py"], &[], None),
        ];
        for (name, submitted, included, expected) in rows {
            let language = &settings.languages[name];
            let problem = ProblemRef {
                id: "sum".to_owned(),
                revision: None,
            };
            let message = SubmissionMessage::for_problem(Uuid::now_v7(), name, files(submitted), problem);
            let body = serde_json::to_vec(&message).unwrap();
            let submission = parse(&body, &settings.submission.caps()).unwrap();
            let bare = |name: &&str| name.trim_matches(['[', ']']).to_owned();
            let driver = included.iter().find(|name| name.starts_with('[')).map(bare);
            let included: Vec<String> = included.iter().map(bare).collect();
            let included = files(&included.iter().map(String::as_str).collect::<Vec<_>>());
            let found = entry_point(&submission, (&included, driver.as_deref()), language).ok();
            assert_eq!(found.as_deref(), expected, "{submitted:?} {included:?}");
        }
    }
}
