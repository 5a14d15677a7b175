//! Saying why an output was rejected: in full to judges, without the answer to the team.

use super::flags::StandardFlags;
use super::position::Position;
use crate::checker::CheckOutcome;

/// The first thing that is wrong with an output. Texts are quotes, ready to be shown to judges.
#[derive(Debug)]
pub(super) enum Finding {
    /// The output ends where the answer has another token.
    Missing { expected: String },
    /// The output has another token where the answer ends.
    Trailing { got: String },
    /// Two tokens that differ as text.
    Different { expected: String, got: String },
    /// The answer has a number and the output something else.
    NotANumber { expected: String, got: String },
    /// Two numbers that are too far apart.
    TooFar {
        expected: String,
        got: String,
        difference: f64,
    },
    /// White space that differs where it matters; `None` stands for a token or the end.
    WhiteSpace { expected: Option<u8>, got: Option<u8> },
}

/// Where in the output and in the answer it was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) output: Position,
    pub(super) answer: Position,
}

/// The outcome of an output in which something was found wrong.
pub(super) fn reject(finding: &Finding, place: Place, flags: &StandardFlags) -> CheckOutcome {
    let team_message = headline(finding, place.output);
    let answer_line = place.answer.line;
    let details = details(finding, flags);
    let judge_message = format!("{team_message} (line {answer_line} of the answer): {details}");
    CheckOutcome::rejected(judge_message, team_message)
}

/// What the team may know: only where, never a byte of the answer, nor how far into a token the output was right.
fn headline(finding: &Finding, at: Position) -> String {
    let Position {
        line,
        tokens,
        after_token,
    } = at;
    let token = tokens + 1;
    match finding {
        Finding::Missing { .. } if !after_token => "wrong answer: the output has no token".to_owned(),
        Finding::Missing { .. } => format!("wrong answer: the output ends too early, on line {line}"),
        Finding::Trailing { .. } => format!("wrong answer: trailing output from token {token} on line {line}"),
        Finding::WhiteSpace { .. } => format!("wrong answer: white space differs after token {tokens} on line {line}"),
        Finding::Different { .. } | Finding::NotANumber { .. } | Finding::TooFar { .. } => {
            format!("wrong answer at token {token} on line {line}")
        }
    }
}

fn details(finding: &Finding, flags: &StandardFlags) -> String {
    match finding {
        Finding::Missing { expected } => format!("expected {expected}, got the end of the output"),
        Finding::Trailing { got } => format!("expected the end of the output, got {got}"),
        Finding::Different { expected, got } => format!("expected {expected}, got {got}"),
        Finding::NotANumber { expected, got } => format!("expected the number {expected}, got {got}"),
        Finding::TooFar {
            expected,
            got,
            difference,
        } => {
            format!(
                "expected {expected}, got {got}, off by {difference:e} ({})",
                tolerances(flags)
            )
        }
        Finding::WhiteSpace { expected, got } => format!("expected {}, got {}", name(*expected), name(*got)),
    }
}

fn tolerances(flags: &StandardFlags) -> String {
    let absolute = flags
        .absolute_tolerance
        .map(|tolerance| format!("absolute tolerance {tolerance:e}"));
    let relative = flags
        .relative_tolerance
        .map(|tolerance| format!("relative tolerance {tolerance:e}"));
    absolute.into_iter().chain(relative).collect::<Vec<_>>().join(", ")
}

const fn name(white_space: Option<u8>) -> &'static str {
    match white_space {
        Some(b' ') => "a space",
        Some(b'\n') => "a line feed",
        Some(b'\r') => "a carriage return",
        Some(b'\t') => "a tab",
        Some(_) => "a vertical tab or form feed",
        None => "no white space",
    }
}
