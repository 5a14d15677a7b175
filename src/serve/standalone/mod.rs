//! A judge in the same process, behind a bounded queue.

mod catalog;
mod taking;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio::time::interval;
use uuid::Uuid;

use crate::config::{ServeSettings, WorkerSettings};
use crate::contract::{
    Answer, Progress, RunMessage, ServiceStatus, Submission, SubmissionCaps, SubmissionFilter, SubmissionPage,
    SubmissionRequest,
};
use crate::gateway::{Engine, EngineError, Entry, Order, Outcome, Rejudge};
use crate::judge::{Attempt, Judge, JudgeError, JudgeFailure};
use crate::serve::board::{Board, BoardBounds, Remembered, Waiting};
use crate::serve::box_supply::BoxSupply;
use crate::serve::memory_callbacks::MemoryCallbacks;
use crate::serve::versions::Versions;
use crate::store::CpuMinute;
use crate::telemetry::{Span, metrics, note};

/// How often a submission is tried at which the judge fails.
const ATTEMPTS: u32 = 2;

/// How often results are forgotten that are kept for a time only.
const FORGET_EVERY: Duration = Duration::from_secs(1);

/// What a standalone service is like.
#[derive(Debug, Clone)]
pub(super) struct StandaloneOptions {
    /// Its name in answers.
    worker: String,
    /// Submissions that are judged at once.
    slots: usize,
    /// What is kept.
    bounds: BoardBounds,
}

impl StandaloneOptions {
    pub(super) fn of(serve: &ServeSettings, worker: &WorkerSettings, slots: usize) -> Self {
        Self {
            worker: worker.id.clone(),
            slots,
            bounds: BoardBounds {
                queue: serve.queue,
                queue_bytes: serve.queue_bytes,
                answer_bytes: serve.answer_bytes,
            },
        }
    }
}

/// A judge with its queue.
#[derive(Debug)]
pub(super) struct Standalone {
    judge: Judge,
    options: StandaloneOptions,
    board: Mutex<Board>,
    /// A permit for each submission that was queued.
    queued: Semaphore,
    versions: Versions,
    callbacks: Option<MemoryCallbacks>,
    boxes: BoxSupply,
}

impl Standalone {
    pub(super) fn new(
        (judge, boxes): (Judge, BoxSupply),
        options: StandaloneOptions,
        callbacks: Option<MemoryCallbacks>,
        versions: Versions,
    ) -> Self {
        Self {
            judge,
            boxes,
            board: Mutex::new(Board::new(options.bounds)),
            options,
            queued: Semaphore::new(0),
            versions,
            callbacks,
        }
    }

    /// Judges what waits, one submission after the other.
    pub(super) async fn work(self: Arc<Self>) {
        while let Ok(permit) = self.queued.acquire().await {
            permit.forget();
            let next = self.board().next();
            // One that was cancelled has left its permit.
            if let Some(waiting) = next {
                let span = span_of(&waiting);
                metrics().in_hand.inc();
                span.around(self.judge(&waiting)).await;
                metrics().in_hand.dec();
            }
        }
    }

    /// Removes what is too much in the caches on disk.
    pub(super) async fn make_room(self: Arc<Self>) {
        self.judge.make_room().await;
    }

    /// Runs a program that does nothing, to see what is in the environment of the language.
    pub(super) async fn learn_versions(self: Arc<Self>, language: String) {
        let nothing = SubmissionRequest {
            language: Some(language),
            source: Some(String::new()),
            run: Some(RunMessage::default()),
            ..SubmissionRequest::default()
        };
        let Ok(read) = nothing.check(Uuid::now_v7(), "", &SubmissionCaps::UNLIMITED) else {
            return;
        };
        let answered = self
            .judge
            .answer(&read.submission, &Attempt::now(), &|_progress| {})
            .await;
        match answered {
            Ok(answer) => self.versions.learn(&answer),
            Err(error) => tracing::error!(%error, "the first program cannot be run; assize doctor says more"),
        }
    }

    /// Forgets what is kept for a time only, once that is over.
    pub(super) async fn forget(self: Arc<Self>) {
        let mut ticks = interval(FORGET_EVERY);
        loop {
            let now = ticks.tick().await;
            self.board().forget_short_lived(now.into_std());
        }
    }

    async fn judge(&self, waiting: &Waiting) {
        let entry = &waiting.entry;
        match self.judge.compiles_first(&waiting.submission.language) {
            true => entry.begin_compiling(),
            false => entry.begin(),
        }
        let attempt = Attempt::new(waiting.received_at);
        let outcome = tokio::select! {
            biased;
            () = entry.cancel.cancelled() => self.cancelled(waiting, &attempt),
            outcome = self.outcome(waiting, &attempt) => outcome,
        };
        self.end(entry, outcome, attempt.cpu_ms());
    }

    fn end(&self, entry: &Entry, outcome: Outcome, cpu_ms: u64) {
        if let Outcome::Answer(answer) = &outcome {
            note("verdict", answer.code());
            metrics().verdict(answer);
            self.versions.learn(answer);
        }
        self.board().end(entry, outcome, cpu_ms);
    }

    fn cancelled(&self, waiting: &Waiting, attempt: &Attempt) -> Outcome {
        let reason = self.board().reason(waiting.submission.id);
        Outcome::Answer(self.judge.cancelled(&waiting.submission, attempt, reason))
    }

    async fn outcome(&self, waiting: &Waiting, attempt: &Attempt) -> Outcome {
        let submission = &waiting.submission;
        let mut tries = 1;
        loop {
            let error = match self.answer(waiting, attempt, tries).await {
                Ok(answer) => return Outcome::Answer(answer),
                Err(JudgeFailure::Rejected(rejected)) => {
                    return Outcome::Rejected(rejected.into_rejection(&self.options.worker));
                }
                Err(JudgeFailure::Error(error)) => error,
            };
            metrics().judge_error(error.culprit().name());
            tracing::error!(submission.id = %submission.id, error = error.with_remedy(), attempt = tries, "an attempt at a submission failed");
            if tries >= ATTEMPTS || error.is_of_the_tests() {
                return Outcome::Answer(self.judge.failed(submission, attempt, &error));
            }
            tries += 1;
            let begins = Progress::of_stage(submission.id, self.judge.first_stage(&submission.language));
            waiting.entry.advance(begins.of_attempt(Some(tries), None));
        }
    }

    /// One try. A judge that panics has failed, and goes on with the next submission.
    async fn answer(&self, waiting: &Waiting, attempt: &Attempt, tries: u32) -> Result<Answer, JudgeFailure> {
        let progress = |progress: Progress| waiting.entry.advance(progress.of_attempt(Some(tries), None));
        let judging = self.judge.answer(&waiting.submission, attempt, &progress);
        let panicked = |_panic| JudgeError::Internal("the judge panicked; its log says where".into());
        AssertUnwindSafe(judging).catch_unwind().await.map_err(panicked)?
    }

    /// Every submission that is known, in no order.
    pub(super) fn remembered(&self) -> Vec<Remembered> {
        self.board().remembered()
    }

    /// One of them.
    pub(super) fn remembers(&self, id: Uuid) -> Option<Remembered> {
        self.board().remembers(id)
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The span of a submission whose turn has come, with the time before as a step of it.
fn span_of(waiting: &Waiting) -> Span {
    let span = Span::of_message("judge submission", &waiting.entry.trace);
    span.note("submission.id", waiting.submission.id.to_string().as_str());
    span.note("language", waiting.submission.language.as_str());
    span.record_step("queue", waiting.received_at.into());
    span
}

impl Engine for Standalone {
    fn submit(&self, order: Order) -> BoxFuture<'_, Result<Arc<Entry>, EngineError>> {
        self.take(order).boxed()
    }

    fn find(&self, id: Uuid) -> BoxFuture<'_, Result<Option<Arc<Entry>>, EngineError>> {
        let found = self.board().find(id);
        async move { Ok(found) }.boxed()
    }

    fn taken_before<'a>(
        &'a self,
        submission: &'a Submission,
        site: &'a str,
    ) -> BoxFuture<'a, Result<Option<Arc<Entry>>, EngineError>> {
        let same = self.same(submission, site);
        async move { same }.boxed()
    }

    fn count_taken(&self, ids: Vec<Uuid>, site: Arc<str>) -> BoxFuture<'_, Result<usize, EngineError>> {
        let counted = self.board().count_of(&ids, &site);
        async move { Ok(counted) }.boxed()
    }

    fn count_rejudged(&self, _ids: Vec<Uuid>, _request: Uuid) -> BoxFuture<'_, Result<usize, EngineError>> {
        async { Ok(0) }.boxed()
    }

    fn list(&self, filter: SubmissionFilter) -> BoxFuture<'_, Result<SubmissionPage, EngineError>> {
        let page = self.board().list(&filter);
        async move { Ok(page) }.boxed()
    }

    fn cancel(&self, id: Uuid, reason: Option<String>) -> BoxFuture<'_, Result<bool, EngineError>> {
        let known = self.board().find(id);
        let is_under_way = known.is_some_and(|entry| entry.outcome().is_none());
        let removed = self.board().cancel(id, reason);
        if let Some(waiting) = removed {
            let outcome = self.cancelled(&waiting, &Attempt::new(waiting.received_at));
            self.end(&waiting.entry, outcome, 0);
        }
        async move { Ok(is_under_way) }.boxed()
    }

    fn forget_callback(&self, id: Uuid) -> BoxFuture<'_, Result<(), EngineError>> {
        if let Some(entry) = self.board().find(id) {
            entry.forget_callback();
        }
        async { Ok(()) }.boxed()
    }

    fn rejudge(&self, _wanted: Rejudge) -> BoxFuture<'_, Result<(), EngineError>> {
        let why = "a standalone service keeps programs to be looked at only; send it once more";
        async move { Err(EngineError::NotKept(why)) }.boxed()
    }

    fn rejudging(&self, _id: Uuid) -> Option<Arc<Entry>> {
        None
    }

    fn place<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Option<u64>> {
        let place = self.board().place(entry.id);
        async move { place }.boxed()
    }

    fn in_flight(&self, site: Arc<str>, _more: usize, _most: usize) -> BoxFuture<'_, Result<usize, EngineError>> {
        let counted = self.board().in_flight(&site);
        async move { Ok(counted) }.boxed()
    }

    fn cpu_used(&self, site: Arc<str>) -> BoxFuture<'_, Result<Vec<CpuMinute>, EngineError>> {
        let used = self.board().cpu_used(&site, Instant::now());
        async move { Ok(used) }.boxed()
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), EngineError>> {
        async { self.boxes.ready().await.map_err(EngineError::Unavailable) }.boxed()
    }

    fn status(&self) -> BoxFuture<'_, Result<ServiceStatus, EngineError>> {
        let (running, queued) = self.board().counts();
        let status = ServiceStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            standalone: true,
            slots: Some(self.options.slots as u64),
            running: Some(running as u64),
            queued: queued as u64,
            capacity: Some(self.options.bounds.queue as u64),
            queues: Vec::new(),
            workers: Vec::new(),
        };
        async move { Ok(status) }.boxed()
    }
}
