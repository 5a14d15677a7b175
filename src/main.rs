//! The program `assize`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    assize::cli::Assize::parse().run()
}
