//! The table of a language.

use serde::{Deserialize, Serialize};

use crate::config::EnvironmentSettings;
use crate::config::choice::choice;

/// One language: data, not code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageSettings {
    /// Environment that its programs run in: a name that the sandbox backend resolves, such as `python3`.
    pub environment: String,
    /// Environment with a compiler, in which `compile` leaves `{program}`, a static executable. Empty: what is started
    /// are source files, and `compile` only checks them.
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
    /// for what it makes. Empty: none.
    #[serde(default)]
    pub compile: Vec<String>,
    /// Exit codes of the compile check that mean "does not compile"; every other one than 0 is a judge error.
    #[serde(default = "compile_error_codes")]
    pub compile_error_codes: Vec<i32>,
    /// Command that runs a test; `{entry}` stands for the entry point, `{program}` for what was compiled.
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

    /// Environment in which its compile command runs.
    pub fn compile_environment(&self) -> &str {
        if self.is_compiled() {
            &self.toolchain
        } else {
            &self.environment
        }
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
