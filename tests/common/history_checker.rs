//! Holds a history against what is promised: each accepted submission has one verdict, the right one, the same one for
//! every consumer, and nothing else has any. It knows nothing of broker, database or workers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use uuid::Uuid;

use crate::history::{Answer, Event, Way, What};

/// What a history shows.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Findings {
    pub(crate) accepted_over_amqp: usize,
    pub(crate) accepted_over_http: usize,
    /// Verdicts that the database holds at the end, by code.
    pub(crate) verdicts: BTreeMap<String, usize>,
    /// How many answers a consumer received, copies included.
    pub(crate) received: BTreeMap<String, usize>,
    /// Copies beyond the first one that a consumer received, with the same verdict id; allowed.
    pub(crate) copies: usize,
    /// Submissions that were sent once more, since it was not known whether they had been accepted.
    pub(crate) sent_again: usize,
    /// How many faults were made.
    pub(crate) faults: usize,
    /// Accepted, and the database has no verdict, or a consumer never received one.
    pub(crate) lost: Vec<String>,
    /// Two verdicts in the database, or two different ones that a consumer received.
    pub(crate) doubled: Vec<String>,
    /// Another verdict than the right one.
    pub(crate) wrong: Vec<String>,
    /// Two documents about one submission.
    pub(crate) different: Vec<String>,
    /// A verdict on what was never accepted.
    pub(crate) invented: Vec<String>,
}

/// A submission as the history shows it.
#[derive(Default)]
struct Submission<'a> {
    accepted: Option<(Way, &'a str)>,
    sent: usize,
    stored: Vec<&'a Answer>,
    received: BTreeMap<&'a str, Vec<&'a Answer>>,
}

/// Checks a history in which each of these consumers had to receive everything: all that was sent in one way, or in any.
pub(crate) fn check(history: &[Event], consumers: &[(&str, Option<Way>)]) -> Findings {
    let mut submissions: BTreeMap<Uuid, Submission<'_>> = BTreeMap::new();
    let mut findings = Findings::default();
    for event in history {
        match &event.what {
            What::Sent { id, .. } => submissions.entry(*id).or_default().sent += 1,
            What::Accepted { id, way, expected } => {
                let submission = submissions.entry(*id).or_default();
                submission.accepted.get_or_insert((*way, expected));
            }
            What::Received { consumer, answer } => {
                *findings.received.entry(consumer.clone()).or_default() += 1;
                let submission = submissions.entry(answer.id).or_default();
                submission.received.entry(consumer).or_default().push(answer);
            }
            What::Stored { answer } => submissions.entry(answer.id).or_default().stored.push(answer),
            What::Fault { .. } => findings.faults += 1,
        }
    }
    for (id, submission) in &submissions {
        findings.count(submission);
        findings.look_for_lost(*id, submission, consumers);
        findings.hold_against(*id, submission);
    }
    findings
}

impl Findings {
    fn count(&mut self, submission: &Submission<'_>) {
        match submission.accepted {
            Some((Way::Amqp, _)) => self.accepted_over_amqp += 1,
            Some((Way::Http, _)) => self.accepted_over_http += 1,
            None => {}
        }
        self.sent_again += usize::from(submission.sent > 1);
        for answer in &submission.stored {
            *self.verdicts.entry(answer.verdict.clone()).or_default() += 1;
        }
        for received in submission.received.values() {
            let distinct: BTreeSet<Uuid> = received.iter().map(|answer| answer.verdict_id).collect();
            self.copies += received.len() - distinct.len();
        }
    }

    fn look_for_lost(&mut self, id: Uuid, submission: &Submission<'_>, consumers: &[(&str, Option<Way>)]) {
        let Some((way, _expected)) = submission.accepted else {
            return;
        };
        if submission.stored.is_empty() {
            self.lost.push(format!("{id}: no verdict in the database"));
        }
        for (consumer, only) in consumers {
            let concerns = only.is_none_or(|only| only == way);
            if concerns && !submission.received.contains_key(consumer) {
                self.lost.push(format!("{id}: {consumer} never received it"));
            }
        }
    }

    fn hold_against(&mut self, id: Uuid, submission: &Submission<'_>) {
        let received = submission.received.values().flatten().copied();
        let answers: Vec<&Answer> = submission.stored.iter().copied().chain(received).collect();
        if submission.stored.len() > 1 {
            let count = submission.stored.len();
            self.doubled.push(format!("{id}: {count} verdicts in the database"));
        }
        for (consumer, received) in &submission.received {
            if received
                .iter()
                .any(|answer| answer.verdict_id != received[0].verdict_id)
            {
                self.doubled.push(format!("{id}: {consumer} was sent two verdicts"));
            }
        }
        if let Some(other) = answers.iter().find(|answer| answer.sha256 != answers[0].sha256) {
            let (one, other) = (answers[0], *other);
            self.different.push(format!("{id}: {one:?}, and {other:?}"));
        }
        match submission.accepted {
            None if !answers.is_empty() => self.invented.push(id.to_string()),
            None => {}
            Some((_, expected)) => {
                if let Some(wrong) = answers.iter().find(|answer| answer.verdict != expected) {
                    self.wrong
                        .push(format!("{id}: {} instead of {expected}", wrong.verdict));
                }
            }
        }
    }

    /// The promises that were broken.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let kinds = [
            ("lost", &self.lost),
            ("doubled", &self.doubled),
            ("wrong", &self.wrong),
            ("different", &self.different),
            ("invented", &self.invented),
        ];
        let broken = kinds.into_iter().filter(|(_kind, found)| !found.is_empty());
        broken
            .map(|(kind, found)| format!("{} {kind}: {}", found.len(), found.join("; ")))
            .collect()
    }
}
