//! What a program did: on the same streams, in the same exit code, and as files.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};

use crate::cli::Failure;
use crate::cli::output::escape::{escape, escape_line};
use crate::contract::{FetchedFile, Payload, RunReport, RunResult, RunStatus};

/// As of `docker run`, when it is not the program that failed.
const FAILED: u8 = 125;

/// As of `timeout(1)`.
const TIMED_OUT: u8 = 124;

/// Added to the number of a signal, as shells do.
const BY_SIGNAL: u8 = 128;

/// `SIGKILL`, `SIGXFSZ` and `SIGSYS` (`signal(7)`).
const SIGKILL: u8 = 9;
const SIGXFSZ: u8 = 25;
const SIGSYS: u8 = 31;

/// Prints what the program printed, and why it ended if not by itself.
pub(super) fn show(result: &RunResult) -> Result<(), Failure> {
    for run in &result.runs {
        print_to(io::stdout().lock(), &run.stdout, "standard output")?;
        print_to(io::stderr().lock(), &run.stderr, "standard error")?;
    }
    if let Some(ending) = ending(result) {
        anstream::eprintln!("assize: {}", escape(&ending));
    }
    Ok(())
}

/// How the program ended, where its own output does not show it.
fn ending(result: &RunResult) -> Option<String> {
    let status = result.status;
    let because = result
        .message
        .as_deref()
        .map(|message| format!(": {}", message.trim_end()));
    let of_signal = || {
        let run = result.runs.first()?;
        Some(format!("killed by {}", run.signal.as_ref()?))
    };
    match status {
        RunStatus::Ok => None,
        RunStatus::Rte => of_signal(),
        other => Some(format!("{}{}", other.describe(), because.unwrap_or_default())),
    }
}

fn print_to(mut stream: impl Write, payload: &Payload, name: &str) -> Result<(), Failure> {
    let content = payload.content().map_err(Failure::ours)?;
    match stream.write_all(&content).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            return Err(Failure::ours(anyhow!(error).context(format!("cannot write to {name}"))));
        }
        _ => {}
    }
    if payload.truncated {
        anstream::eprintln!(
            "assize: {name} was cut, {} bytes were written; --output-bytes shows more of it, up to what the settings allow ([run])",
            payload.bytes
        );
    }
    Ok(())
}

/// Writes the fetched files below `directory`. Their paths were checked to stay there.
pub(super) fn write_files(result: &RunResult, directory: &Path) -> Result<(), Failure> {
    let files = result.runs.iter().flat_map(|run| &run.files);
    files.clone().try_for_each(|file| write_file(file, directory))
}

fn write_file(FetchedFile { path, content }: &FetchedFile, directory: &Path) -> Result<(), Failure> {
    let Some(content) = content else {
        anstream::eprintln!("assize: the program left no file {}", escape_line(path));
        return Ok(());
    };
    let place = directory.join(path);
    let bytes = content.content().map_err(Failure::ours)?;
    let parent = place.parent().unwrap_or(directory);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(&place, bytes))
        .with_context(|| format!("cannot write {}", place.display()))
        .map_err(Failure::Ours)?;
    if content.truncated {
        anstream::eprintln!(
            "assize: {} was cut; see run.file_bytes of the settings",
            escape_line(path)
        );
    }
    Ok(())
}

/// The exit code of a command that could not run the program.
pub(super) fn failed() -> ExitCode {
    ExitCode::from(FAILED)
}

/// The exit code of the program, else one that says what ended it.
pub(super) fn exit_code(result: &RunResult) -> ExitCode {
    ExitCode::from(match result.status {
        RunStatus::Ok => 0,
        RunStatus::Ce => 1,
        RunStatus::Tle => TIMED_OUT,
        RunStatus::Mle => BY_SIGNAL + SIGKILL,
        RunStatus::Ole => BY_SIGNAL + SIGXFSZ,
        RunStatus::Sv => BY_SIGNAL + SIGSYS,
        RunStatus::Rte => result.runs.first().map_or(FAILED, of_program),
        RunStatus::Je | RunStatus::Cancelled => FAILED,
    })
}

fn of_program(run: &RunReport) -> u8 {
    let code = run.exit_code.and_then(|code| u8::try_from(code).ok());
    let signal = || {
        run.signal
            .as_deref()
            .and_then(number_of)
            .map(|number| BY_SIGNAL + number)
    };
    code.or_else(signal).unwrap_or(FAILED)
}

/// Its number, from its name.
fn number_of(signal: &str) -> Option<u8> {
    (1..=64).find(|number| crate::judge::signal_name(i32::from(*number)) == signal)
}
