//! A submission in memory: its state, and the clients that watch it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::contract::{Answer, Progress, ProgressStage, Rejection, Stage, SubmissionState, Verdict};
use crate::telemetry::TraceContext;

/// Progress messages of one submission that are kept for clients that come later.
const PROGRESS: usize = 4096;

/// How a submission ended.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "it is kept behind an Arc, and most are answers"
)]
pub enum Outcome {
    /// With an answer.
    Answer(Answer),
    /// It cannot be judged.
    Rejected(Rejection),
}

impl Outcome {
    /// The answer, if it has one.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::Rejected(_) => None,
        }
    }
}

/// How far a submission has come.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// A slot has taken it.
    pub running: bool,
    /// A compiler is at work on it there.
    pub compiling: bool,
    /// What finished, in order.
    pub progress: Vec<Arc<Progress>>,
    /// How it ended.
    pub outcome: Option<Arc<Outcome>>,
}

impl Snapshot {
    /// How far it has come, as long as it has not ended.
    pub fn stage(&self) -> Stage {
        match (self.running, self.compiling) {
            (true, true) => Stage::Compiling,
            (true, false) => Stage::Running,
            (false, _) => Stage::Queued,
        }
    }
}

/// A submission that was taken.
#[derive(Debug)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// The site that handed it in.
    pub site: Arc<str>,
    /// When it was first heard of in this process.
    pub since: Instant,
    /// The trace of the request in which it was handed in.
    pub trace: TraceContext,
    /// Asks for it not to be judged any further.
    pub cancel: CancellationToken,
    forgotten: CancellationToken,
    state: watch::Sender<Snapshot>,
}

impl Entry {
    /// A submission that waits, and belongs to the current trace.
    pub fn new(id: Uuid, site: Arc<str>) -> Arc<Self> {
        Arc::new(Self {
            id,
            site,
            since: Instant::now(),
            trace: TraceContext::current(),
            cancel: CancellationToken::new(),
            forgotten: CancellationToken::new(),
            state: watch::Sender::new(Snapshot::default()),
        })
    }

    /// A submission that has ended.
    pub fn ended(id: Uuid, site: Arc<str>, outcome: Outcome) -> Arc<Self> {
        let entry = Self::new(id, site);
        entry.end(outcome);
        entry
    }

    /// A slot has taken it.
    pub fn begin(&self) {
        self.state.send_modify(|state| state.running = true);
    }

    /// A slot has taken it, in which a compiler comes first.
    pub fn begin_compiling(&self) {
        self.state
            .send_modify(|state| (state.running, state.compiling) = (true, true));
    }

    /// A test has finished, or another stage has begun. One that is tried again begins anew.
    pub fn advance(&self, progress: Progress) {
        self.state.send_modify(|state| {
            state.running = true;
            state.compiling = progress.stage == Some(ProgressStage::Compiling);
            if progress.stage.is_some() {
                state.progress.clear();
                return;
            }
            let finished = progress.finished;
            state.progress.retain(|before| before.finished < finished);
            if state.progress.len() < PROGRESS {
                state.progress.push(Arc::new(progress));
            }
        });
    }

    /// It has ended. What is decided stays decided.
    pub fn end(&self, outcome: Outcome) {
        self.state.send_if_modified(|state| {
            let is_first = state.outcome.is_none();
            if is_first {
                state.outcome = Some(Arc::new(outcome));
            }
            is_first
        });
    }

    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<Arc<Outcome>> {
        self.state.borrow().outcome.clone()
    }

    /// Whether no slot has taken it, as far as is known.
    pub fn waits(&self) -> bool {
        let state = self.state.borrow();
        !state.running && state.outcome.is_none()
    }

    /// Sees each change.
    pub fn watch(&self) -> watch::Receiver<Snapshot> {
        self.state.subscribe()
    }

    /// Waits until it has ended, at most so long.
    pub async fn wait(&self, most: Duration) -> Option<Arc<Outcome>> {
        let mut watching = self.watch();
        let ended = watching.wait_for(|state| state.outcome.is_some());
        match timeout(most, ended).await {
            Ok(Ok(state)) => state.outcome.clone(),
            _ => None,
        }
    }

    /// Waits until it has ended, however long that takes.
    pub async fn until_ended(&self) {
        let mut watching = self.watch();
        // Its sender cannot go away while it is borrowed.
        let _ended = watching.wait_for(|state| state.outcome.is_some()).await;
    }

    /// Its answer is sent nowhere.
    pub fn forget_callback(&self) {
        self.forgotten.cancel();
    }

    /// Whether its answer is sent nowhere.
    pub fn is_forgotten(&self) -> bool {
        self.forgotten.is_cancelled()
    }

    /// How far it has come, and its answer if it has one.
    pub fn stage_and_outcome(&self) -> (Stage, Option<Arc<Outcome>>) {
        let state = self.state.borrow();
        let stage = match state.outcome.as_deref() {
            Some(Outcome::Answer(_)) => Stage::Done,
            Some(Outcome::Rejected(_)) => Stage::Rejected,
            None if state.running => Stage::Running,
            None => Stage::Queued,
        };
        (stage, state.outcome.clone())
    }

    /// The submission as it is now.
    pub fn state(&self, place: Option<u64>) -> SubmissionState {
        let state = self.state.borrow();
        let last = state.progress.last();
        let mut shown = SubmissionState {
            id: self.id,
            state: state.stage(),
            place: place.filter(|_| !state.running && state.outcome.is_none()),
            finished: last.map_or(0, |progress| progress.finished),
            tests: last.map(|progress| progress.tests),
            verdict: None,
            result: None,
            rejection: None,
        };
        match state.outcome.as_deref() {
            None => {}
            Some(Outcome::Rejected(rejection)) => {
                shown.state = Stage::Rejected;
                shown.rejection = Some(rejection.clone());
            }
            Some(Outcome::Answer(answer)) => {
                shown.state = Stage::Done;
                // Every client gets the same figures, also from a service that received no progress.
                let rows = answer.rows();
                let finished = rows.iter().filter(|row| row.code != Verdict::Sk.code()).count();
                (shown.finished, shown.tests) = (finished as u64, Some(rows.len() as u64));
                match answer {
                    Answer::Verdict(judgement) => shown.verdict = Some(judgement.clone()),
                    Answer::Result(result) => shown.result = Some(result.clone()),
                }
            }
        }
        shown
    }
}
