//! A verdict as a line of results.

use crate::cli::eval::answered::Answered;
use crate::contract::{Judgement, Submission, TestVerdict, Verdict, without_controls};
use crate::evaluation::{Outcome, ResultRow};

/// Characters of a message.
const LONGEST_MESSAGE: usize = 300;

/// What makes two candidates the same.
pub(super) fn fingerprint(submission: &Submission) -> String {
    hex::encode(submission.fingerprint().to_bytes())
}

/// The line of a candidate.
pub(super) fn of(answered: Answered, task_id: String, candidate: u32, fingerprint: String) -> ResultRow {
    let nothing = |message: String| ResultRow {
        task_id: task_id.clone(),
        candidate,
        outcome: Outcome::NoAnswer,
        verdict: None,
        passed: 0,
        tests: 0,
        cpu_ms: 0,
        memory_bytes: 0,
        message: Some(cut(&message)).filter(|message| !message.is_empty()),
        fingerprint: fingerprint.clone(),
    };
    let judgement = match answered {
        Answered::Silent(reason) | Answered::Refused(reason) | Answered::Closed(reason) => return nothing(reason),
        Answered::Verdict(judgement) => judgement,
    };
    ResultRow {
        outcome: match judgement.verdict {
            Verdict::Ac => Outcome::Passed,
            Verdict::Je | Verdict::Cancelled | Verdict::Sk => Outcome::NoAnswer,
            _ => Outcome::Failed,
        },
        verdict: Some(judgement.verdict),
        passed: judgement.totals.passed,
        tests: judgement.totals.tests,
        cpu_ms: judgement.totals.cpu_ms,
        memory_bytes: judgement.totals.max_memory_bytes,
        ..nothing(why(&judgement))
    }
}

/// Empty for a candidate that passes; else the message of the first failing test.
fn why(judgement: &Judgement) -> String {
    let is_failing = |test: &&TestVerdict| !matches!(test.verdict, Verdict::Ac | Verdict::Sk);
    match judgement.tests.iter().find(is_failing) {
        Some(test) => {
            let last = test.stderr.text.lines().rfind(|line| !line.trim().is_empty());
            let reason = test.checker_message.as_deref().or(test.message.as_deref()).or(last);
            format!("test {}: {} {}", test.name, test.verdict, reason.unwrap_or_default())
        }
        None => judgement.message.clone().unwrap_or_default(),
    }
}

fn cut(message: &str) -> String {
    let whole = without_controls(message.trim().to_owned()).replace('\n', " ");
    match whole.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}
