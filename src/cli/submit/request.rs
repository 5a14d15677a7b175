//! What `assize submit` sends: files of one person, or the example submissions of problem packages.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use uuid::Uuid;

use crate::cli::program::entry::entry_file;
use crate::cli::program::languages::Languages;
use crate::cli::program::sources;
use crate::config::SubmissionSettings;
use crate::contract::{Metadata, ProblemRef, SourceFile, SubmissionMessage, Verdict};
use crate::problem::{Constants, ExampleSubmission, Package, expected_of_folder};

/// A submission that is to be sent.
#[derive(Debug)]
pub(in crate::cli) struct Request {
    /// What people call it.
    pub(in crate::cli) shown: String,
    /// Verdicts that are as expected; `None` when any is, as long as it is one.
    pub(in crate::cli) expected: Option<Vec<Verdict>>,
    /// The message.
    pub(in crate::cli) message: SubmissionMessage,
}

/// The fields that all submissions of a call share.
#[derive(Debug)]
pub(super) struct SharedFields {
    pub(in crate::cli) language: String,
    pub(in crate::cli) entry_point: Option<String>,
    pub(in crate::cli) metadata: Metadata,
}

/// The example submissions of a directory of packages.
#[derive(Debug, Default)]
pub(in crate::cli) struct Examples {
    pub(in crate::cli) submissions: Vec<Request>,
    /// Those that are not sent, each with the reason.
    pub(in crate::cli) skipped: Vec<String>,
}

impl Request {
    /// Reads a file or a directory; it is expected to be accepted.
    pub(in crate::cli) fn read(
        path: &Path,
        problem: ProblemRef,
        shared: &SharedFields,
        settings: &SubmissionSettings,
    ) -> anyhow::Result<Self> {
        let files = sources::read(path, settings)?;
        Ok(Self::of(path, files, problem, shared))
    }

    fn of(path: &Path, files: Vec<SourceFile>, problem: ProblemRef, shared: &SharedFields) -> Self {
        let mut message = SubmissionMessage::for_problem(Uuid::now_v7(), &shared.language, files, problem);
        message.entry_point.clone_from(&shared.entry_point);
        message.metadata.clone_from(&shared.metadata);
        Self {
            shown: path.display().to_string(),
            expected: Some(vec![Verdict::Ac]),
            message,
        }
    }
}

/// A package with example submissions.
struct ExamplePackage<'a> {
    directory: &'a Path,
    /// Its description of them.
    examples: Vec<ExampleSubmission>,
    /// What stands for `{{name}}` in its programs.
    constants: Constants,
    languages: Languages<'a>,
}

impl ExamplePackage<'_> {
    /// The package's description of the submission at `path`, or one that is made from its files alone.
    fn example(&self, name: &str, path: &Path) -> ExampleSubmission {
        let known = self.examples.iter().find(|example| example.name == name).cloned();
        known.unwrap_or_else(|| ExampleSubmission::of_files(name.to_owned(), path.to_owned()))
    }

    /// The submission at `path`, for the problem of this package.
    fn request(&self, path: &Path, shared: &SharedFields, settings: &SubmissionSettings) -> anyhow::Result<Request> {
        let problem = ProblemRef {
            id: name_of(self.directory),
            revision: None,
        };
        let mut files = sources::read(path, settings)?;
        sources::put_constants(&mut files, &self.constants);
        Ok(Request::of(path, files, problem, shared))
    }
}

impl Examples {
    /// `DIR/<problem>/submissions/<expected>/<submission>`; `DIR` can be a package itself.
    pub(in crate::cli) fn below(
        directory: &Path,
        shared: &SharedFields,
        languages: Languages<'_>,
        settings: &SubmissionSettings,
    ) -> anyhow::Result<Self> {
        let mut examples = Self::default();
        for package in packages(directory)? {
            // One that cannot be loaded is the worker's to complain about.
            let loaded = Package::load(&package).ok();
            let answers = loaded.as_ref().is_some_and(|loaded| loaded.submit_answer);
            let (known, constants) = loaded
                .map(|loaded| (loaded.examples, loaded.constants))
                .unwrap_or_default();
            let package = ExamplePackage {
                directory: &package,
                examples: known,
                constants,
                languages: Languages { answers, ..languages },
            };
            for folder in entries(&package.directory.join("submissions"))?
                .iter()
                .filter(|entry| entry.is_dir())
            {
                examples.add_folder(&package, folder, shared, settings)?;
            }
        }
        ensure!(
            !examples.submissions.is_empty(),
            "{} holds no example submissions; they are expected in DIR/<problem>/submissions/<expected>",
            directory.display()
        );
        Ok(examples)
    }

    fn add_folder(
        &mut self,
        package: &ExamplePackage<'_>,
        folder: &Path,
        shared: &SharedFields,
        settings: &SubmissionSettings,
    ) -> anyhow::Result<()> {
        let (problem, expected) = (name_of(package.directory), expected_of_folder(&name_of(folder)));
        for path in entries(folder)? {
            let in_folder = format!("{}/{}", name_of(folder), name_of(&path));
            let example = package.example(&in_folder, &path);
            let language = match package.languages.choose(&example) {
                Ok(language) => language,
                Err(reason) => {
                    self.skipped.push(format!("{problem}: {in_folder}: {reason}"));
                    continue;
                }
            };
            let mut submission = package.request(&path, shared, settings)?;
            language.clone_into(&mut submission.message.language);
            if let Some(named) = example.entry_point {
                let files = submission.message.files.iter();
                let names: Vec<&str> = files.map(|file| file.name.as_str()).collect();
                let settings = package.languages.table.get(language);
                submission.message.entry_point = Some(entry_file(named, &names, settings));
            }
            self.submissions.push(Request {
                shown: in_folder,
                expected: expected.clone(),
                message: submission.message,
            });
        }
        Ok(())
    }
}

fn packages(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let is_package = |path: &PathBuf| path.join("submissions").is_dir();
    let directory = std::fs::canonicalize(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    if is_package(&directory) {
        return Ok(vec![directory]);
    }
    Ok(entries(&directory)?.into_iter().filter(is_package).collect())
}

/// Leaves out of the paths of several submissions what they have in common, which says nothing and takes up room.
pub(super) fn shorten(requests: &mut [Request]) {
    let folders = |shown: &str| Path::new(shown).parent().map(Path::to_owned).unwrap_or_default();
    let common = requests
        .iter()
        .map(|request| folders(&request.shown))
        .reduce(|one, other| {
            let same = one
                .components()
                .zip(other.components())
                .take_while(|(one, other)| one == other);
            same.map(|(component, _)| component).collect()
        });
    let common = common.unwrap_or_default();
    for request in requests {
        if let Ok(rest) = Path::new(&request.shown).strip_prefix(&common) {
            request.shown = rest.display().to_string();
        }
    }
}

/// What is in a directory and not hidden, in order.
fn entries(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("cannot read {}", directory.display());
    let read = std::fs::read_dir(directory).with_context(unreadable)?;
    let mut paths: Vec<PathBuf> = read
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .with_context(unreadable)?;
    paths.retain(|path| !name_of(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;
    use crate::config::LanguageSettings;

    #[test]
    fn examples_are_sent_in_the_languages_that_are_offered_and_their_folders_say_what_is_expected() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let files = [
            "sum/submissions/accepted/a.py",
            "sum/submissions/accepted/b.cpp",
            "sum/submissions/accepted/.a.py.swp",
            "sum/submissions/time_limit_exceeded/many/main.py",
            "sum/submissions/mixed/c.py",
            "sum/submissions/README.md",
            "notes/a.py",
        ];
        for file in files {
            fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            fs::write(root.join(file), "").unwrap();
        }
        let settings = crate::config::load(None).unwrap();
        let languages = languages(&settings.languages);
        for directory in [root, &root.join("sum")] {
            let found = Examples::below(directory, &shared(), languages, &settings.submission);
            let Examples { submissions, skipped } = found.unwrap();
            let found: Vec<_> = submissions
                .iter()
                .map(|one| (one.shown.as_str(), one.expected.clone()))
                .collect();
            assert_eq!(
                found,
                [
                    ("accepted/a.py", Some(vec![Verdict::Ac])),
                    ("mixed/c.py", None),
                    ("time_limit_exceeded/many", Some(vec![Verdict::Tle])),
                ]
            );
            assert!(
                submissions
                    .iter()
                    .all(|one| one.message.problem.as_ref().unwrap().id == "sum")
            );
            assert_eq!(
                skipped,
                ["sum: accepted/b.cpp: cpp is not offered: languages.cpp.offered is false"]
            );
        }
        let empty = Examples::below(&root.join("notes"), &shared(), languages, &settings.submission).unwrap_err();
        assert!(empty.to_string().contains("holds no example submissions"));
    }

    #[test]
    fn several_submissions_are_told_apart_by_the_folders_in_which_they_differ() {
        let rows: [(&[&str], &[&str]); 5] = [
            (&["/home/a/main.py"], &["main.py"]),
            (
                &["/x/sum/ada/main.py", "/x/sum/bob/main.py"],
                &["ada/main.py", "bob/main.py"],
            ),
            (&["/x/ada/one.py", "/x/ada/two.py"], &["one.py", "two.py"]),
            (&["ada/main.py", "main.py", "-"], &["ada/main.py", "main.py", "-"]),
            (&["x/ada", "x/bob/"], &["ada", "bob"]),
        ];
        for (paths, expected) in rows {
            let request = |path: &&str| Request {
                shown: (*path).to_owned(),
                expected: None,
                message: SubmissionMessage::for_problem(
                    Uuid::nil(),
                    "python3",
                    Vec::new(),
                    ProblemRef {
                        id: "sum".to_owned(),
                        revision: None,
                    },
                ),
            };
            let mut requests: Vec<Request> = paths.iter().map(request).collect();
            shorten(&mut requests);
            let shown: Vec<&str> = requests.iter().map(|request| request.shown.as_str()).collect();
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn the_file_to_start_is_the_one_that_the_package_names() {
        let settings = crate::config::load(None).unwrap();
        let below = |package: &str| {
            Examples::below(
                Path::new(package),
                &shared(),
                languages(&settings.languages),
                &settings.submission,
            )
        };
        let examples = below("examples/entrypoint").unwrap();
        let named = examples.submissions.iter().find(|one| one.shown.ends_with("/named"));
        let named = named.unwrap();
        assert_eq!(named.message.entry_point.as_deref(), Some("start.py"));
        let answers = below("examples/squares").unwrap();
        assert_eq!(answers.skipped, Vec::<String>::new(), "answers are submissions too");
    }

    #[test]
    fn the_file_to_start_is_that_of_the_class_that_the_package_names() {
        let directory = tempfile::tempdir().unwrap();
        for (path, content) in [
            ("problem.yaml", "problem_format_version: 2025-09\nname: Sum\n"),
            ("data/secret/1.in", "4 2\n"),
            ("data/secret/1.ans", "6\n"),
            (
                "submissions/submissions.yaml",
                "accepted/named:\n  entrypoint: Second\n",
            ),
            ("submissions/accepted/named/First.java", "class First {}\n"),
            ("submissions/accepted/named/src/Second.java", "class Second {}\n"),
        ] {
            let path = directory.path().join("sum").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let mut settings = crate::config::load(None).unwrap();
        settings.languages.get_mut("java").unwrap().offered = true;
        let languages = languages(&settings.languages);
        let examples = Examples::below(directory.path(), &shared(), languages, &settings.submission).unwrap();
        let sent: Vec<_> = examples
            .submissions
            .iter()
            .map(|one| (one.message.language.as_str(), one.message.entry_point.as_deref()))
            .collect();
        assert_eq!(sent, [("java", Some("src/Second.java"))]);
    }

    fn shared() -> SharedFields {
        SharedFields {
            language: "python3".to_owned(),
            entry_point: None,
            metadata: Metadata::new(),
        }
    }

    fn languages(table: &BTreeMap<String, LanguageSettings>) -> Languages<'_> {
        Languages {
            table,
            default: "python3",
            preferred: None,
            answers: false,
        }
    }
}
