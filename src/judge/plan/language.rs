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

/// Names of the file that is started in a program that is a directory, as in `python3 DIRECTORY`.
const PACKAGE_ENTRY: &str = "__main__";

/// The file that the submission names; else a driver that the package includes; else the language's usual one; else the
/// only source file that was submitted. Other included files are never started.
pub(super) fn entry_point(
    submission: &Submission,
    included: &[SourceFile],
    language: &LanguageSettings,
) -> Result<String, Rejected> {
    if let Some(entry) = &submission.entry_point {
        return Ok(entry.clone());
    }
    let usual = [
        language.entry_point.clone(),
        format!("{PACKAGE_ENTRY}.{}", language.extension),
    ];
    let named = |files: &[SourceFile]| {
        let is = |usual: &String| files.iter().find(|file| file.name.eq_ignore_ascii_case(usual));
        usual.iter().find_map(is).map(|file| file.name.clone())
    };
    if let Some(entry) = named(included).or_else(|| named(&submission.files)) {
        return Ok(entry);
    }
    let names: Vec<&str> = submission.files.iter().map(|file| file.name.as_str()).collect();
    let is_candidate = |name: &&str| is_source(name, language);
    let sources: Vec<&str> = names.iter().copied().filter(is_candidate).collect();
    match (&sources[..], &names[..]) {
        // A file that was submitted alone is the program, whatever its name.
        ([only], _) | ([], [only]) => Ok((*only).to_owned()),
        _ => {
            let reason = format!(
                "which file to start? there is no {}, and {} of the submitted files end in .{}; name one in entry_point",
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

/// Whether a file is source code of the language, by its extension in upper or lower case. The formats know `.py3`
/// beside `.py`.
pub(super) fn is_source(name: &str, language: &LanguageSettings) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else {
        return false;
    };
    let is = |known: &str| extension.eq_ignore_ascii_case(known);
    is(&language.extension) || (language.extension == "py" && is("py3"))
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
        let language = &settings.languages["python3"];
        let rows: [(&[&str], &[&str], Option<&str>); 14] = [
            (&["a.py"], &[], Some("a.py")),
            (&["a.py"], &["grader.py", "lib.py"], Some("a.py")),
            (&["a.py", "main.py"], &[], Some("main.py")),
            (&["a.py"], &["main.py"], Some("main.py")),
            (&["a.py", "main.py"], &["__main__.py"], Some("__main__.py")),
            (&["a.py", "__main__.py"], &[], Some("__main__.py")),
            (&["a.py3"], &[], Some("a.py3")),
            (&["Main.PY"], &["x.py"], Some("Main.PY")),
            (&["other.py", "MAIN.PY"], &[], Some("MAIN.PY")),
            (&["solution"], &[], Some("solution")),
            (&["solution.txt"], &["x.py"], Some("solution.txt")),
            (&["a.py", "words.txt"], &[], Some("a.py")),
            (&["a.py", "b.py"], &["x.py"], None),
            (&["a.txt", "b.txt"], &["x.py"], None),
        ];
        for (submitted, included, expected) in rows {
            let problem = ProblemRef {
                id: "sum".to_owned(),
                revision: None,
            };
            let message = SubmissionMessage::for_problem(Uuid::now_v7(), "python3", files(submitted), problem);
            let body = serde_json::to_vec(&message).unwrap();
            let submission = parse(&body, &settings.submission.caps()).unwrap();
            let found = entry_point(&submission, &files(included), language).ok();
            assert_eq!(found.as_deref(), expected, "{submitted:?} {included:?}");
        }
    }
}
