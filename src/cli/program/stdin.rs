//! Standard input, read to its end, and what a caller is told who does not know that it is waited for.

use std::io::{self, BufRead, IsTerminal as _, Read as _, stdin};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// How long nothing comes before a caller is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether a person would have to type what is read.
pub(in crate::cli) fn is_terminal() -> bool {
    stdin().is_terminal()
}

/// Tells a person at a terminal what is read, and how to end it; whether there is one.
pub(in crate::cli) fn is_told_at_a_terminal(what: &str) -> bool {
    if is_terminal() {
        anstream::eprintln!("reading {what} from the terminal; Ctrl-D on a line of its own ends it");
    }
    is_terminal()
}

/// At most so many bytes, and one more where there are more; `what` is what they are for.
pub(in crate::cli) fn read(what: &str, most: u64) -> io::Result<Vec<u8>> {
    let mut stdin = stdin().lock();
    if !is_told_at_a_terminal(what) {
        wait_for_the_first(&mut stdin, what)?;
    }
    let mut content = Vec::new();
    stdin.take(most.saturating_add(1)).read_to_end(&mut content)?;
    Ok(content)
}

/// A shell without a terminal, or the program that calls, may have left it open without anything to come.
fn wait_for_the_first(stdin: &mut impl BufRead, what: &str) -> io::Result<()> {
    let (come, waiting) = sync_channel::<()>(1);
    let told = format!("waiting for {what} on standard input, which is open; with < /dev/null there is none");
    thread::spawn(move || {
        if waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            anstream::eprintln!("{told}");
        }
    });
    let first = stdin.fill_buf().map(|_bytes| ());
    drop(come);
    first
}
