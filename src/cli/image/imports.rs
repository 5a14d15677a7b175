//! Whether the libraries of an image can be imported in a box, and how long that takes.

use anyhow::anyhow;
use serde::Deserialize;

use crate::cli::Failure;
use crate::cli::image::in_box::{TriedImage, printed};
use crate::contract::{RunReport, RunStatus};

const IMPORT_CHECK: &str = include_str!("import_check.py");

/// Libraries that take longer to import, in milliseconds, are worth boxes in which they are imported already.
const SLOW_MS: u64 = 50;

/// A library that is installed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Imported {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// What a program imports of it.
    pub(super) modules: Vec<Module>,
}

/// A module that was imported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Module {
    /// Its name, such as `networkx`.
    pub(super) module: String,
    /// How long it took.
    pub(super) ms: u64,
    /// Threads that it has started.
    threads: i64,
    /// Why it cannot be imported.
    error: Option<String>,
}

impl Imported {
    /// Imports libraries, one after the other.
    pub(super) async fn check(image: &TriedImage<'_>, libraries: Vec<String>) -> Result<Vec<Self>, Failure> {
        let report = image.run(IMPORT_CHECK, libraries).await?;
        if report.status != RunStatus::Ok {
            return Err(ended(&report));
        }
        let checked: Vec<Self> = printed(&report)?;
        let failed = checked
            .iter()
            .flat_map(|library| library.modules.iter().map(move |module| (library, module)));
        match failed
            .filter_map(|(library, module)| Some((library, module, module.error.as_ref()?)))
            .next()
        {
            None => Ok(checked),
            Some((library, module, error)) => Err(Failure::Usage(anyhow!(
                "{} {} does not work in a box: `import {}` ends with {error}; ask for another version, or for what it needs",
                library.name,
                library.version,
                module.module
            ))),
        }
    }

    /// Top packages that a zygote may import before it is forked: no thread is lost by that.
    pub(super) fn forkable(&self) -> impl Iterator<Item = &str> {
        let alone = self.modules.iter().filter(|module| module.threads == 0);
        alone.map(|module| module.module.split('.').next().unwrap_or_default())
    }

    /// Those of them that take long.
    pub(super) fn slow(&self) -> impl Iterator<Item = &str> {
        let slow = self
            .modules
            .iter()
            .filter(|module| module.threads == 0 && module.ms > SLOW_MS);
        slow.map(|module| module.module.as_str())
            .filter(|module| !module.contains('.'))
    }
}

/// The box or the interpreter ended while a library was imported: the last line of standard error names it.
fn ended(report: &RunReport) -> Failure {
    let stderr = report.stderr.text.clone().unwrap_or_default();
    let during = stderr.trim_end().lines().next_back().unwrap_or_default();
    let how = report
        .message
        .clone()
        .or_else(|| report.signal.clone())
        .unwrap_or_else(|| report.status.describe().to_owned());
    Failure::Usage(anyhow!(
        "importing {during} in a box ended with {}: {how}; it needs more than limits.default gives a program, or does not \
         work without a network, files or rights",
        report.status.code()
    ))
}
