//! Standard output: colours where a terminal shows them, and no panic when the reader has gone away.

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
    told(writeln!(anstream::stdout().lock(), "{text}"))
}

/// Prints a document.
pub fn json(document: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(document).map_err(Failure::ours)?;
    told(writeln!(io::stdout().lock(), "{}", escape_json(&json)))
}

/// Prints a document on one line.
pub(super) fn json_line(document: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(document).map_err(Failure::ours)?;
    told(writeln!(io::stdout().lock(), "{}", escape_json(&json)))
}

/// Columns of the terminal. A serial console says that it has none, which means that it does not know.
pub fn width() -> u16 {
    let told = comfy_table::Table::new().width();
    told.filter(|width| *width >= NARROWEST).unwrap_or(USUAL_WIDTH)
}

/// `assize schema | head` has all it wants when the pipe breaks.
fn told(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::ours(
            anyhow::Error::new(error).context("cannot write to standard output"),
        )),
        _ => Ok(()),
    }
}
