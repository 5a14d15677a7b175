//! The program `assize`: a file or a folder per command.
//!
//! Exit codes: 0 for "accepted" or "done", 1 for any other verdict, 2 for wrong usage, 3 when we failed. `assize run` ends
//! like the program that it runs.

mod cancel;
mod completions;
mod config;
mod dead;
mod doctor;
mod eval;
mod failure;
mod global;
mod id;
mod image;
pub mod interrupt;
mod judge;
mod new;
mod output;
mod program;
mod purge;
mod readiness;
mod rejected;
mod report;
mod run;
mod schema;
mod serve;
mod status;
mod submit;
mod token;
mod verify;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use crate::cli::failure::Failure;
use crate::cli::failure::exit_code;
pub use crate::cli::global::Global;
pub use crate::cli::output::{print, progress, table, units};

/// Grades untrusted Python programs in disposable, hardened containers.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Every setting can be given in the environment too, as ASSIZE__SECTION__KEY; it wins over the file.
`assize config show` shows them all.

Examples:
  assize run main.py < input.txt
  assize judge main.py --problem examples/sum
  assize submit main.py --problem sum --wait
  assize worker")]
pub struct Assize {
    #[command(flatten)]
    global: Global,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Worker(worker::Worker),
    Serve(serve::Serve),
    Judge(judge::Judge),
    Run(run::Run),
    Verify(verify::Verify),
    Eval(eval::Eval),
    Report(report::Report),
    New(new::New),
    Submit(submit::Submit),
    Cancel(cancel::Cancel),
    Status(status::Status),
    Token(token::Token),
    Doctor(doctor::Doctor),
    Image(image::Image),
    Dead(dead::Dead),
    Rejected(rejected::Rejected),
    Purge(purge::Purge),
    Config(config::Config),
    Schema(schema::Schema),
    Completions(completions::Completions),
}

impl Assize {
    /// Runs the command and returns its exit code.
    pub fn run(self) -> ExitCode {
        self.dispatch().unwrap_or_else(|failure| failure.print())
    }

    fn dispatch(self) -> Result<ExitCode, Failure> {
        let Self { global, command } = self;
        let quiet = !matches!(command, Command::Worker(_) | Command::Serve(_));
        let settings = || global.prepare(quiet);
        match command {
            Command::Worker(worker) => worker.run(settings()?),
            Command::Serve(serve) => serve.run(settings()?),
            Command::Judge(judge) => judge.run(settings()?),
            Command::Run(run) => run.run(settings()?),
            Command::New(new) => new.run(),
            Command::Verify(verify) => verify.run(settings()?),
            Command::Report(report) => report.run(),
            Command::Eval(eval) => eval.run(settings()?),
            Command::Submit(submit) => submit.run(settings()?),
            Command::Token(token) => token.run(&settings()?.serve),
            Command::Cancel(cancel) => cancel.run(&settings()?.broker),
            Command::Doctor(doctor) => doctor.run(settings()?),
            Command::Image(image) => {
                settings().and_then(|settings| image.run(&settings.judging(), &settings.submission))
            }
            Command::Status(status) => settings().and_then(|settings| status.run(settings.broker, settings.store)),
            Command::Dead(dead) => settings().and_then(|settings| dead.run(&settings.broker, &settings.store)),
            Command::Rejected(rejected) => {
                settings().and_then(|settings| rejected.run(&settings.broker, &settings.store))
            }
            Command::Purge(purge) => purge.run(&settings()?.store),
            Command::Config(config) => config.run(settings),
            Command::Schema(schema) => schema.run(),
            Command::Completions(completions) => completions.run(),
        }
    }
}

/// The runtime of a command.
///
/// # Errors
/// When the system gives no threads for it.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::ours)
}
