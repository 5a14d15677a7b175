//! Unit tests: pytest runs them in a box of its own, in which the submission is a module that asks its box.
//!
//! The wire between the two is that of asserts. There is one run of pytest for all tests, and a process of the submission
//! for each test; which tests there are is known when pytest has collected them.

use bytes::Bytes;
use serde::Serialize;

use crate::checker::StandardFlags;
use crate::config::LanguageSettings;
use crate::contract::{CollectedTest, Limits, Rejected, RejectionCode, SourceFile, Submission, UnitTests};
use crate::judge::Judge;
use crate::judge::grading::ScoreRule;
use crate::judge::plan::asserts::{ENTRY_FILE, SERVE_FUNCTIONS, SERVER};
use crate::judge::plan::brought::one_group;
use crate::judge::plan::calls::{importing, only_of_python};
use crate::judge::plan::limits::limits_of_asserts;
use crate::judge::plan::test_data::TestData;
use crate::judge::plan::{Functions, Plan, Planned, PlannedTest, rejected};
use crate::judge::text::escaped;

/// The program that runs unit tests.
pub(in crate::judge) const VERIFY_UNITS: &str = concat!(
    include_str!("python/values.py"),
    include_str!("python/wire.py"),
    include_str!("python/foreign.py"),
    include_str!("python/proving.py"),
    include_str!("python/handed.py"),
    include_str!("python/units_wire.py"),
    include_str!("python/verify_units.py"),
);

/// The module that tests import the program as, whatever its file is called.
const USUAL_MODULE: &str = "solution";

/// A test's name, in bytes, at most.
const LONGEST_NAME: usize = 255;

/// Unit tests, as the program that runs them is told.
#[derive(Debug, Clone)]
pub(in crate::judge) struct PlannedUnits {
    /// Files of the tests.
    pub(in crate::judge) files: Vec<SourceFile>,
    /// Names that the tests import the submission by.
    modules: Vec<String>,
    strict: bool,
    /// The first test that fails is the last one.
    stop: bool,
    /// Limits of the program that runs the tests.
    pub(in crate::judge) limits: Limits,
}

/// Directory of the tests, in the work directory of their box.
pub(in crate::judge) const TESTS: &str = "tests";

/// CPU time of a test itself, without what the program needs, in seconds, at most.
const TEST_SECONDS: u64 = 10;

/// Tests of which each takes too long by itself, that pytest has the time for.
const SLOW_TESTS: u64 = 3;

#[derive(Serialize)]
struct Asked<'a> {
    directory: &'a str,
    modules: &'a [String],
    strict: bool,
    stop: bool,
    seconds: u64,
    skip: &'a [&'a str],
}

impl PlannedUnits {
    /// What the program is told that runs all tests but those of `skip`, which ran before.
    pub(in crate::judge) fn asked(&self, skip: &[&str]) -> Bytes {
        let asked = Asked {
            directory: TESTS,
            modules: &self.modules,
            strict: self.strict,
            stop: self.stop,
            seconds: (self.limits.cpu_ms / 1000 / SLOW_TESTS).clamp(1, TEST_SECONDS),
            skip,
        };
        // These types always serialise; the program would say that nothing is there.
        serde_json::to_vec(&asked).unwrap_or_default().into()
    }
}

impl Judge {
    pub(super) fn units(&self, tests: &UnitTests) -> Planned {
        Planned {
            functions: Some(Functions::Units(tests.clone())),
            ..self.planned(Vec::new())
        }
    }

    /// Tells the submission's box what to import, and says what the other box is told.
    ///
    /// # Errors
    /// When the language is not Python, or a file of the tests is called like the submission's module.
    pub(super) fn hand_out_units(
        &self,
        submission: &Submission,
        language: &LanguageSettings,
        (units, entry): (&UnitTests, &str),
        planned: &mut Planned,
    ) -> Result<PlannedUnits, Rejected> {
        only_of_python(submission, language)?;
        planned.included.extend([
            importing(submission, language, entry, (SERVER, SERVE_FUNCTIONS)),
            SourceFile {
                name: ENTRY_FILE.to_owned(),
                content: serde_json::json!({ "entry": entry, "tells_output": true })
                    .to_string()
                    .into_bytes(),
            },
        ]);
        Ok(PlannedUnits {
            files: units.files.clone(),
            modules: modules(submission, units, entry)?,
            strict: units.strict,
            stop: submission.stop_on_first_failure == Some(true),
            limits: limits_of_asserts(&self.options),
        })
    }
}

/// A file of the tests with such a name would be tested instead of the program.
fn modules(submission: &Submission, units: &UnitTests, entry: &str) -> Result<Vec<String>, Rejected> {
    let base = entry.rsplit('/').next().unwrap_or(entry);
    let stem = base.split('.').next().unwrap_or(base);
    let modules = match &units.module {
        Some(module) => vec![module.clone()],
        None => vec![USUAL_MODULE.to_owned(), stem.to_owned()],
    };
    let is_module = |file: &&SourceFile| {
        let first = file.name.split('/').next().unwrap_or_default();
        let name = first.strip_suffix(".py").unwrap_or(first);
        modules.iter().any(|module| module == name)
    };
    if let Some(file) = units.files.iter().find(is_module) {
        let reason = format!(
            "{:?} has the name of the program's module; call it otherwise, or name another module in \
             pytest_options.module",
            file.name
        );
        return Err(rejected(submission, RejectionCode::FileName, "pytest", reason));
    }
    Ok(modules)
}

impl Plan {
    /// The plan once it is known which tests there are.
    #[must_use]
    pub(in crate::judge) fn with_units(self, tests: &[CollectedTest]) -> Self {
        Self {
            groups: one_group(tests.len()),
            tests: tests.iter().map(planned).collect(),
            ..self
        }
    }
}

fn planned(test: &CollectedTest) -> PlannedTest {
    PlannedTest {
        name: escaped(&test.name, LONGEST_NAME),
        sample: true,
        input: TestData::Bytes(Bytes::from(test.source.clone())),
        answer: None,
        args: Vec::new(),
        files: None,
        more_files: Vec::new(),
        flags: StandardFlags::default(),
        validator_args: Vec::new(),
        score_rule: ScoreRule::Ignored,
        call: None,
    }
}
