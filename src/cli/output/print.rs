//! Standard output: colours where a terminal shows them, and no panic when the reader has closed the pipe.

use std::io::{self, ErrorKind, Write as _};

use serde::Serialize;

use crate::cli::Failure;
use crate::telemetry::escape_json;

/// Width where there is no terminal to ask.
const USUAL_WIDTH: u16 = 120;

/// No table can be read in fewer columns.
const NARROWEST: u16 = 20;

/// Prints a text and ends the line.
pub fn text(text: &str) -> Result<(), Failure> {
    unless_pipe_broke(writeln!(anstream::stdout().lock(), "{text}"))
}

/// Prints a document.
pub fn json(document: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(document).map_err(Failure::ours)?;
    unless_pipe_broke(writeln!(io::stdout().lock(), "{}", escape_json(&json)))
}

/// Prints a document on one line.
pub(in crate::cli) fn json_line(document: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(document).map_err(Failure::ours)?;
    unless_pipe_broke(writeln!(io::stdout().lock(), "{}", escape_json(&json)))
}

/// Columns of the terminal, or those that are wanted instead (`COLUMNS`, POSIX.1-2017, 8.3). A serial console reports
/// none, which means that it does not know.
pub fn width() -> u16 {
    let wanted = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = wanted.or_else(|| comfy_table::Table::new().width());
    columns.filter(|width| *width >= NARROWEST).unwrap_or(USUAL_WIDTH)
}

/// A broken pipe is no failure: in `assize schema | head` the reader has what it needs.
fn unless_pipe_broke(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::ours(
            anyhow::Error::new(error).context("cannot write to standard output"),
        )),
        _ => Ok(()),
    }
}
