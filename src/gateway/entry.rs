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
    /// The attempt that is under way, once that is known.
    pub attempt: Option<u32>,
    /// What finished in it, in order.
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

    /// A test has finished, or another stage has begun; whether that is news. A new attempt begins anew, and what comes late
    /// of one before it is passed over.
    fn advance(&mut self, progress: Progress) -> bool {
        if progress.attempt.is_some() && self.is_beyond(&progress) {
            return false;
        }
        match progress.attempt > self.attempt {
            true => self.progress.clear(),
            // A worker of an older version does not count attempts: one that has finished fewer tests begins anew.
            false => self.progress.retain(|before| before.finished < progress.finished),
        }
        self.attempt = progress.attempt.or(self.attempt);
        self.running = true;
        self.compiling = progress.stage == Some(ProgressStage::Compiling);
        if progress.stage.is_none() && self.progress.len() < PROGRESS {
            self.progress.push(Arc::new(progress));
        }
        true
    }

    /// Whether a later attempt is under way, or this one has come as far.
    fn is_beyond(&self, progress: &Progress) -> bool {
        let has_come_as_far = !self.progress.is_empty() && progress.finished <= self.finished();
        progress.attempt < self.attempt || progress.attempt == self.attempt && has_come_as_far
    }

    /// Tests that have finished.
    fn finished(&self) -> u64 {
        self.progress.last().map_or(0, |last| last.finished)
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

    /// A test has finished, or another stage has begun.
    pub fn advance(&self, progress: Progress) {
        self.state.send_if_modified(|state| state.advance(progress));
    }

    /// The attempt that is under way, once that is known.
    pub fn attempt(&self) -> Option<u32> {
        self.state.borrow().attempt
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
            attempt: state.attempt.filter(|_| state.outcome.is_none()),
            finished: state.finished(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(attempt: Option<u32>, finished: u64) -> Progress {
        Progress::now(Uuid::nil(), finished.to_string(), Verdict::Ac, 1)
            .counted(finished, 9)
            .of_attempt(attempt, None)
    }

    /// What is shown when this has come, one after the other.
    fn shown(told: &[(Option<u32>, u64)]) -> Vec<(Option<u32>, u64)> {
        let entry = Entry::new(Uuid::nil(), "site".into());
        let shown = told.iter().map(|(attempt, finished)| {
            entry.advance(progress(*attempt, *finished));
            let state = entry.state(None);
            (state.attempt, state.finished)
        });
        shown.collect()
    }

    #[test]
    fn progress_is_that_of_the_newest_attempt_and_what_comes_late_is_passed_over() {
        let [one, two] = [Some(1), Some(2)];
        let told = [(one, 1), (one, 2), (one, 1), (two, 1), (one, 3), (two, 2), (two, 2)];
        let expected = [(one, 1), (one, 2), (one, 2), (two, 1), (two, 1), (two, 2), (two, 2)];
        assert_eq!(shown(&told), expected);
    }

    #[test]
    fn a_worker_that_does_not_count_attempts_begins_anew_with_fewer_tests() {
        let told = [(None, 1), (None, 4), (None, 2), (None, 3)];
        assert_eq!(shown(&told), told);
    }

    #[test]
    fn an_attempt_that_begins_has_finished_nothing() {
        let entry = Entry::new(Uuid::nil(), "site".into());
        entry.advance(progress(Some(1), 5));
        entry.advance(Progress::of_stage(Uuid::nil(), ProgressStage::Running).of_attempt(Some(2), None));
        let state = entry.state(None);
        assert_eq!((state.attempt, state.finished, state.tests), (Some(2), 0, None));
    }
}
