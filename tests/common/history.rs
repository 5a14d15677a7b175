//! What happened while faults were made, event by event, as lines of JSON.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An event, and when it was: milliseconds since the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) at_ms: u64,
    #[serde(flatten)]
    pub(crate) what: What,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum What {
    /// A submission is about to be sent, the first time or once more; what becomes of it is not known yet.
    Sent { id: Uuid, way: Way },
    /// It was accepted: confirmed by the broker, or by the HTTP service.
    Accepted { id: Uuid, way: Way, expected: String },
    /// A consumer received an answer.
    Received { consumer: String, answer: Answer },
    /// When everything is over, the database holds this answer.
    Stored { answer: Answer },
    /// A fault begins, or ends.
    Fault { fault: String },
}

/// How a submission is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    Amqp,
    Http,
}

/// What was decided about a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) id: Uuid,
    pub(crate) verdict_id: Uuid,
    pub(crate) verdict: String,
    /// Of the whole document, so that two of them can be compared.
    pub(crate) sha256: String,
}

/// A file to which events are written as they come. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    began: Instant,
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

impl Recorder {
    pub(crate) fn create(path: &Path) -> Self {
        Self {
            began: Instant::now(),
            path: path.to_owned(),
            file: Arc::new(Mutex::new(File::create(path).unwrap())),
        }
    }

    pub(crate) fn record(&self, what: What) {
        let mut file = self.file.lock().unwrap();
        // In the order of the file the times do not go back.
        let at_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap();
        let line = serde_json::to_string(&Event { at_ms, what }).unwrap();
        writeln!(file, "{line}").unwrap();
    }

    /// Everything that was recorded, read back from the file.
    pub(crate) fn history(&self) -> Vec<Event> {
        let lines = BufReader::new(File::open(&self.path).unwrap()).lines();
        lines
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
            .collect()
    }
}
