//! `assize report`

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};

use crate::cli::program::{sources, stdin};
use crate::cli::{Failure, print};
use crate::contract::{Judgement, document};
use crate::reports::{ReportError, ReportFormat, report};

/// Bytes of a verdict document, at most.
const LARGEST: u64 = 64 << 20;

/// Write a verdict as JUnit XML, or as results.json of Gradescope or PrairieLearn
///
/// A judge error is no mark: JUnit gets an error, PrairieLearn is told that the submission is not gradable, and for
/// Gradescope nothing is written. The exit code is 0 when the report is written, 2 for wrong usage and for what is no verdict,
/// 3 when there is no mark.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize judge main.py --problem examples/sum --all-tests --json | assize report --format junit - > junit.xml
  assize report --format gradescope verdict.json > /autograder/results/results.json
  assize report --format prairielearn --max-score 100 verdict.json > /grade/results/results.json")]
pub(in crate::cli) struct Report {
    /// Verdict document, as --json of judge and submit print it; - reads standard input
    #[arg(value_name = "VERDICT")]
    verdict: PathBuf,

    /// How it is written
    #[arg(long, value_enum)]
    format: Format,

    /// The best score of a problem that gives scores
    #[arg(long, value_name = "SCORE")]
    max_score: Option<f64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Junit,
    Gradescope,
    #[value(name = "prairielearn")]
    PrairieLearn,
}

impl Report {
    pub(in crate::cli) fn run(&self) -> Result<ExitCode, Failure> {
        if self.max_score.is_some_and(|best| !best.is_finite() || best <= 0.0) {
            return Err(Failure::usage(anyhow!("--max-score is no number above 0")));
        }
        let name = self.verdict.display();
        let json = self
            .read()
            .with_context(|| format!("cannot read {name}"))
            .map_err(Failure::Usage)?;
        let judgement: Judgement = document(&json)
            .with_context(|| format!("{name} is no verdict document"))
            .map_err(Failure::Usage)?;
        let format = match self.format {
            Format::Junit => ReportFormat::Junit,
            Format::Gradescope => ReportFormat::Gradescope,
            Format::PrairieLearn => ReportFormat::PrairieLearn,
        };
        match report(&judgement, format, self.max_score) {
            Ok(text) => print::text(text.trim_end()).map(|()| ExitCode::SUCCESS),
            Err(error @ ReportError::NoMaxScore) => Err(Failure::usage(error)),
            Err(error) => Err(Failure::ours(error)),
        }
    }

    fn read(&self) -> anyhow::Result<Vec<u8>> {
        let from: Box<dyn Read> = match sources::is_stdin(&self.verdict) {
            true => {
                // What comes over a pipe is judged first, which may take long.
                stdin::is_told_at_a_terminal("the verdict");
                Box::new(std::io::stdin().lock())
            }
            false => Box::new(File::open(&self.verdict)?),
        };
        let mut json = Vec::new();
        from.take(LARGEST + 1).read_to_end(&mut json)?;
        anyhow::ensure!(json.len() as u64 <= LARGEST, "it has more than {LARGEST} bytes");
        Ok(json)
    }
}
