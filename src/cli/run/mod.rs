//! `assize run`

mod outcome;
mod request;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::cli::program::languages::Languages;
use crate::cli::progress::ProgressLine;
use crate::cli::units::milliseconds;
use crate::cli::{Failure, interrupt, print, runtime};
use crate::config::{JudgingSettings, Settings, SubmissionSettings};
use crate::contract::{RunResult, SubmissionCaps, parse};
use crate::judge::{Attempt, Judge, JudgeError, JudgeFailure, JudgeOptions, check_language};
use crate::problem::ProblemStore;
use crate::sandbox::{Pool, claim_cpus};

/// Run a program in a box of this machine, of the backend that the settings name
///
/// Neither RabbitMQ nor PostgreSQL is needed. Standard input is the program's, unless it is a terminal or the program
/// itself comes from it. The exit code is that of the program; 128 and the number of the signal when one killed it; 124 for
/// a time limit, 137 for memory, 153 for output and 1 for a program that does not compile. It is 2 for wrong usage and 125
/// when the judge failed; a sentence on standard error says so.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize run main.py < input.txt
  assize run solver/ --entry-point start.py --file cities.csv --fetch tour.txt -- --fast
  echo 'print(6 * 7)' | assize run -
  assize run main.py --cpu 2 --memory 256 --json < input.txt | jq .status")]
pub(super) struct Run {
    /// Source file, or directory with the source files; - reads one file from standard input
    #[arg(value_name = "FILE_OR_DIR")]
    program: PathBuf,

    /// Arguments of the program
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,

    /// Lay a file beside the program, under another name if one is given; can be given several times
    #[arg(long, visible_alias = "files", value_name = "PATH[=NAME]")]
    file: Vec<String>,

    /// Fetch a file that the program leaves behind, and write it below --output; can be given several times
    #[arg(long, value_name = "NAME")]
    fetch: Vec<String>,

    /// Directory for fetched files
    #[arg(long, value_name = "DIR", default_value = ".")]
    output: PathBuf,

    /// Language of the program [default: judge.default_language of the settings]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,

    /// File of the program to start; without it main.py, else the only source file
    #[arg(long, value_name = "NAME")]
    entry_point: Option<String>,

    /// CPU time that it may use, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    cpu: Option<u64>,

    /// Time that it may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    wall: Option<u64>,

    /// Memory that it may use, in MiB
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(16..1 << 20))]
    memory: Option<u64>,

    /// Bytes that it may print
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..))]
    output_bytes: Option<u64>,

    /// Print the result document as JSON, and nothing else; fetched files are in it, and are not written
    #[arg(long)]
    json: bool,
}

impl Run {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        let languages = Languages {
            table: &settings.languages,
            default: &settings.judge.default_language,
            preferred: None,
            answers: false,
        };
        let message = self.message(&settings.submission, languages, settings.limits.file_bytes);
        let message = message.map_err(Failure::Usage)?;
        let body = serde_json::to_vec(&message).map_err(Failure::ours)?;
        let result = runtime()?.block_on(self.answer(&body, &settings.submission, settings.judging()));
        match result {
            Ok(Some(result)) => self.show(&result),
            Ok(None) => Ok(interrupt::exit_code()),
            Err(Failure::Ours(error)) => {
                Failure::Ours(error).print();
                Ok(outcome::failed())
            }
            Err(usage) => Err(usage),
        }
    }

    /// The result; `None` when the command was interrupted.
    async fn answer(
        &self,
        body: &[u8],
        accepted: &SubmissionSettings,
        settings: JudgingSettings,
    ) -> Result<Option<RunResult>, Failure> {
        let caps = SubmissionCaps {
            // It travels nowhere; standard input has a cap of its own.
            message_bytes: usize::MAX,
            ..accepted.caps()
        };
        let submission = parse(body, &caps).map_err(Failure::usage)?;
        check_language(&submission, &settings.languages).map_err(Failure::usage)?;
        let cpus = claim_cpus(&settings.sandbox, 1).map_err(Failure::usage)?;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, cpus.shares.slots.clone(), 0)
            .await
            .map_err(Failure::ours)?;
        let pool = Arc::new(pool);
        let judge = Judge::new(JudgeOptions::from(settings), Arc::clone(&pool), ProblemStore::empty());
        let progress_line = ProgressLine::start("running", self.json);
        let attempt = Attempt::now();
        let answered = tokio::select! {
            answered = judge.answer(&submission, &attempt, &|_progress| {}) => Some(answered),
            () = interrupt::wanted() => None,
        };
        progress_line.finish();
        pool.close().await;
        let answer = match answered {
            None => return Ok(None),
            Some(Ok(answer)) => answer,
            Some(Err(JudgeFailure::Rejected(rejected))) => return Err(Failure::usage(rejected)),
            Some(Err(JudgeFailure::Error(error))) => judge.failed(&submission, &attempt, &error),
        };
        let no_result = || Failure::ours(JudgeError::Internal("a run was answered with a verdict".into()));
        answer.into_result().ok_or_else(no_result).map(Some)
    }

    fn show(&self, result: &RunResult) -> Result<ExitCode, Failure> {
        if self.json {
            print::json(result)?;
        } else {
            outcome::show(result)?;
            outcome::write_files(result, &self.output)?;
        }
        Ok(outcome::exit_code(result))
    }
}
