//! How a command ends when it does not reach its end: what went wrong, why, and what to do about it.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};

use crate::cli::output::escape::escape;
use crate::contract::Verdict;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// A command that did not reach its end.
#[derive(Debug)]
pub enum Failure {
    /// The user asked for something that cannot be.
    Usage(anyhow::Error),
    /// We could not do it.
    Ours(anyhow::Error),
}

impl Failure {
    /// What the user asked for cannot be, for this reason.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::Usage(error.into())
    }

    /// We could not do it, for this reason.
    pub fn ours(error: impl Into<anyhow::Error>) -> Self {
        Self::Ours(error.into())
    }

    /// Prints to standard error what happened, and returns the exit code.
    pub fn print(&self) -> ExitCode {
        let (error, code) = match self {
            Self::Usage(error) => (error, 2),
            Self::Ours(error) => (error, 3),
        };
        anstream::eprintln!("{}", rendered(&chain(error)));
        ExitCode::from(code)
    }
}

/// 0 for accepted, 3 when we failed, 1 for everything else.
pub(super) fn exit_code(verdict: Verdict) -> ExitCode {
    match verdict {
        Verdict::Ac => ExitCode::SUCCESS,
        Verdict::Je => ExitCode::from(3),
        _ => ExitCode::from(1),
    }
}

/// A message has what was wrong and, behind a semicolon, what to do; the second part gets a line of its own.
fn rendered(message: &str) -> String {
    let message = escape(message.trim_end());
    match parts(&message) {
        (what, Some(remedy)) => {
            format!(
                "{ERROR}error{ERROR:#}: {}\n{HINT}hint{HINT:#}: {remedy}",
                what.trim_end()
            )
        }
        (what, None) => format!("{ERROR}error{ERROR:#}: {what}"),
    }
}

/// What went wrong and why; a cause that is in the message already is not repeated. What to do stays at the end.
fn chain(error: &anyhow::Error) -> String {
    let message = error.to_string();
    let (what, remedy) = parts(&message);
    let (mut what, mut remedy) = (what.to_owned(), remedy.map(str::to_owned));
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if message.contains(&cause) || what.contains(&cause) {
            continue;
        }
        let (why, other_remedy) = match remedy {
            Some(_) => (cause.as_str(), None),
            None => parts(&cause),
        };
        what.push_str(": ");
        what.push_str(why);
        remedy = remedy.or(other_remedy.map(str::to_owned));
    }
    match remedy {
        Some(remedy) => format!("{what}; {remedy}"),
        None => what,
    }
}

/// What is wrong, and behind the last semicolon what to do about it.
fn parts(message: &str) -> (&str, Option<&str>) {
    match message.rsplit_once("; ") {
        Some((what, remedy)) if !remedy.contains('\n') => (what, Some(remedy)),
        _ => (message, None),
    }
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let error = anyhow!("connection refused; is it running?").context("cannot reach the moon");
        assert_eq!(
            strip_str(&rendered(&chain(&error))).to_string(),
            "error: cannot reach the moon: connection refused\nhint: is it running?"
        );
    }

    #[test]
    fn what_to_do_stays_behind_all_causes() {
        let error = anyhow!("no route").context("cannot reach the moon; wait for the night");
        assert_eq!(
            strip_str(&rendered(&chain(&error))).to_string(),
            "error: cannot reach the moon: no route\nhint: wait for the night"
        );
    }

    #[test]
    fn an_error_does_not_repeat_itself_and_obeys_no_escape_sequence() {
        let error = anyhow!("no \x1b[2J").context("cannot read: no \x1b[2J");
        assert_eq!(
            strip_str(&rendered(&chain(&error))).to_string(),
            r"error: cannot read: no \x1b[2J"
        );
    }
}
