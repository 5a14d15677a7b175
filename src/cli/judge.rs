//! `assize judge`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::anyhow;
use clap::Args;
use uuid::Uuid;

use crate::cli::output::verdict;
use crate::cli::program::languages::Languages;
use crate::cli::program::processes::Processes;
use crate::cli::program::sources;
use crate::cli::progress::ProgressLine;
use crate::cli::{Failure, exit_code, interrupt, runtime};
use crate::config::{JudgingSettings, ProblemSettings, Settings, SubmissionSettings};
use crate::contract::{ProblemRef, Submission, SubmissionMessage, parse};
use crate::judge::{self, Attempt, JudgeFailure, JudgeOptions};
use crate::problem::{OpenPackage, Package, ProblemStore};
use crate::sandbox::{Pool, claim_cpus};

/// Judge one submission on this machine, in boxes of the backend that the settings name
///
/// Neither RabbitMQ nor PostgreSQL is needed. The exit code is 0 for AC, 1 for any other verdict, 2 for wrong usage
/// (also: a broken problem package, or a submission that no worker would accept), 3 for JE and every other failure of
/// ours.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize judge examples/sum/submissions/accepted/sum.py --problem examples/sum
  assize judge my_solution/ --problem examples/sum --entry-point start.py --all-tests
  assize judge main.py --problem examples/sum --json | jq .verdict
  assize judge main.py --tests docs/examples/calls/add.jsonl")]
pub(super) struct Judge {
    /// Source file, or directory with the source files; - reads one file from standard input
    #[arg(value_name = "FILE_OR_DIR")]
    submission: PathBuf,

    /// Directory or zip archive of the problem package
    #[arg(long, value_name = "PACKAGE", required_unless_present = "tests")]
    problem: Option<PathBuf>,

    /// Tests instead of a package: an array in JSON or a test on each line, such as calls of functions; a module of unit
    /// tests, or a directory of such
    #[arg(long, value_name = "FILE", conflicts_with = "problem")]
    tests: Option<PathBuf>,

    /// Which processes calls are made in: one for each, forks of one that has imported the program, or one for all
    #[arg(long, value_enum, value_name = "PROCESSES", requires = "tests")]
    processes: Option<Processes>,

    /// Language of the submission [default: judge.default_language of the settings]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,

    /// File of the submission to start; without it main.py, else the only source file
    #[arg(long, value_name = "NAME")]
    entry_point: Option<String>,

    /// Run the tests behind the first failing one too
    #[arg(long)]
    all_tests: bool,

    /// Print the verdict document as JSON, and nothing else
    #[arg(long)]
    json: bool,
}

impl Judge {
    pub(super) fn run(self, mut settings: Settings) -> Result<ExitCode, Failure> {
        settings.offer_all_languages();
        runtime()?.block_on(self.judge(&settings.problems, &settings.submission, settings.judging()))
    }

    async fn judge(
        self,
        problems: &ProblemSettings,
        accepted: &SubmissionSettings,
        settings: JudgingSettings,
    ) -> Result<ExitCode, Failure> {
        let open = self.problem.as_deref().map(|path| open_package(path, problems));
        let open = open.transpose()?;
        let package = open.as_ref().map(|open| open.package.clone());
        for warning in package
            .iter()
            .flat_map(|package| package.warnings.iter().chain(&package.faults))
        {
            tracing::warn!(%warning, "the problem package has a fault");
        }
        let languages = Languages {
            table: &settings.languages,
            default: &settings.judge.default_language,
            preferred: None,
            answers: package.as_ref().is_some_and(|package| package.submit_answer),
        };
        let message = self
            .message(package.as_ref(), accepted, languages)
            .map_err(Failure::Usage)?;
        let body = serde_json::to_vec(&message).map_err(Failure::ours)?;
        let submission = parse(&body, &accepted.caps()).map_err(Failure::usage)?;
        judge::check_language(&submission, &settings.languages).map_err(Failure::usage)?;
        let slots = settings.judge.parallel_tests.max(1);
        let cpus = claim_cpus(&settings.sandbox, slots).map_err(Failure::usage)?;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, cpus.shares.slots.clone(), 0)
            .await
            .map_err(Failure::ours)?;
        let pool = Arc::new(pool);
        let problems = package.map_or_else(ProblemStore::empty, ProblemStore::single);
        let judge = judge::Judge::new(JudgeOptions::from(settings), Arc::clone(&pool), problems);
        self.show(&judge, &submission, &pool).await
    }

    /// Judges with the boxes of a pool, which are gone afterwards, and prints the verdict.
    async fn show(&self, judge: &judge::Judge, submission: &Submission, pool: &Pool) -> Result<ExitCode, Failure> {
        let progress_line = ProgressLine::start("starting a box", self.json);
        let attempt = Attempt::now();
        let show = |progress| progress_line.show(&progress);
        let judged = tokio::select! {
            judged = judge.judge(submission, &attempt, &show) => Some(judged),
            () = interrupt::wanted() => None,
        };
        progress_line.finish();
        pool.close().await;
        let Some(judged) = judged else {
            return Ok(interrupt::exit_code());
        };
        let judgement = match judged {
            Ok(judgement) => judgement,
            Err(JudgeFailure::Rejected(rejected)) => return Err(Failure::usage(rejected)),
            Err(JudgeFailure::Error(error)) => judge.judge_error(submission, &attempt, &error),
        };
        verdict::show(&judgement, self.json)?;
        Ok(exit_code(judgement.verdict))
    }

    fn message(
        &self,
        package: Option<&Package>,
        accepted: &SubmissionSettings,
        languages: Languages<'_>,
    ) -> anyhow::Result<SubmissionMessage> {
        let mut files = sources::read(&self.submission, accepted)?;
        if let Some(package) = package.filter(|package| self.is_example_of(package)) {
            sources::put_constants(&mut files, &package.constants);
        }
        let problem = ProblemRef {
            id: package.map(|package| package.id.clone()).unwrap_or_default(),
            revision: None,
        };
        let names = files.iter().map(|file| file.name.as_str());
        let language = languages.of_program(self.language.as_deref(), names, self.entry_point.as_deref())?;
        let language = language.to_owned();
        let mut message = SubmissionMessage::for_problem(Uuid::now_v7(), language, files, problem);
        message.entry_point.clone_from(&self.entry_point);
        message.stop_on_first_failure = self.all_tests.then_some(false);
        if let Some(path) = &self.tests {
            sources::tests(path, accepted)?.put_into(&mut message);
        }
        if let Some(processes) = self.processes {
            processes.put_into(&mut message);
        }
        Ok(message)
    }

    fn is_example_of(&self, package: &Package) -> bool {
        let examples = &package.examples;
        std::fs::canonicalize(&self.submission)
            .is_ok_and(|path| examples.iter().any(|example| path.starts_with(&example.path)))
    }
}

fn open_package(path: &Path, problems: &ProblemSettings) -> Result<OpenPackage, Failure> {
    OpenPackage::read(path, problems.into()).map_err(|error| match path.exists() {
        true => Failure::usage(error),
        false => Failure::usage(anyhow!(
            "{error}; assize judge takes the package itself, a directory or a zip archive such as examples/sum"
        )),
    })
}
