//! What a run through a cluster has shown.

use std::fmt;
use std::fs;

use serde::Serialize;

use crate::history_checker::Findings;
use crate::soak_report::Vitals;

/// The outcome.
#[derive(Debug, Serialize)]
pub(super) struct ClusterReport {
    #[serde(flatten)]
    pub(super) findings: Findings,
    pub(super) made: Vec<String>,
    pub(super) dead_letters: usize,
    /// Messages that still wait for a worker.
    pub(super) waiting: u32,
    /// What each worker used at the start, and at the end.
    pub(super) workers: Vec<(Vitals, Vitals)>,
    pub(super) seconds: f64,
}

impl ClusterReport {
    /// Shows it, and writes it as JSON to the file that `ASSIZE_SOAK_REPORT` names.
    pub(super) fn publish(&self) {
        println!("{self}");
        if let Ok(path) = std::env::var("ASSIZE_SOAK_REPORT") {
            fs::write(path, serde_json::to_string_pretty(self).unwrap() + "\n").unwrap();
        }
    }

    pub(super) fn broken_promises(&self) -> Vec<String> {
        let mut broken = self.findings.broken_promises();
        if self.dead_letters > 0 {
            broken.push(format!("{} dead letters", self.dead_letters));
        }
        if self.waiting > 0 {
            broken.push(format!("{} messages still wait", self.waiting));
        }
        broken.extend(self.workers.iter().flat_map(|(start, end)| end.leaks_since(*start)));
        broken
    }
}

impl fmt::Display for ClusterReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Findings {
            accepted_over_amqp: amqp,
            accepted_over_http: http,
            verdicts,
            received,
            copies,
            sent_again,
            lost,
            doubled,
            wrong,
            different,
            invented,
            ..
        } = &self.findings;
        let rows = [
            (
                "accepted",
                format!("{} ({amqp} over AMQP, {http} over HTTP)", amqp + http),
            ),
            ("faults", self.made.join(", ")),
            ("verdicts in the database", format!("{verdicts:?}")),
            ("lost", lost.len().to_string()),
            ("doubled", doubled.len().to_string()),
            ("wrong", wrong.len().to_string()),
            ("different at two consumers", different.len().to_string()),
            ("never accepted, and judged", invented.len().to_string()),
            ("messages that consumers got", format!("{received:?}")),
            ("received again, same verdict_id", copies.to_string()),
            ("sent more than once", sent_again.to_string()),
            ("dead letters", self.dead_letters.to_string()),
            ("messages that still wait", self.waiting.to_string()),
            ("workers at start, at end", format!("{:?}", self.workers)),
            ("seconds", format!("{:.0}", self.seconds)),
        ];
        for (what, found) in rows {
            writeln!(f, "{what:<30} {found}")?;
        }
        Ok(())
    }
}
