//! Submissions that go to workers over RabbitMQ, and whose answers come from there and from PostgreSQL.
//!
//! It holds nothing that is lost with it: a submission is accepted when the database has it and the broker has confirmed it.
//! Answers come over a reply queue of this service's own, while it lives, and so does the progress of all submissions; answers
//! that it does not hear, because another service took the submission or a connection was lost, it asks the database for.

mod catalog;
mod counting;
mod line;
mod rejudging;
mod taking;

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{OnceCell, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use crate::broker::{Reply, SubmitClient, SubmitError, SubmitSender};
use crate::config::BrokerSettings;
use crate::contract::{
    Answer, Cancel, Rejection, Request, ServiceStatus, Submission, SubmissionFilter, SubmissionPage,
};
use crate::gateway::{Engine, EngineError, Entry, KeySecret, Order, Outcome, Rejudge};
use crate::problem::ProblemStore;
use crate::serve::known_problems::KnownProblems;
use crate::serve::versions::Versions;
use crate::serve::watched::Watched;
use crate::store::{CpuMinute, GatewayRow, Store, StoreError, Unreadable, WorkerRow};
use counting::Counted;
use line::WaitingLine;

/// How often the database is asked about what clients wait for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What one statement asks about: few enough that it finds each by its index, and that all have their time.
const LOOKED_AT_ONCE: usize = 500;

/// A pause before the broker is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// How often messages are looked for that need not be kept any longer.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// Workers, over RabbitMQ and PostgreSQL.
#[derive(Debug)]
pub(super) struct Brokered {
    store: Store,
    broker: BrokerSettings,
    problems: ProblemStore,
    known_problems: KnownProblems,
    link: watch::Sender<Option<SubmitSender>>,
    watched: Watched,
    versions: Versions,
    line: WaitingLine,
    counted: Counted,
    key_secret: OnceCell<KeySecret>,
}

impl Brokered {
    /// Without an answer a submission is in flight for `in_flight` at most.
    pub(super) fn new(
        (store, in_flight): (Store, Duration),
        broker: BrokerSettings,
        problems: ProblemStore,
        versions: Versions,
    ) -> Self {
        Self {
            store,
            broker,
            problems,
            known_problems: KnownProblems::default(),
            link: watch::Sender::new(None),
            watched: Watched::default(),
            versions,
            line: WaitingLine::default(),
            counted: Counted::within(in_flight),
            key_secret: OnceCell::new(),
        }
    }

    /// What sends over the connection that there is now.
    fn linked(&self) -> Result<SubmitSender, EngineError> {
        let link = self.link.borrow().clone();
        link.ok_or_else(|| EngineError::Unavailable("RabbitMQ is away".to_owned()))
    }

    /// Nothing is written where nothing could be sent.
    fn check_can_send(&self) -> Result<(), EngineError> {
        let checked = self.linked()?.check_takes_messages();
        checked.map_err(|error| EngineError::Unavailable(error.to_string()))
    }

    /// Hears answers, over as many connections as it takes.
    pub(super) async fn listen(self: Arc<Self>) {
        let mut is_reported = false;
        loop {
            let lost = match SubmitClient::connect_to_follow_all(&self.broker).await {
                Ok(client) => {
                    tracing::info!("the service is connected to RabbitMQ");
                    is_reported = false;
                    self.link.send_replace(Some(client.sender()));
                    let lost = self.hear(client).await;
                    self.link.send_replace(None);
                    lost
                }
                Err(error) => error,
            };
            if !std::mem::replace(&mut is_reported, true) {
                tracing::warn!(error = %lost, "RabbitMQ cannot be used; submissions are refused until it can");
            }
            sleep(PAUSE).await;
        }
    }

    async fn hear(&self, mut client: SubmitClient) -> SubmitError {
        loop {
            match client.next().await {
                Ok(Reply::Progress(progress)) => self.watched.advance(progress),
                Ok(Reply::Verdict(judgement)) => self.answered(Answer::Verdict(*judgement)),
                Ok(Reply::Result(result)) => self.answered(Answer::Result(*result)),
                Ok(Reply::Rejection(rejection)) => self.rejected(rejection).await,
                Err(error @ SubmitError::Answer(_)) => tracing::error!(%error, "an answer is passed over"),
                Err(error) => return error,
            }
        }
    }

    fn answered(&self, answer: Answer) {
        self.versions.learn(&answer);
        let request = Request {
            submission: answer.id(),
            rejudge: answer.rejudge(),
        };
        self.watched.end(request, Outcome::Answer(answer));
    }

    async fn rejected(&self, rejection: Rejection) {
        let Some(id) = rejection.id else { return };
        if let Err(error) = self.store.reject(self.rejected_request(id), &rejection).await {
            tracing::error!(submission.id = %id, %error, "a rejection is not stored; only who waits now hears of it");
        }
        self.watched.end_all(id, &Outcome::Rejected(rejection));
    }

    /// A rejection names a submission. Where one request alone is waited for here, it is that one which was rejected.
    fn rejected_request(&self, id: Uuid) -> Request {
        match self.watched.requests_of(id).as_slice() {
            [request] => *request,
            _ => first(id),
        }
    }

    /// Asks the database for what is not heard.
    pub(super) async fn look(self: Arc<Self>) {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_reported = false;
        loop {
            ticks.tick().await;
            match self.look_at(self.watched.requests()).await {
                Ok(()) => is_reported = false,
                Err(error) if !is_reported => {
                    is_reported = true;
                    tracing::warn!(%error, "the database cannot be asked for answers; it is tried again");
                }
                Err(_still_away) => {}
            }
        }
    }

    async fn look_at(&self, requests: Vec<Request>) -> Result<(), StoreError> {
        let (first, again): (Vec<Request>, Vec<Request>) =
            requests.into_iter().partition(|request| request.rejudge.is_none());
        for first in first.chunks(LOOKED_AT_ONCE) {
            let ids: Vec<Uuid> = first.iter().map(|request| request.submission).collect();
            let rows = self.store.gateway_rows(&ids).await?;
            rows.into_iter().for_each(|row| self.note(row));
        }
        for again in again.chunks(LOOKED_AT_ONCE) {
            let answers = self.store.answers_to(again).await?;
            answers.into_iter().for_each(|answer| match answer {
                Ok(answer) => self.answered(answer),
                Err(unreadable) => self.pass_over(&unreadable),
            });
        }
        Ok(())
    }

    /// What this version cannot read is not asked for each second: who waits for it hears that it takes its time, and who asks
    /// for it hears why.
    fn pass_over(&self, unreadable: &Unreadable) {
        let Request { submission, rejudge } = unreadable.request;
        tracing::error!(submission.id = %submission, ?rejudge, error = %unreadable, "an answer is passed over");
        self.watched.forget(unreadable.request);
    }

    /// Removes what is too much of the packages on disk.
    pub(super) async fn make_room(self: Arc<Self>) {
        self.problems.make_room().await;
    }

    /// Forgets messages that were kept for long enough.
    pub(super) async fn forget(self: Arc<Self>, after: Duration) {
        let mut ticks = interval(FORGET_EVERY);
        loop {
            ticks.tick().await;
            if let Err(error) = self.store.forget_messages(after).await {
                tracing::warn!(%error, "messages that are kept for too long cannot be forgotten");
            }
            if let Err(error) = self.store.forget_cpu().await {
                tracing::warn!(%error, "CPU time that does not count any longer cannot be forgotten");
            }
        }
    }

    fn note(&self, row: Result<GatewayRow, Unreadable>) {
        let row = match row {
            Ok(row) => row,
            Err(unreadable) => return self.pass_over(&unreadable),
        };
        match outcome_of(row.answer, row.rejection) {
            Some(outcome) => self.watched.end(first(row.id), outcome),
            None if row.running => self.watched.begin(row.id),
            None => {}
        }
    }

    /// Cancels whatever is under way of a submission, whichever service has sent it; whether anything is.
    async fn cancel_all(&self, id: Uuid, reason: Option<String>) -> Result<bool, EngineError> {
        let requests = self.store.requests_under_way(id).await.map_err(away)?;
        if requests.is_empty() {
            return Ok(false);
        }
        let cancels = requests.into_iter().map(|request| Cancel::new(request, reason.clone()));
        let cancels: Vec<Cancel> = cancels.collect();
        let cancelled = self.linked()?.cancel(&cancels).await;
        cancelled.map_err(|error| EngineError::Unavailable(error.to_string()))?;
        Ok(true)
    }
}

/// A submission as it was first sent.
fn first(id: Uuid) -> Request {
    Request {
        submission: id,
        rejudge: None,
    }
}

pub(super) fn outcome_of(answer: Option<Answer>, rejection: Option<Rejection>) -> Option<Outcome> {
    answer.map(Outcome::Answer).or(rejection.map(Outcome::Rejected))
}

pub(super) fn away(error: StoreError) -> EngineError {
    EngineError::Unavailable(error.to_string())
}

fn no_queue(queue: &str) -> EngineError {
    EngineError::Unavailable(format!(
        "RabbitMQ has no queue {queue}; start a worker first, which declares it"
    ))
}

impl Engine for Brokered {
    fn submit(&self, order: Order) -> BoxFuture<'_, Result<Arc<Entry>, EngineError>> {
        self.take(order).boxed()
    }

    fn find(&self, id: Uuid) -> BoxFuture<'_, Result<Option<Arc<Entry>>, EngineError>> {
        self.known(id).boxed()
    }

    fn taken_before<'a>(
        &'a self,
        submission: &'a Submission,
        site: &'a str,
    ) -> BoxFuture<'a, Result<Option<Arc<Entry>>, EngineError>> {
        self.same_as_before(submission, site).boxed()
    }

    fn key_secret(&self) -> BoxFuture<'_, Result<KeySecret, EngineError>> {
        let ask = async || {
            let stored = self.store.secret_of_keys(KeySecret::draw().as_bytes()).await;
            stored.map(KeySecret::of_bytes).map_err(away)
        };
        async move { self.key_secret.get_or_try_init(ask).await.cloned() }.boxed()
    }

    fn count_taken(&self, ids: Vec<Uuid>, site: Arc<str>) -> BoxFuture<'_, Result<usize, EngineError>> {
        async move { self.store.count_accepted(&ids, &site).await.map_err(away) }.boxed()
    }

    fn count_rejudged(&self, ids: Vec<Uuid>, request: Uuid) -> BoxFuture<'_, Result<usize, EngineError>> {
        async move { self.store.count_asked_again(&ids, request).await.map_err(away) }.boxed()
    }

    fn list(&self, filter: SubmissionFilter) -> BoxFuture<'_, Result<SubmissionPage, EngineError>> {
        async move { self.store.list(&filter).await.map_err(away) }.boxed()
    }

    fn cancel(&self, id: Uuid, reason: Option<String>) -> BoxFuture<'_, Result<bool, EngineError>> {
        self.cancel_all(id, reason).boxed()
    }

    fn forget_callback(&self, id: Uuid) -> BoxFuture<'_, Result<(), EngineError>> {
        async move { self.store.forget_callback(id).await.map_err(away) }.boxed()
    }

    fn rejudge(&self, wanted: Rejudge) -> BoxFuture<'_, Result<(), EngineError>> {
        self.send_again(wanted).boxed()
    }

    fn rejudging(&self, id: Uuid) -> Option<Arc<Entry>> {
        self.watched.rejudging(id)
    }

    fn place<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Option<u64>> {
        async move {
            if !entry.waits() {
                return None;
            }
            self.line.place(&self.store, entry).await
        }
        .boxed()
    }

    fn in_flight(&self, site: Arc<str>, more: usize, most: usize) -> BoxFuture<'_, Result<usize, EngineError>> {
        self.count_in_flight(site, more, most).boxed()
    }

    fn cpu_used(&self, site: Arc<str>) -> BoxFuture<'_, Result<Vec<CpuMinute>, EngineError>> {
        self.cpu_of(site).boxed()
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), EngineError>> {
        async move {
            let has_queue = self.linked()?.has_queue().await;
            if !has_queue.map_err(|error| EngineError::Unavailable(error.to_string()))? {
                return Err(no_queue(&self.broker.queue));
            }
            self.store.gateway_rows(&[]).await.map(drop).map_err(away)
        }
        .boxed()
    }

    fn status(&self) -> BoxFuture<'_, Result<ServiceStatus, EngineError>> {
        async move {
            let waiting = self.linked()?.waiting().await;
            let workers = self.store.workers().await.ok();
            let heard = workers.map(|rows| {
                rows.into_iter()
                    .filter(|worker| !worker.is_silent())
                    .collect::<Vec<_>>()
            });
            let sum = |of: fn(&WorkerRow) -> u64| heard.as_ref().map(|rows| rows.iter().map(of).sum());
            Ok(ServiceStatus {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                standalone: false,
                slots: sum(|worker| if worker.is_ready() { worker.slots } else { 0 }),
                running: sum(|worker| worker.in_hand),
                queued: waiting.map_err(|error| EngineError::Unavailable(error.to_string()))?,
                capacity: None,
                queues: Vec::new(),
                workers: Vec::new(),
            })
        }
        .boxed()
    }
}
