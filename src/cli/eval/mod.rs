//! `assize eval`
//!
//! ```text
//! data set, candidates -> Evaluation -> Judges (here, a service, the queue) -> ResultFile -> Summary
//!                               each    judges, queue, local               row           shown
//!                               silence
//! ```

mod answered;
mod each;
mod judges;
mod local;
mod queue;
mod row;
mod shown;
mod silence;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;

use crate::cli::units::milliseconds;
use crate::cli::{Failure, interrupt, print, runtime};
use crate::config::{BrokerSettings, JudgingSettings, Settings};
use crate::contract::RequestedLimits;
use crate::evaluation::{Evaluation, ResultFile, SubmissionOptions, Summary};
use each::{Each, Ended};
use judges::{Judges, Where};

/// The flag of the output validator for which case counts.
const CASE_SENSITIVE: &str = "case_sensitive";

/// Submissions on their way at once, where others judge.
const JOBS_ELSEWHERE: usize = 16;

/// Judge candidates for the tasks of a data set, and estimate pass@k
///
/// Data sets are JSON lines in the form of HumanEval, MBPP, APPS, TACO or LiveCodeBench, or with tests as submissions have
/// them. Candidates are JSON lines with the task_id and a completion or a solution. Each result is on the disk before the next
/// one counts: a run that is killed goes on when it is called again. A candidate of which nothing is known, since the judge
/// failed, counts neither as passed nor as failed.
///
/// The exit code is 0 when there is an answer about every candidate, 2 for wrong usage and for lines that cannot be
/// understood, 3 when there is none about some of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize eval docs/examples/eval/tasks.jsonl --candidates docs/examples/eval/candidates.jsonl
  assize eval HumanEval.jsonl --candidates samples.jsonl --k 1,10,100 --cpu 3 --json > summary.json
  assize eval tasks.jsonl --candidates samples.jsonl --url http://127.0.0.1:8751 --jobs 64")]
pub(super) struct Eval {
    /// File with the tasks, a JSON object on each line, perhaps compressed by gzip; - is standard input
    #[arg(value_name = "DATASET")]
    dataset: PathBuf,

    /// File with the candidates, likewise
    #[arg(long, value_name = "FILE")]
    candidates: PathBuf,

    /// File of the results, which are added to it [default: that of the candidates, with .results.jsonl at its end]
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,

    /// For which numbers of tries to estimate [default: 1, 5, 10 and 100, as far as there are candidates]
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..))]
    k: Vec<u32>,

    /// Have a service judge them that answers at this address; its token is taken from ASSIZE_TOKEN
    #[arg(long, value_name = "URL", conflicts_with = "queue")]
    url: Option<String>,

    /// Have the workers of RabbitMQ (broker.url) judge them, behind what is not bulk work
    #[arg(long)]
    queue: bool,

    /// Candidates judged at once [default: one per slot; 16 with --url and --queue]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// How long the answer about a candidate is waited for
    #[arg(long, value_name = "SECONDS", default_value = "600", value_parser = milliseconds)]
    timeout: u64,

    /// Language of the candidates [default: judge.default_language of the settings]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,

    /// CPU time that a candidate may use for a test, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    cpu: Option<u64>,

    /// Time that it may take for a test, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    wall: Option<u64>,

    /// Memory that it may use, in MiB
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(16..1 << 20))]
    memory: Option<u64>,

    /// Flags of the output validator, for tasks whose programs print, such as 'float_tolerance 1e-6'
    #[arg(
        long,
        value_name = "FLAGS",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    validator_flags: String,

    /// Take letters of outputs as equal whose case alone differs
    #[arg(long)]
    ignore_case: bool,

    /// Compare outputs where a task brings a checker, which is not run; without this such a task is a bad line
    #[arg(long)]
    ignore_checkers: bool,

    /// Run the tests behind the first failing one too
    #[arg(long)]
    all_tests: bool,

    /// Leave out lines that cannot be understood, and say which
    #[arg(long)]
    skip_bad_lines: bool,

    /// Show each task, too
    #[arg(long)]
    by_task: bool,

    /// Print the summary as JSON, and nothing else
    #[arg(long)]
    json: bool,
}

impl Eval {
    pub(super) fn run(self, mut settings: Settings) -> Result<ExitCode, Failure> {
        settings.offer_all_languages();
        let options = self.options(&settings.judge.default_language)?;
        let path = self.results.clone().map_or_else(|| beside(&self.candidates), Ok)?;
        let opened = Evaluation::open(&self.dataset, &self.candidates, &options, self.skip_bad_lines);
        let evaluation = opened.map_err(Failure::usage)?;
        let mut file = ResultFile::open(&path).map_err(Failure::usage)?;
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let judges = Judges::open(self.place(settings.judging(), settings.broker)).await?;
            let jobs = self.jobs.map(usize::from).or(judges.slots()).unwrap_or(JOBS_ELSEWHERE);
            let each = Each {
                evaluation: &evaluation,
                options: &options,
                judges: &judges,
                timeout: Duration::from_millis(self.timeout),
            };
            let ended = each.judge(&mut file, jobs, self.json).await;
            judges.close().await;
            ended
        })?;
        match ended {
            Ended::Interrupted => {
                anstream::eprintln!("interrupted; the same command goes on where this one stopped");
                Ok(interrupt::exit_code())
            }
            Ended::Tried(results) => {
                let summary = Summary::of(&evaluation, &results, [&self.dataset, &path], &self.k);
                self.show(&summary)
            }
        }
    }

    fn options(&self, default_language: &str) -> Result<SubmissionOptions, Failure> {
        Ok(SubmissionOptions {
            language: self.language.as_deref().unwrap_or(default_language).to_owned(),
            limits: RequestedLimits {
                cpu_ms: self.cpu,
                wall_ms: self.wall,
                memory_bytes: self.memory.map(|mib| mib << 20),
                ..RequestedLimits::default()
            },
            validator_flags: self.flags()?,
            all_tests: self.all_tests,
            ignore_checkers: self.ignore_checkers,
        })
    }

    /// Those of the output validator, which takes letters as equal whose case alone differs unless it is told.
    fn flags(&self) -> Result<Vec<String>, Failure> {
        let flags = shlex::split(&self.validator_flags);
        let mut flags = flags.ok_or_else(|| Failure::usage(anyhow!("--validator-flags: a quote is not closed")))?;
        if !self.ignore_case && !flags.iter().any(|flag| flag == CASE_SENSITIVE) {
            flags.insert(0, CASE_SENSITIVE.to_owned());
        }
        Ok(flags)
    }

    fn place(&self, judging: JudgingSettings, broker: BrokerSettings) -> Where {
        match (&self.url, self.queue) {
            (Some(url), _) => Where::Service {
                url: url.clone(),
                token: std::env::var("ASSIZE_TOKEN").ok().filter(|token| !token.is_empty()),
            },
            (None, true) => Where::Queue(Box::new(broker)),
            (None, false) => Where::Here {
                settings: Box::new(judging),
                slots: self.jobs.map(usize::from),
            },
        }
    }

    fn show(&self, summary: &Summary) -> Result<ExitCode, Failure> {
        if self.json {
            print::json(summary)?;
        } else {
            print::text(&shown::render(summary, self.by_task, print::width()))?;
        }
        let most = summary.by_task.iter().map(|task| task.passed + task.failed).max();
        for k in self.k.iter().filter(|k| **k > most.unwrap_or_default()) {
            anstream::eprintln!("pass@{k} cannot be estimated: no task has answers about so many candidates");
        }
        Ok(match summary.no_answer {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::from(3),
        })
    }
}

/// `samples.results.jsonl` beside `samples.jsonl`. Beside a pipe there is no place.
fn beside(candidates: &Path) -> Result<PathBuf, Failure> {
    let is_pipe = candidates.metadata().is_ok_and(|metadata| !metadata.is_file());
    match is_pipe || candidates == Path::new("-") {
        true => Err(Failure::usage(anyhow!(
            "{} is no regular file, beside which results could be kept; say where with --results",
            candidates.display()
        ))),
        false => Ok(candidates.with_extension("results.jsonl")),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        eval: Eval,
    }

    #[test]
    fn flags_are_added_to_the_one_for_which_case_counts() {
        for (options, flags) in [
            (&[][..], &["case_sensitive"][..]),
            (
                &["--validator-flags", "float_tolerance 1e-6"],
                &["case_sensitive", "float_tolerance", "1e-6"],
            ),
            (
                &["--validator-flags", "space_change_sensitive case_sensitive"],
                &["space_change_sensitive", "case_sensitive"],
            ),
            (&["--ignore-case"], &[]),
            (
                &["--ignore-case", "--validator-flags", "float_tolerance 1e-6"],
                &["float_tolerance", "1e-6"],
            ),
        ] {
            let line = [&["eval", "a", "--candidates", "b"][..], options].concat();
            let Line { eval } = Line::try_parse_from(line).unwrap();
            assert_eq!(eval.flags().unwrap(), flags, "{options:?}");
        }
    }
}
