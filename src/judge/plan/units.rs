//! Unit tests: pytest runs them in a box of its own, in which the submission is a module that asks its box.
//!
//! The wire between the two is that of asserts. There is one run of pytest for all tests, and a process of the submission
//! for each test; which tests there are is known when pytest has collected them.

use std::path::Path;

use bytes::Bytes;
use serde::Serialize;

use crate::config::LanguageSettings;
use crate::contract::{Limits, Rejected, RejectionCode, SourceFile, Submission, USUAL_MODULE, UnitTests};
use crate::judge::plan::asserts::{ENTRY_FILE, SERVE_FUNCTIONS, SERVER};
use crate::judge::plan::calls::{importing, only_of_python};
use crate::judge::plan::limits::{limits_of_asserts, limits_of_validator};
use crate::judge::plan::{Functions, Planned, rejected};
use crate::judge::{Judge, JudgeError};
use crate::problem::{Kind, Package, PackageUnits};

/// The program that runs unit tests.
pub(in crate::judge) const VERIFY_UNITS: &str = concat!(
    include_str!("python/values.py"),
    include_str!("python/kinds.py"),
    include_str!("python/operations.py"),
    include_str!("python/bases.py"),
    include_str!("python/wire.py"),
    include_str!("python/foreign.py"),
    include_str!("python/classes.py"),
    include_str!("python/error_classes.py"),
    include_str!("python/raised.py"),
    include_str!("python/written.py"),
    include_str!("python/blame.py"),
    include_str!("python/told.py"),
    include_str!("python/proving.py"),
    include_str!("python/asked_classes.py"),
    include_str!("python/handed.py"),
    include_str!("python/starred.py"),
    include_str!("python/patched.py"),
    include_str!("python/decorated.py"),
    include_str!("python/units_wire.py"),
    include_str!("python/reported.py"),
    include_str!("python/verify_units.py"),
);

/// Unit tests, as the program that runs them is told.
#[derive(Debug, Clone)]
pub(in crate::judge) struct PlannedUnits {
    /// Files of the tests.
    pub(in crate::judge) files: Vec<SourceFile>,
    /// The module that the submission is, whatever else is called so.
    module: String,
    /// A module that it is too, where nothing else is called so: the name of its file.
    alias: Option<String>,
    strict: bool,
    /// The first test that fails is the last one.
    pub(in crate::judge) stop: bool,
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
    module: &'a str,
    alias: Option<&'a str>,
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
            module: &self.module,
            alias: self.alias.as_deref(),
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
        let (module, alias) = modules(units, entry);
        // The modules of a package come first, whatever the submission's file is called.
        if planned.problem.is_none() {
            check_names(submission, units, &[Some(module.as_str()), alias.as_deref()])?;
        }
        Ok(PlannedUnits {
            files: units.files.clone(),
            module,
            alias,
            strict: units.strict,
            stop: submission.stop_on_first_failure == Some(true) && planned.kind == Kind::PassFail,
            limits: match &planned.package {
                Some(package) => limits_of_validator(&package.limits, &self.options),
                None => limits_of_asserts(&self.options),
            },
        })
    }
}

/// What the tests import the submission as.
fn modules(units: &UnitTests, entry: &str) -> (String, Option<String>) {
    if let Some(module) = &units.module {
        return (module.clone(), None);
    }
    let base = entry.rsplit('/').next().unwrap_or(entry);
    let stem = base.split('.').next().unwrap_or(base);
    let alias = Some(stem.to_owned()).filter(|stem| stem != USUAL_MODULE);
    (USUAL_MODULE.to_owned(), alias)
}

/// A file of the tests with such a name would be tested instead of the program.
fn check_names(submission: &Submission, units: &UnitTests, modules: &[Option<&str>]) -> Result<(), Rejected> {
    let is_module = |file: &&SourceFile| {
        let first = file.name.split('/').next().unwrap_or_default();
        modules.contains(&Some(first.strip_suffix(".py").unwrap_or(first)))
    };
    let Some(file) = units.files.iter().find(is_module) else {
        return Ok(());
    };
    let reason = format!(
        "{:?} has the name of the program's module; call it otherwise, or name another module in \
         pytest_options.module",
        file.name
    );
    Err(rejected(submission, RejectionCode::FileName, "pytest", reason))
}

/// The modules that are the tests of a package, and what lies beside them.
pub(super) async fn of_package(package: &Package, units: &PackageUnits) -> Result<UnitTests, JudgeError> {
    let modules = package.tests.iter().map(|test| (&test.name, &test.input));
    let beside = units.files.iter().map(|(name, path)| (name, path));
    let mut files = Vec::new();
    for (name, path) in modules.chain(beside) {
        files.push(SourceFile {
            name: name.clone(),
            content: content_of(package, name, path).await?,
        });
    }
    Ok(UnitTests {
        files,
        module: units.module.clone(),
        strict: units.strict,
    })
}

async fn content_of(package: &Package, name: &str, path: &Path) -> Result<Vec<u8>, JudgeError> {
    if let Some(content) = package.small_files.get(path) {
        return Ok(content.into());
    }
    tokio::fs::read(path).await.map_err(|source| JudgeError::PackageFile {
        problem: package.id.clone(),
        file: format!("data/{name}, which the unit tests need"),
        source,
    })
}
