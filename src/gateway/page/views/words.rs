//! How states, times and sizes are written on pages.

use jiff::Timestamp;

use crate::contract::Verdict;
use crate::store::SubmissionRow;

/// A state with its class for colours and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::gateway::page) struct State {
    pub(in crate::gateway::page) word: String,
    pub(in crate::gateway::page) class: &'static str,
    pub(in crate::gateway::page) meaning: &'static str,
}

impl State {
    /// Of a code of a verdict or status, or a word for what has none.
    pub(in crate::gateway::page) fn of(word: &str) -> Self {
        let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.code() == word);
        let (class, meaning) = match (word, verdict) {
            ("OK", _) => ("good", "ended with exit code 0"),
            ("running", _) => ("busy", "a worker has it in hand"),
            ("waiting", _) => ("idle", "it waits for a worker"),
            ("rejected", _) => ("ours", "it cannot be judged"),
            (_, Some(verdict)) => (class_of(verdict), verdict.describe()),
            _ => ("idle", ""),
        };
        Self {
            word: word.to_owned(),
            class,
            meaning,
        }
    }
}

fn class_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ac => "good",
        Verdict::Sk | Verdict::Cancelled => "idle",
        Verdict::Je => "ours",
        _ => "bad",
    }
}

/// A moment for people, in UTC.
pub(in crate::gateway::page) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "milliseconds are shown")]
pub(in crate::gateway::page) fn seconds(ms: u64) -> String {
    format!("{:.3} s", ms as f64 / 1000.0)
}

/// A size in bytes.
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
pub(in crate::gateway::page) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// A time of which the order matters.
pub(in crate::gateway::page) fn roughly(seconds: f64) -> String {
    match seconds {
        ..1.0 => format!("{seconds:.2} s"),
        ..10.0 => format!("{seconds:.1} s"),
        ..120.0 => format!("{seconds:.0} s"),
        ..7_200.0 => format!("{:.0} min", seconds / 60.0),
        ..172_800.0 => format!("{:.0} h", seconds / 3_600.0),
        _ => format!("{:.0} d", seconds / 86_400.0),
    }
}

/// A submission in a list.
#[derive(Debug, Clone)]
pub(in crate::gateway::page) struct Listed {
    pub(in crate::gateway::page) id: String,
    /// The end of the id, which tells submissions of one moment apart.
    pub(in crate::gateway::page) short: String,
    pub(in crate::gateway::page) at: String,
    pub(in crate::gateway::page) site: String,
    pub(in crate::gateway::page) language: String,
    pub(in crate::gateway::page) problem: String,
    pub(in crate::gateway::page) state: State,
    pub(in crate::gateway::page) score: String,
    pub(in crate::gateway::page) took: String,
}

impl From<&SubmissionRow> for Listed {
    fn from(row: &SubmissionRow) -> Self {
        let id = row.id.to_string();
        Self {
            short: format!("…{}", &id[id.len() - 12..]),
            id,
            at: moment(row.at),
            site: row.site.clone().unwrap_or_default(),
            language: row.language.clone().unwrap_or_default(),
            problem: row.problem.clone().unwrap_or_default(),
            state: State::of(&row.state),
            score: row.score.map(|score| score.to_string()).unwrap_or_default(),
            took: row.took_s.map(roughly).unwrap_or_default(),
        }
    }
}
