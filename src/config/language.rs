//! The table of a language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::EnvironmentSettings;
use crate::config::choice::choice;
use crate::endings;
use crate::nearest::did_you_mean;

/// One language: data, not code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageSettings {
    /// Environment that its programs run in: a name that the sandbox backend resolves, such as `python3`.
    pub environment: String,
    /// Language that it is for problem packages, such as `python3`: its code in the problem package format. Empty: the one of
    /// its own name.
    #[serde(default)]
    pub package_language: String,
    /// Environment with a compiler, in which `compile` leaves `{program}`: one file that `run` can start in `environment`,
    /// such as a static executable. Empty: what is started are source files, and `compile` only checks them.
    #[serde(default)]
    pub toolchain: String,
    /// Whether a worker takes submissions in it. `assize judge` and `assize verify` do in any case.
    #[serde(default = "yes")]
    pub offered: bool,
    /// Extensions of its source files, without the dot, in upper or lower case.
    pub extensions: Vec<String>,
    /// Name of the file that is started when the submission does not say; else the only source file.
    pub entry_point: String,
    /// Command of the compile check; `{sources}` stands for all source files, `{entry}` for the entry point, `{program}`
    /// for what it makes, `{memory_bytes}` for its memory limit. Empty: none.
    #[serde(default)]
    pub compile: Vec<String>,
    /// Exit codes of the compile check that mean "does not compile"; every other one than 0 is a judge error.
    #[serde(default = "compile_error_codes")]
    pub compile_error_codes: Vec<i32>,
    /// Command that runs a test; `{entry}` stands for the entry point, `{program}` for what was compiled,
    /// `{memory_bytes}` for the memory limit.
    pub run: Vec<String>,
    /// Environment of both, as `NAME=value`.
    #[serde(default)]
    pub env: Vec<String>,
    /// Time limits are multiplied by this.
    pub time_multiplier: f64,
    /// How a test comes to life.
    #[serde(default)]
    #[serde(deserialize_with = "choice")]
    pub startup: Startup,
    /// Program of the image that makes an interpreter a zygote; it takes the place of the entry point in `run`.
    #[serde(default)]
    pub zygote: String,
    /// Libraries that take long to import: for submissions that import them there are boxes whose zygote has done so.
    #[serde(default)]
    pub warm_libraries: Vec<String>,
    /// Libraries that a zygote may import ahead when a submission imports them, by the names of their top packages.
    #[serde(default)]
    pub libraries: Vec<String>,
}

impl LanguageSettings {
    /// Whether a program is compiled before it is run.
    pub fn is_compiled(&self) -> bool {
        !self.toolchain.is_empty()
    }

    /// What packages may call the language of this name in the settings.
    pub fn names_in_packages<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        let code = Some(self.package_language.as_str()).filter(|code| !code.is_empty());
        std::iter::once(name).chain(code).collect()
    }

    /// The language in another environment, whose libraries a zygote may import too.
    pub fn moved_to(&self, name: &str, environment: &EnvironmentSettings) -> Self {
        let mut moved = self.clone();
        name.clone_into(&mut moved.environment);
        add(&mut moved.libraries, &environment.libraries);
        add(&mut moved.warm_libraries, &environment.warm_libraries);
        moved
    }

    /// Whether a file has one of its extensions.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.extensions
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    }

    /// Whether one of the source files is the one that is started.
    pub fn starts_a_file(&self) -> bool {
        self.run.iter().any(|word| word.contains("{entry}"))
    }
}

/// What is said of a language that no worker of these settings takes submissions in, with those that it does.
pub fn not_configured(name: &str, languages: &BTreeMap<String, LanguageSettings>) -> String {
    let offered = languages.iter().filter(|(_, language)| language.offered);
    let known: Vec<&str> = offered.map(|(name, _)| name.as_str()).collect();
    let meant = did_you_mean(name, &known);
    format!(
        "{name:?} is not configured here{meant}; known are: {}",
        known.join(", ")
    )
}

/// Whether files can be in the language that is taken where none is named.
///
/// # Errors
/// Names a file that has the ending of another language, while none has one of this language.
pub fn check_endings(
    names: &[&str],
    languages: &BTreeMap<String, LanguageSettings>,
    taken: &str,
) -> Result<(), String> {
    let has_ending = |name: &str, language: &LanguageSettings| {
        endings::ending_of(name).is_some_and(|ending| language.has_extension(ending))
    };
    let is_taken = |name: &&str| languages.get(taken).is_none_or(|language| has_ending(name, language));
    if names.iter().any(is_taken) {
        return Ok(());
    }
    let other = |name: &str| {
        let configured = languages.iter().find(|(_, language)| has_ending(name, language));
        let known = || endings::language_of(endings::ending_of(name)?);
        configured.map(|(other, _)| other.as_str()).or_else(known)
    };
    let Some((name, other)) = names.iter().find_map(|name| Some((name, other(name)?))) else {
        return Ok(());
    };
    let offered = languages.iter().filter(|(_, language)| language.offered);
    let known: Vec<String> = offered
        .map(|(name, language)| format!("{name} (.{})", language.extensions.join(", .")))
        .collect();
    Err(format!(
        "{name:?} has the ending of {other}, and is run as {taken} where no language is named; name one in language \
         (--language): {}",
        known.join(", ")
    ))
}

/// Each once: boxes of the same libraries are the same boxes.
fn add(names: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
}

fn yes() -> bool {
    true
}

/// What compilers and checkers that are in use end with when a program is wrong: most 1, shells 2, Perl and PHP 255.
fn compile_error_codes() -> Vec<i32> {
    vec![1, 2, 255]
}

/// How a test comes to life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Startup {
    /// An interpreter is started.
    #[default]
    Exec,
    /// A warm interpreter is forked.
    Fork,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_language_is_not_run_as_the_usual_one_unless_that_is_named() {
        let settings = crate::config::load(None).unwrap();
        for (names, other) in [
            (&["main.py"][..], None),
            (&["Main.PY"], None),
            (&["solution"], None),
            (&["answer.txt", "lib/notes"], None),
            (&["helper.js", "main.py"], None),
            (&["a.js"], Some("JavaScript")),
            (&["data.txt", "src/Main.kt"], Some("Kotlin")),
            (&["a.rb"], Some("Ruby")),
            (&["a.cpp"], Some("cpp")),
            (&["Main.java"], Some("java")),
        ] {
            let checked = check_endings(names, &settings.languages, "python3");
            match (checked, other) {
                (Ok(()), None) => {}
                (Err(reason), Some(other)) => {
                    assert!(
                        reason.contains(&format!("the ending of {other}, and is run as python3")),
                        "{reason}"
                    );
                    assert!(
                        reason.contains("(--language): ") && reason.contains("python3 (.py"),
                        "{reason}"
                    );
                }
                (checked, _) => panic!("{names:?}: {checked:?}"),
            }
        }
        assert_eq!(check_endings(&["a.js"], &settings.languages, "unknown"), Ok(()));
    }
}
