//! `assize verify`

mod agreement;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use uuid::Uuid;

use crate::cli::progress::ProgressLine;
use crate::cli::{Failure, interrupt, print, runtime, sources};
use crate::config::Settings;
use crate::contract::{Judgement, ProblemRef, SubmissionMessage, Verdict, parse};
use crate::judge::{Judge, JudgeFailure, JudgeOptions};
use crate::problem::{ExampleSubmission, OpenPackage, Package, ProblemStore, TimeLimit};
use crate::sandbox::{Pool, share_out};
use agreement::disagreement;
use report::{Outcome, PackageReport, Row};

/// CPU time for accepted submissions of a package that derives its time limit from them.
const WIDE_LIMIT_MS: u64 = 20_000;

/// Judge every submission of problem packages, and compare with what is expected
///
/// The exit code is 0 when all agree, 1 when one does not, 2 for wrong usage and for a package that cannot be read, 3
/// when we failed on one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  assize verify examples/*/\n  assize verify examples/sum --jobs 2 --json")]
pub(super) struct Verify {
    /// Directories or zip archives of problem packages
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,

    /// Submissions judged at once; without it one per slot
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,

    /// Print the report as JSON, and nothing else
    #[arg(long)]
    json: bool,
}

/// One package in the making.
struct Verification<'a> {
    settings: &'a Settings,
    judge: &'a Judge,
    package: &'a Package,
    jobs: usize,
    live: &'a ProgressLine,
}

impl Verify {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        runtime()?.block_on(self.verify(settings))
    }

    async fn verify(self, mut settings: Settings) -> Result<ExitCode, Failure> {
        settings.judge.show_judge_messages = true;
        let jobs = self.jobs.unwrap_or(settings.worker.slots).max(1);
        let slots = share_out(&settings.sandbox, jobs).map_err(Failure::usage)?.slots;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, slots, 0)
            .await
            .map_err(Failure::ours)?;
        let pool = Arc::new(pool);
        let settings = Arc::new(settings);
        let verified = tokio::select! {
            verified = self.each(&settings, &pool, jobs) => Some(verified),
            () = interrupt::wanted() => None,
        };
        pool.close().await;
        let Some(reports) = verified.transpose()? else {
            return Ok(interrupt::exit_code());
        };
        if self.json {
            print::json(&report::json(&reports))?;
        } else {
            print::text(&report::summary(&reports))?;
        }
        Ok(report::exit_code(&reports))
    }

    async fn each(
        &self,
        settings: &Arc<Settings>,
        pool: &Arc<Pool>,
        jobs: usize,
    ) -> Result<Vec<PackageReport>, Failure> {
        let mut reports = Vec::new();
        for path in &self.packages {
            let report = self.one(path, settings, pool, jobs).await;
            if !self.json {
                print::text(&report::table(&report, print::width()))?;
            }
            reports.push(report);
        }
        Ok(reports)
    }

    async fn one(&self, path: &Path, settings: &Arc<Settings>, pool: &Arc<Pool>, jobs: usize) -> PackageReport {
        let mut open = match OpenPackage::read(path, (&settings.problems).into()) {
            Ok(open) => open,
            Err(error) => return PackageReport::broken(path, error.to_string()),
        };
        let ceiling = settings.limits.ceiling;
        let lowered = open
            .package
            .limits
            .above(Duration::from_millis(ceiling.cpu_ms), ceiling.memory_bytes);
        open.package.warnings.extend(lowered);
        let package = &open.package;
        let problems = ProblemStore::single(package.clone());
        let judge = Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(pool), problems);
        let live = ProgressLine::start(&package.id, self.json);
        let verification = Verification {
            settings,
            judge: &judge,
            package,
            jobs,
            live: &live,
        };
        let report = verification.report().await;
        live.finish();
        report
    }
}

impl Verification<'_> {
    async fn report(&self) -> PackageReport {
        let (timed, others): (Vec<_>, Vec<_>) = self.package.examples.iter().partition(|example| example.bounds.lower);
        let mut time_limit = None;
        let mut rows = Vec::new();
        if let derived @ TimeLimit::Derived { .. } = self.package.limits.time {
            rows.extend(self.judge_all(&timed, Some(WIDE_LIMIT_MS)).await);
            // Without one the limit of the settings holds, and the report says so.
            time_limit = rows.iter().filter_map(Row::max_cpu_ms).max().map(|slowest| {
                let limit = derived.for_slowest(Duration::from_millis(slowest));
                (limit, slowest)
            });
            let limit_ms = time_limit.and_then(|(limit, _)| u64::try_from(limit.as_millis()).ok());
            rows.extend(self.judge_all(&others, limit_ms).await);
        } else {
            let all: Vec<_> = timed.into_iter().chain(others).collect();
            rows.extend(self.judge_all(&all, None).await);
        }
        rows.sort_by(|left, right| left.name.cmp(&right.name));
        PackageReport::of(self.package, time_limit, rows)
    }

    async fn judge_all(&self, examples: &[&ExampleSubmission], cpu_ms: Option<u64>) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut judging = stream::iter(examples.iter().copied())
            .map(|example| self.row(example, cpu_ms))
            .buffer_unordered(self.jobs);
        while let Some(row) = judging.next().await {
            rows.push(row);
            self.live.count(rows.len(), examples.len(), &self.package.id);
        }
        rows
    }

    async fn row(&self, example: &ExampleSubmission, cpu_ms: Option<u64>) -> Row {
        let outcome = match self.language(example) {
            Err(reason) => Outcome::Skipped(reason),
            Ok(language) => match self.judge_one(example, language, cpu_ms).await {
                Ok(judgement) => self.compare(example, judgement),
                Err(reason) => Outcome::Failed(reason),
            },
        };
        Row::of(example, outcome)
    }

    /// The configured language that the submission is written in, or why it is skipped.
    fn language(&self, example: &ExampleSubmission) -> Result<&'static str, String> {
        match example.language.as_deref() {
            Some("Python 3") => Ok("python3"),
            Some(other) => Err(format!("{other} is not supported")),
            // What writes answers is ours.
            None if self.package.submit_answer => Ok("python3"),
            None => Err("its language cannot be told".to_owned()),
        }
    }

    async fn judge_one(
        &self,
        example: &ExampleSubmission,
        language: &str,
        cpu_ms: Option<u64>,
    ) -> Result<Judgement, String> {
        // `<package>/submissions/<folder>/<name>`
        let root = example.path.ancestors().nth(3).unwrap_or(&example.path);
        let mut files = sources::read_within(&example.path, root, &self.settings.submission)
            .map_err(|error| format!("{error:#}"))?;
        sources::put_constants(&mut files, &self.package.constants);
        let problem = ProblemRef {
            id: self.package.id.clone(),
            revision: None,
        };
        let mut message = SubmissionMessage::for_problem(Uuid::now_v7(), language, files, problem);
        message.limits.cpu_ms = cpu_ms;
        message.entry_point.clone_from(&example.entry_point);
        let first_decides = example
            .expectation
            .as_ref()
            .is_none_or(|expected| expected.decided_by_first_failure);
        message.stop_on_first_failure = Some(first_decides);
        let body = serde_json::to_vec(&message).map_err(|error| error.to_string())?;
        let submission = parse(&body, &self.settings.submission.caps()).map_err(|error| error.to_string())?;
        let received_at = Timestamp::now();
        match self.judge.judge(&submission, received_at, &|_progress| {}).await {
            Ok(judgement) => Ok(judgement),
            Err(JudgeFailure::Error(error)) => Ok(self.judge.judge_error(&submission, received_at, &error)),
            Err(JudgeFailure::Rejected(rejected)) => Err(rejected.to_string()),
        }
    }

    fn compare(&self, example: &ExampleSubmission, judgement: Judgement) -> Outcome {
        let complaint = match &example.expectation {
            _ if judgement.verdict == Verdict::Je => judgement.message.clone(),
            Some(expectation) => disagreement(expectation, &judgement),
            None => None,
        };
        Outcome::Judged {
            judgement: Box::new(judgement),
            complaint,
        }
    }
}
