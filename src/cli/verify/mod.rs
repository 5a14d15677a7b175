//! `assize verify`
//!
//! ```text
//! PACKAGE -> OpenPackage -> lint, data, examples (each judged as its author meant it) -> agreement -> report
//!            selection            data (inputs), outputs, package                        agreement    report, lines
//! ```

mod agreement;
mod data;
mod data_report;
mod given_scores;
mod groups;
mod limit;
mod lines;
mod lint;
mod outcome;
mod outputs;
mod package;
mod report;
mod row;
mod score_range;
mod selection;
mod test_glob;
mod timing;
mod verification;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use clap::Args;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};

use crate::cli::program::languages::Languages;
use crate::cli::progress::ProgressLine;
use crate::cli::{Failure, interrupt, print, runtime};
use crate::config::Settings;
use crate::judge::{Judge, JudgeOptions, check_libraries};
use crate::nearest::did_you_mean;
use crate::problem::{OpenPackage, Package, ProblemStore};
use crate::sandbox::{Pool, claim_cpus};
use lint::Finding;
use outcome::{Missing, PackageReport};
use selection::Selection;
use verification::{Verification, VerifySettings};

/// Judge every submission of problem packages, and compare with what is expected
///
/// The exit code is 0 when all agree, 1 when one does not or a package does not hold what it needs, 2 for wrong usage
/// and for a package that cannot be read, 3 when we failed on one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize verify examples/*/
  assize verify examples/sum --submission 'accepted/*' --test 'secret/*' -t 2
  assize verify problems/*/ --json --strict | jq -c 'select(.ok | not)'")]
pub(super) struct Verify {
    /// Directories or zip archives of problem packages
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,

    /// Submissions judged at once; without it one per slot
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,

    /// Print a line of JSON for each package as it ends, and nothing else
    #[arg(long)]
    json: bool,

    /// Warnings are errors
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    selection: Selection,

    /// Judge Python submissions with this language of the settings, such as pypy3 [default: verify.python of the settings]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
}

/// What all packages are verified with.
struct Run {
    verify: Verify,
    settings: VerifySettings,
    pool: Arc<Pool>,
    jobs: usize,
    missing: Missing,
    interrupted: Shared<BoxFuture<'static, ()>>,
}

impl Verify {
    pub(super) fn run(mut self, settings: Settings) -> Result<ExitCode, Failure> {
        let usual = Some(&settings.verify.python).filter(|name| !name.is_empty());
        self.language = self.language.or(usual.cloned());
        if let Some(language) = &self.language
            && !settings.languages.contains_key(language)
        {
            let known: Vec<&str> = settings.languages.keys().map(String::as_str).collect();
            return Err(Failure::usage(anyhow!(
                "there is no language {language:?} in the settings{}; there are: {}",
                did_you_mean(language, &known),
                known.join(", ")
            )));
        }
        if let [only] = &self.packages[..]
            && let Err(error) = std::fs::metadata(only)
        {
            let reading = format!("cannot read the problem package {}", only.display());
            return Err(Failure::usage(anyhow::Error::new(error).context(reading)));
        }
        runtime()?.block_on(self.verify(settings.into()))
    }

    async fn verify(self, settings: VerifySettings) -> Result<ExitCode, Failure> {
        let (sandbox, worker) = (&settings.judging.sandbox, &settings.judging.worker);
        let jobs = self.jobs.unwrap_or(worker.slots).max(1);
        let cpus = claim_cpus(sandbox, jobs).map_err(Failure::usage)?;
        let pool = Pool::open(sandbox, &worker.id, cpus.shares.slots.clone(), 0)
            .await
            .map_err(Failure::ours)?;
        let run = Run {
            verify: self,
            settings,
            pool: Arc::new(pool),
            jobs,
            missing: Missing::default(),
            interrupted: interrupt::wanted().boxed().shared(),
        };
        let reports = run.each().await;
        run.pool.close().await;
        let reports = reports?;
        if reports.iter().any(|report| report.interrupted) {
            return Ok(interrupt::exit_code());
        }
        if !run.verify.json {
            print::text(&report::summary(&reports))?;
        }
        Ok(report::exit_code(&reports, run.verify.strict))
    }
}

impl Run {
    /// Each package is reported as it ends, so that an interrupted run loses nothing.
    async fn each(&self) -> Result<Vec<PackageReport>, Failure> {
        let mut reports = Vec::new();
        for path in &self.verify.packages {
            let started = Instant::now();
            let mut report = self.one(path).await;
            report.took = started.elapsed();
            if self.verify.json {
                print::json_line(&lines::of_package(&report, self.verify.strict))?;
            } else {
                print::text(&report::table(&report, print::width()))?;
            }
            let interrupted = report.interrupted;
            reports.push(report);
            if interrupted {
                break;
            }
        }
        Ok(reports)
    }

    /// The package, or why it cannot be used.
    fn open(&self, path: &Path) -> Result<OpenPackage, String> {
        let open = OpenPackage::read(path, (&self.settings.problems).into()).map_err(|error| error.to_string())?;
        check_libraries(&self.settings.judging, &open.package).map_err(|error| error.to_string())?;
        Ok(open)
    }

    fn languages(&self, package: &Package) -> Languages<'_> {
        let judging = &self.settings.judging;
        Languages {
            table: &judging.languages,
            default: &judging.judge.default_language,
            preferred: self.verify.language.as_deref(),
            answers: package.submit_answer,
        }
    }

    async fn one(&self, path: &Path) -> PackageReport {
        let mut open = match self.open(path) {
            Ok(open) => open,
            Err(reason) => return PackageReport::broken(path, reason),
        };
        let mut found = lint::of_package(
            &open.package,
            &self.settings.judging.limits,
            &self.settings.judging.validators,
        );
        let checks = match self.verify.selection.leaves_submissions_out() {
            true => None,
            false => open
                .checks()
                .map_err(|error| found.push(Finding::Error(error.to_string())))
                .ok(),
        };
        found.extend(self.verify.selection.narrow(&mut open.package));
        let package = &open.package;
        let problems = ProblemStore::single(package.clone());
        let judge = Judge::new(
            JudgeOptions::from(self.settings.judging.clone()),
            Arc::clone(&self.pool),
            problems,
        );
        let progress_line = ProgressLine::start(&package.id, self.verify.json);
        let verification = Verification {
            settings: &self.settings,
            judge: &judge,
            package,
            jobs: self.jobs,
            selection: &self.verify.selection,
            languages: self.languages(package),
            missing: &self.missing,
            progress_line: &progress_line,
            checks: checks.as_ref(),
        };
        let report = verification.report(path, found, self.interrupted.clone()).await;
        progress_line.finish();
        report
    }
}
