//! How states, times and sizes are written on pages.

use jiff::Timestamp;

use crate::contract::Verdict;

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
