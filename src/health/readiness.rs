//! Whether a worker can do its work now, part by part.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long one part may take to answer. All are asked at once.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// How old an answer may be: however many ask, Docker and the database are asked once in this time.
const RECENT: Duration = Duration::from_secs(1);

/// Whether a worker can do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// Every part is ready.
    pub ready: bool,
    /// Id of the worker.
    pub worker: String,
    /// Each part by its name.
    pub parts: BTreeMap<String, Part>,
}

/// One part of what a worker needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// It does what it must.
    pub ready: bool,
    /// How it is; when it is not ready, why.
    pub found: String,
    /// The checks that say so, where it was looked at more closely.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<PartCheck>,
}

/// Something about a part that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartCheck {
    /// Whether the part lets the worker take submissions.
    pub ready: bool,
    /// What was looked at.
    pub check: String,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Readiness {
    /// Ready when all parts are.
    pub fn of(worker: &str, parts: impl IntoIterator<Item = (&'static str, Part)>) -> Self {
        let parts: BTreeMap<String, Part> = parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect();
        Self {
            ready: parts.values().all(|part| part.ready),
            worker: worker.to_owned(),
            parts,
        }
    }
}

impl Part {
    /// It does what it must.
    pub fn ready(found: impl Into<String>) -> Self {
        Self {
            ready: true,
            found: found.into(),
            checks: Vec::new(),
        }
    }

    /// A part that keeps the worker from taking submissions.
    pub fn not_ready(found: impl Into<String>) -> Self {
        Self {
            ready: false,
            found: found.into(),
            checks: Vec::new(),
        }
    }

    /// Ready when no check stands in the way; else those say why.
    pub fn of_checks(checks: impl IntoIterator<Item = PartCheck>) -> Self {
        let checks: Vec<PartCheck> = checks.into_iter().collect();
        let failed: Vec<String> = checks
            .iter()
            .filter(|check| !check.ready)
            .map(|check| match &check.remedy {
                Some(remedy) => format!("{}: {}; {remedy}", check.check, check.found),
                None => format!("{}: {}", check.check, check.found),
            })
            .collect();
        Self {
            ready: failed.is_empty(),
            found: match failed.as_slice() {
                [] => format!("all of {} checks passed", checks.len()),
                failed => failed.join("\n"),
            },
            checks,
        }
    }

    /// What `asking` says; one that does not answer soon is not ready.
    pub async fn asked(asking: impl Future<Output = Self>) -> Self {
        match timeout(ANSWER_TIMEOUT, asking).await {
            Ok(answered) => answered,
            Err(_elapsed) => Self::not_ready(format!("no answer within {ANSWER_TIMEOUT:?}")),
        }
    }
}

/// The latest answer. Queries at the same time wait for the same one.
#[derive(Debug, Default)]
pub struct Recent(Mutex<Option<(Instant, Readiness)>>);

impl Recent {
    /// The latest answer if it is recent, else a new one.
    pub async fn or(&self, asking: impl Future<Output = Readiness>) -> Readiness {
        let mut latest = self.0.lock().await;
        if let Some((at, readiness)) = &*latest
            && at.elapsed() < RECENT
        {
            return readiness.clone();
        }
        let readiness = asking.await;
        *latest = Some((Instant::now(), readiness.clone()));
        readiness
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn however_many_ask_the_parts_are_asked_once_in_a_while() {
        let (recent, asked) = (Recent::default(), AtomicUsize::new(0));
        let ask = || {
            recent.or(async {
                asked.fetch_add(1, Ordering::Relaxed);
                let silent = Part::asked(std::future::pending()).await;
                Readiness::of("w", [("silent", silent), ("talkative", Part::ready("yes"))])
            })
        };
        for readiness in join_all((0..100).map(|_| ask())).await {
            assert!(!readiness.ready);
            assert_eq!(readiness.parts["silent"], Part::not_ready("no answer within 2s"));
            assert!(readiness.parts["talkative"].ready);
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        tokio::time::advance(RECENT).await;
        ask().await;
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }
}
