//! The program `assize`, a file per command.
//!
//! Exit codes: 0 for "accepted" or "done", 1 for any other verdict, 2 for wrong usage, 3 when we failed.

mod judge;
mod live;
mod plain;
mod schema;
mod sources;
mod submit;
mod table;
mod verify;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{self, Settings};
use crate::contract::Verdict;
use crate::telemetry;

/// Grades untrusted Python programs in disposable, hardened containers.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub struct Assize {
    /// Settings in TOML; what it does not name keeps its default
    #[arg(long, global = true, value_name = "FILE", env = "ASSIZE_CONFIG")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take submissions from RabbitMQ and judge them, until told to stop
    Worker(worker::Worker),
    /// Judge one submission on this machine, with Docker only
    Judge(judge::Judge),
    /// Judge every submission of problem packages, and compare with what is expected
    Verify(verify::Verify),
    /// Send submissions to RabbitMQ, and wait for their verdicts
    Submit(submit::Submit),
    /// Print the JSON Schemas of the messages
    Schema(schema::Schema),
}

/// A command that did not reach its end.
#[derive(Debug)]
enum Failure {
    /// The user asked for something that cannot be.
    Usage(anyhow::Error),
    /// We could not do it.
    Ours(anyhow::Error),
}

impl Failure {
    fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::Usage(error.into())
    }

    fn ours(error: impl Into<anyhow::Error>) -> Self {
        Self::Ours(error.into())
    }
}

impl Assize {
    /// Runs the command and says how it went.
    pub fn run(self) -> ExitCode {
        let ended = match self.command {
            Command::Worker(worker) => settings(self.config).and_then(|settings| worker.run(settings)),
            Command::Judge(judge) => settings(self.config).and_then(|settings| judge.run(settings)),
            Command::Verify(verify) => settings(self.config).and_then(|settings| verify.run(settings)),
            Command::Submit(submit) => settings(self.config).and_then(|settings| submit.run(settings)),
            Command::Schema(schema) => schema.run(),
        };
        match ended {
            Ok(code) => code,
            Err(Failure::Usage(error)) => complain(&error, 2),
            Err(Failure::Ours(error)) => complain(&error, 3),
        }
    }
}

fn settings(file: Option<PathBuf>) -> Result<Settings, Failure> {
    config::load(file.as_deref()).map_err(Failure::usage)
}

/// Commands for people are quiet about what the worker would log.
fn log_warnings_only(settings: &mut Settings) -> Result<(), Failure> {
    if settings.log.filter == "info" {
        "warn".clone_into(&mut settings.log.filter);
    }
    telemetry::start(&settings.log).map_err(Failure::usage)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::ours)
}

fn complain(error: &anyhow::Error, code: u8) -> ExitCode {
    let (bold, reset) = (anstyle::AnsiColor::Red.on_default().bold(), anstyle::Reset);
    anstream::eprintln!("{bold}error{reset}: {}", plain::harmless(&chain(error)));
    ExitCode::from(code)
}

/// What went wrong and why; a cause that is told already is not told again.
fn chain(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !told.contains(&cause) {
            told.push_str(": ");
            told.push_str(&cause);
        }
    }
    told
}

/// 0 for accepted, 3 when we failed, 1 for everything else.
fn exit_code(verdict: Verdict) -> ExitCode {
    match verdict {
        Verdict::Ac => ExitCode::SUCCESS,
        Verdict::Je => ExitCode::from(3),
        _ => ExitCode::from(1),
    }
}
