//! Whether the libraries of an image can be imported in a box, and how long that takes.

use anyhow::anyhow;
use serde::Deserialize;

use crate::cli::Failure;
use crate::cli::image::in_box::{TriedImage, printed};
use crate::contract::{RunReport, RunStatus};

const MODULES: &str = include_str!("modules.py");
const IMPORT_CHECK: &str = include_str!("import_check.py");

/// Libraries that take longer to import, in milliseconds, are worth boxes in which they are imported already.
const SLOW_MS: u64 = 50;

/// A library that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Imported {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// What a program imports of it.
    pub(super) modules: Vec<Module>,
}

/// A module that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    /// Its name, such as `networkx`.
    pub(super) module: String,
    /// How long it took.
    pub(super) ms: u64,
    /// Threads that it has started.
    threads: i64,
}

/// A library, and what is to be imported of it.
#[derive(Deserialize)]
struct Installed {
    name: String,
    version: String,
    modules: Vec<String>,
}

/// What became of an import.
#[derive(Deserialize)]
struct Tried {
    ms: u64,
    threads: i64,
    error: Option<String>,
}

impl Imported {
    /// Imports libraries: each of their modules in an interpreter and under limits of its own, as if there were no other.
    pub(super) async fn check(image: &TriedImage<'_>, libraries: Vec<String>) -> Result<Vec<Self>, Failure> {
        let installed: Vec<Installed> = printed(&image.run(MODULES, libraries).await?)?;
        let modules: Vec<&String> = installed.iter().flat_map(|library| &library.modules).collect();
        let mut reports = Vec::with_capacity(modules.len());
        for modules in modules.chunks(image.most_runs()) {
            let arguments = modules.iter().map(|module| vec![(*module).clone()]).collect();
            reports.extend(image.run_each(IMPORT_CHECK, arguments).await?);
        }
        let mut reports = reports.iter();
        let imported = |library: Installed| library.imported(&mut reports);
        installed.into_iter().map(imported).collect()
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

impl Installed {
    fn imported<'a>(self, reports: &mut impl Iterator<Item = &'a RunReport>) -> Result<Imported, Failure> {
        let mut modules = Vec::with_capacity(self.modules.len());
        for (module, report) in self.modules.into_iter().zip(reports) {
            if report.status != RunStatus::Ok {
                return Err(ended(&module, report));
            }
            let tried: Tried = printed(report)?;
            if let Some(error) = tried.error {
                return Err(Failure::Usage(anyhow!(
                    "{} {} does not work in a box: `import {module}` ends with {error}; ask for another version, or for what \
                     it needs",
                    self.name,
                    self.version
                )));
            }
            modules.push(Module {
                module,
                ms: tried.ms,
                threads: tried.threads,
            });
        }
        Ok(Imported {
            name: self.name,
            version: self.version,
            modules,
        })
    }
}

/// The box or the interpreter ended while a module was imported.
fn ended(module: &str, report: &RunReport) -> Failure {
    let how = report
        .message
        .clone()
        .or_else(|| report.signal.clone())
        .unwrap_or_else(|| report.status.describe().to_owned());
    Failure::Usage(anyhow!(
        "importing {module} in a box ended with {}: {how}; it needs more than limits.default gives a program, or does not \
         work without a network, files or rights",
        report.status.code()
    ))
}
