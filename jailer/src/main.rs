//! The program assize-jailer.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use assize_jailer::{DEFAULTS, Jailer, Settings};

const USAGE: &str = "\
Starts boxes with nsjail for workers that have no rights, and nothing else.

usage: assize-jailer [--config FILE]
       assize-jailer --defaults    every setting with its default value
       assize-jailer --version";

/// `EX_USAGE` and `EX_UNAVAILABLE` of `sysexits.h`.
const WRONG_USAGE: u8 = 64;
const UNAVAILABLE: u8 = 69;

enum Asked {
    Serve(Option<PathBuf>),
    Show(String),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match asked(&arguments) {
        Some(Asked::Serve(file)) => serve(file.as_deref()),
        Some(Asked::Show(text)) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        None => {
            eprintln!("{USAGE}");
            ExitCode::from(WRONG_USAGE)
        }
    }
}

fn asked(arguments: &[String]) -> Option<Asked> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => Some(Asked::Serve(None)),
        ["--config", file] => Some(Asked::Serve(Some(file.into()))),
        ["--defaults"] => Some(Asked::Show(DEFAULTS.trim_end().to_owned())),
        ["--version"] => Some(Asked::Show(format!("assize-jailer {}", env!("CARGO_PKG_VERSION")))),
        ["--help"] => Some(Asked::Show(USAGE.to_owned())),
        _ => None,
    }
}

fn serve(file: Option<&Path>) -> ExitCode {
    // A variable that is no text is none of ours.
    let environment =
        std::env::vars_os().filter_map(|(name, value)| name.into_string().ok().zip(value.into_string().ok()));
    let settings = match Settings::load(file, environment) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("assize-jailer: {error}");
            return ExitCode::from(WRONG_USAGE);
        }
    };
    let listens = settings.listen.display().to_string();
    match Jailer::start(settings) {
        Ok(jailer) => {
            eprintln!("assize-jailer {} listens at {listens}", env!("CARGO_PKG_VERSION"));
            jailer.serve();
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("assize-jailer: {error}");
            ExitCode::from(UNAVAILABLE)
        }
    }
}
