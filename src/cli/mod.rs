//! The program `assize`, a file per command.
//!
//! Exit codes: 0 for "accepted" or "done", 1 for any other verdict, 2 for wrong usage, 3 when we failed.

#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the benchmark starts workers and reads what they write"
)]
mod bench;
mod cancel;
mod config;
mod dead;
mod doctor;
mod escape;
mod failure;
mod interrupt;
mod judge;
mod overview;
mod print;
mod progress;
mod report;
mod request;
mod schema;
mod sources;
mod submit;
mod table;
mod units;
mod verify;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::failure::{Failure, exit_code};
use crate::config::{self as settings, Settings};
use crate::telemetry;

const GLOBAL: &str = "Global options";

/// Grades untrusted Python programs in disposable, hardened containers.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Every setting can be given in the environment too, as ASSIZE__SECTION__KEY; it wins over the file.
`assize config show` shows them all.

Examples:
  assize judge main.py --problem examples/sum
  assize submit main.py --problem sum --wait
  assize worker")]
pub struct Assize {
    /// Settings in TOML; what it does not name keeps its default
    #[arg(long, global = true, value_name = "FILE", env = "ASSIZE_CONFIG", hide_env_values = true, help_heading = GLOBAL)]
    config: Option<PathBuf>,

    /// Which log lines are written to standard error, such as `info,assize=debug`
    #[arg(long, global = true, value_name = "FILTER", help_heading = GLOBAL)]
    log_filter: Option<String>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Worker(worker::Worker),
    Judge(judge::Judge),
    Verify(verify::Verify),
    Submit(submit::Submit),
    Cancel(cancel::Cancel),
    Doctor(doctor::Doctor),
    Dead(dead::Dead),
    Bench(bench::Bench),
    Config(config::Config),
    Schema(schema::Schema),
}

impl Assize {
    /// Runs the command and says how it went.
    pub fn run(self) -> ExitCode {
        self.dispatch().unwrap_or_else(|failure| failure.complain())
    }

    fn dispatch(self) -> Result<ExitCode, Failure> {
        let Self {
            config,
            log_filter,
            command,
        } = self;
        let quiet = !matches!(command, Command::Worker(_));
        let settings = || prepare(config, log_filter, quiet);
        match command {
            Command::Worker(worker) => worker.run(settings()?),
            Command::Judge(judge) => judge.run(settings()?),
            Command::Verify(verify) => verify.run(settings()?),
            Command::Submit(submit) => submit.run(settings()?),
            Command::Cancel(cancel) => cancel.run(&settings()?.broker),
            Command::Doctor(doctor) => doctor.run(settings()?),
            Command::Dead(dead) => dead.run(&settings()?.broker),
            Command::Bench(bench) => bench.run(settings()?),
            Command::Config(config) => config.run(settings),
            Command::Schema(schema) => schema.run(),
        }
    }
}

/// Log lines of a command for people: what they need to know of RabbitMQ stands in its error.
const QUIET: &str = "warn,lapin=off";

/// Loads the settings and starts logging. Commands for people are quiet about what a worker would log.
fn prepare(config: Option<PathBuf>, log_filter: Option<String>, quiet: bool) -> Result<Settings, Failure> {
    let mut settings = settings::load(config.as_deref()).map_err(Failure::usage)?;
    match log_filter {
        Some(filter) => settings.log.filter = filter,
        None if quiet && settings.log.filter == "info" => QUIET.clone_into(&mut settings.log.filter),
        None => {}
    }
    telemetry::start(&settings.log).map_err(Failure::usage)?;
    Ok(settings)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::ours)
}
