//! Which language of the settings a submission is judged with.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::anyhow;

use crate::config::{LanguageSettings, check_endings};
use crate::problem::{ExampleSubmission, code_of_language};

/// The languages of the settings.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Languages<'a> {
    /// One table per language.
    pub(in crate::cli) table: &'a BTreeMap<String, LanguageSettings>,
    /// The language of a submission that names none.
    pub(in crate::cli) default: &'a str,
    /// Takes the place of those that have its file ending.
    pub(in crate::cli) preferred: Option<&'a str>,
    /// A submission may be answers: what writes them out is ours.
    pub(in crate::cli) answers: bool,
}

impl<'a> Languages<'a> {
    /// The language of a program with these files: the one that is named, else the default one.
    ///
    /// # Errors
    /// When none is named, and what would be started has the ending of another one.
    pub(in crate::cli) fn of_program<'n>(
        &self,
        named: Option<&'n str>,
        files: impl Iterator<Item = &'n str>,
        entry_point: Option<&'n str>,
    ) -> anyhow::Result<&'n str>
    where
        'a: 'n,
    {
        if let Some(named) = named {
            return Ok(named);
        }
        let names: Vec<&str> = match entry_point {
            Some(started) => vec![started],
            None => files.collect(),
        };
        // Answers may end in anything.
        if !self.answers {
            check_endings(&names, self.table, self.default).map_err(|reason| anyhow!(reason))?;
        }
        Ok(self.default)
    }

    /// The language, or why the submission is skipped.
    pub(in crate::cli) fn choose(&self, example: &ExampleSubmission) -> Result<&'a str, String> {
        let own = self.own(example)?;
        let same_ending = |preferred: &&str| self.endings(preferred) == self.endings(own);
        let chosen = self.preferred.filter(same_ending).unwrap_or(own);
        match self.table.get(chosen).is_some_and(|language| language.offered) {
            true => Ok(chosen),
            false => Err(format!("{chosen} is not offered: languages.{chosen}.offered is false")),
        }
    }

    /// The one that the format knows under this code; else the one with the file ending.
    fn own(&self, example: &ExampleSubmission) -> Result<&'a str, String> {
        let code = example.language.as_deref().map(code_of_language);
        if let Some((name, _)) = code.and_then(|code| self.table.get_key_value(code)) {
            return Ok(name);
        }
        // It has the ending of Python 3.
        if code == Some("python2") {
            let reason = "it is written in Python 2, as its ending or first line (#!) says, and there is no \
                          [languages.python2]";
            return Err(reason.to_owned());
        }
        match (self.by_ending(&example.path), &example.language, code) {
            (Some(name), ..) => Ok(name),
            (None, None, _) if self.answers => Ok(self.default),
            (None, Some(language), Some(code)) => Err(format!(
                "{language} is not supported: the settings have no [languages.{code}]"
            )),
            _ => {
                let reason = "its language cannot be told: its files have endings of several languages, or of none of \
                              the settings";
                Err(reason.to_owned())
            }
        }
    }

    fn by_ending(&self, path: &Path) -> Option<&'a str> {
        let endings = endings_below(path);
        let has_it = |language: &LanguageSettings| endings.iter().any(|ending| language.has_extension(ending));
        if self.table.get(self.default).is_some_and(has_it) {
            return Some(self.default);
        }
        let mut fitting = self.table.iter().filter(|(_, language)| has_it(language));
        fitting.next().map(|(name, _)| name.as_str())
    }

    fn endings(&self, name: &str) -> Option<&'a [String]> {
        self.table.get(name).map(|language| language.extensions.as_slice())
    }
}

/// The endings of a file, or of those directly in a directory.
fn endings_below(path: &Path) -> Vec<String> {
    let ending = |path: &Path| Some(path.extension()?.to_str()?.to_owned());
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().filter_map(|entry| ending(&entry.path())).collect(),
        Err(_) => ending(path).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(name: &str, language: Option<&str>) -> ExampleSubmission {
        ExampleSubmission {
            language: language.map(str::to_owned),
            ..ExampleSubmission::of_files(name.to_owned(), Path::new("/nowhere").join(name))
        }
    }

    #[test]
    fn a_submission_is_judged_with_a_language_of_the_settings_by_its_code_or_its_ending() {
        let mut settings = crate::config::load(None).unwrap();
        let mut add = |name: &str, extension: &str| {
            let mut language = settings.languages["python3"].clone();
            language.extensions = vec![extension.to_owned()];
            settings.languages.insert(name.to_owned(), language);
        };
        add("nim", "nim");
        settings.languages.get_mut("cpp").unwrap().offered = true;
        let rows = [
            ("a.py", Some("Python 3"), None, Ok("python3")),
            ("a.py", Some("Python 3"), Some("pypy3"), Ok("pypy3")),
            ("a.cc", Some("C++"), Some("pypy3"), Ok("cpp")),
            ("a.c", Some("C"), None, Err("languages.c.offered")),
            ("a.nim", None, None, Ok("nim")),
            ("a.py", Some("Python 2"), Some("pypy3"), Err("Python 2")),
            ("a.java", Some("Java"), None, Err("languages.java.offered")),
            ("a.kt", Some("Kotlin"), None, Err("no [languages.kotlin]")),
            ("a.txt", None, None, Err("cannot be told")),
        ];
        for (name, language, preferred, expected) in rows {
            let languages = Languages {
                table: &settings.languages,
                default: &settings.judge.default_language,
                preferred,
                answers: false,
            };
            let chosen = languages.choose(&example(name, language));
            match (&chosen, expected) {
                (Ok(chosen), Ok(expected)) => assert_eq!(*chosen, expected, "{name}"),
                (Err(reason), Err(part)) => assert!(reason.contains(part), "{name}: {reason}"),
                _ => panic!("{name}: {chosen:?}"),
            }
        }
    }
}
