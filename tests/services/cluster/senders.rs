//! Sites that send submissions, over AMQP and over HTTP, until each is accepted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use assize::config::BrokerSettings;
use assize::contract::Verdict;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::link::connect;
use super::received::answer_of;
use crate::chaos::pause;
use crate::gateway::Gateway;
use crate::history::{Recorder, Way, What};
use crate::programs::{Program, programs};
use crate::waiting::until;

/// How long a node may take for one thing before a site goes to another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// A pause before a submission is sent once more.
const PAUSE: Duration = Duration::from_millis(500);

/// Submissions that wait for a verdict at once.
const BACKLOG: usize = 20;

/// What all senders share.
pub(super) struct Sending {
    recorder: Recorder,
    least: usize,
    /// Cancelled when no more faults are made.
    pub(super) is_calm: CancellationToken,
    drawn: AtomicUsize,
    accepted: AtomicUsize,
    programs: Vec<Program>,
}

impl Sending {
    pub(super) fn new(recorder: &Recorder, least: usize) -> Self {
        Self {
            recorder: recorder.clone(),
            least,
            is_calm: CancellationToken::new(),
            drawn: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
            // Not every host has the wall that tells a violation.
            programs: programs()
                .into_iter()
                .filter(|program| program.expected != Verdict::Sv)
                .collect(),
        }
    }

    /// The next program; none once enough were sent and all faults are over.
    fn next(&self) -> Option<&Program> {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        let is_enough = number >= self.least && self.is_calm.is_cancelled();
        (!is_enough).then(|| &self.programs[number % self.programs.len()])
    }

    /// How many were accepted until now.
    pub(super) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    fn accept(&self, id: Uuid, way: Way, program: &Program) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
        self.recorder.record(What::Accepted {
            id,
            way,
            expected: program.expected.code().to_owned(),
        });
    }

    /// Sends over AMQP as fast as verdicts come.
    pub(super) async fn over_amqp(&self, broker: &BrokerSettings, mut judged: watch::Receiver<usize>) {
        let mut link = None;
        let mut tries = 0;
        while let Some(program) = self.next() {
            let message = program.submission();
            until(async || {
                tries += 1;
                if link.is_none() {
                    link = connect(broker, tries).await;
                }
                let Some((_, site)) = &link else { return false };
                let (id, way) = (message.id, Way::Amqp);
                self.recorder.record(What::Sent { id, way });
                let is_sent = matches!(timeout(PATIENCE, site.send(&message)).await, Ok(Ok(())));
                if !is_sent {
                    link = None;
                }
                is_sent
            })
            .await;
            self.accept(message.id, Way::Amqp, program);
            let enough = self.accepted().saturating_sub(BACKLOG);
            judged.wait_for(|judged| *judged >= enough).await.unwrap();
        }
    }

    /// Sends over HTTP and waits for each verdict, as a page does.
    pub(super) async fn over_http(&self, gateway: &Gateway) {
        while let Some(program) = self.next() {
            let message = program.submission();
            let (id, way) = (message.id, Way::Http);
            let body = serde_json::to_value(&message).unwrap();
            until(async || {
                self.recorder.record(What::Sent { id, way });
                let (status, told) = gateway.post("/v1/submissions", &body).await;
                match status {
                    200 | 202 => true,
                    429 | 503 => {
                        pause(PAUSE).await;
                        false
                    }
                    other => panic!("{other}: {told}"),
                }
            })
            .await;
            self.accept(id, way, program);
            hear_over_http(gateway, id, "http", &self.recorder).await;
        }
    }
}

/// Asks a service for everything that was accepted over HTTP.
pub(super) async fn ask_again(gateway: &Gateway, recorder: &Recorder) {
    for event in recorder.history() {
        if let What::Accepted { id, way: Way::Http, .. } = event.what {
            hear_over_http(gateway, id, "late", recorder).await;
        }
    }
}

async fn hear_over_http(gateway: &Gateway, id: Uuid, consumer: &str, recorder: &Recorder) {
    let verdict = verdict_over_http(gateway, id).await;
    recorder.record(What::Received {
        consumer: consumer.to_owned(),
        answer: answer_of(&verdict),
    });
}

async fn verdict_over_http(gateway: &Gateway, id: Uuid) -> Value {
    loop {
        let (status, mut state) = gateway.read(&format!("/v1/submissions/{id}?wait=20")).await;
        match status {
            200 if state["verdict"].is_object() => return state["verdict"].take(),
            200 | 429 | 503 => pause(PAUSE).await,
            other => panic!("{other}: {state}"),
        }
    }
}
