//! Starts boxes, and remembers how the latest start went.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::backoff::pauses;
use crate::sandbox::{Backend, BoxSpec, Isolation, LeaseError, Session, SessionTimeouts};
use crate::telemetry::metrics;

/// Between tries to make a box for which there was no room: a box is removed within some hundred milliseconds.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long the end of other boxes is waited for by who holds a box, at least; less than twice as long.
const MOMENT: Duration = Duration::from_secs(1);

/// Starts the boxes of a pool.
#[derive(Debug)]
pub(super) struct Starter {
    backend: Arc<dyn Backend>,
    timeouts: SessionTimeouts,
    latest: Mutex<Option<Result<(), String>>>,
}

impl Starter {
    pub(super) fn new(backend: Arc<dyn Backend>, timeouts: SessionTimeouts) -> Self {
        Self {
            backend,
            timeouts,
            latest: Mutex::default(),
        }
    }

    /// How long a start may take.
    pub(super) fn patience(&self) -> Duration {
        self.timeouts.hello
    }

    /// A box that has said hello, with a zygote that has started.
    pub(super) async fn start(&self, spec: &BoxSpec) -> Result<Session, LeaseError> {
        let since = Instant::now();
        let started = self.open(spec).await;
        // A box for which there is no room yet is no sign that none can be made.
        if !started.as_ref().is_err_and(LeaseError::is_for_lack_of_room) {
            self.note(since, &started);
        }
        started
    }

    /// The same, and where there is no room for it the ends of other boxes are waited for, as long as a start may take;
    /// `make_room` is called meanwhile.
    pub(super) async fn start_when_there_is_room(
        &self,
        spec: &BoxSpec,
        make_room: impl FnMut(),
    ) -> Result<Session, LeaseError> {
        let since = Instant::now();
        let bounds = (self.timeouts.hello, LONGEST_PAUSE);
        let started = self.open_when_there_is_room(spec, bounds, make_room).await;
        self.note(since, &started);
        started
    }

    /// The same for who holds another box, for which others may wait: their end is waited for a moment only. Each waits for
    /// another one, so that of two who wait for each other one gets what the other gives up.
    pub(super) async fn start_beside_another(
        &self,
        spec: &BoxSpec,
        make_room: impl FnMut(),
    ) -> Result<Session, LeaseError> {
        let since = Instant::now();
        let moment = pauses(MOMENT, MOMENT).next().unwrap_or(MOMENT);
        let bounds = (moment, SHORTEST_PAUSE);
        let started = self.open_when_there_is_room(spec, bounds, make_room).await;
        if !started.as_ref().is_err_and(LeaseError::is_for_lack_of_room) {
            self.note(since, &started);
        }
        started
    }

    async fn open_when_there_is_room(
        &self,
        spec: &BoxSpec,
        (patience, longest_pause): (Duration, Duration),
        mut make_room: impl FnMut(),
    ) -> Result<Session, LeaseError> {
        let since = Instant::now();
        let mut pauses = pauses(SHORTEST_PAUSE, longest_pause);
        loop {
            match self.open(spec).await {
                Err(error) if error.is_for_lack_of_room() && since.elapsed() < patience => {
                    tracing::debug!(slot = spec.placement.slot, %error, "the end of other boxes is waited for");
                    make_room();
                    sleep(pauses.next().unwrap_or(longest_pause)).await;
                }
                opened => return opened,
            }
        }
    }

    fn note(&self, since: Instant, started: &Result<Session, LeaseError>) {
        match started {
            Ok(_) => metrics().boxes.started_after(since.elapsed().as_secs_f64()),
            Err(_) => {
                metrics().boxes.failed.inc();
            }
        }
        let outcome = started.as_ref().map(drop).map_err(ToString::to_string);
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    /// How the latest start went, if there was one.
    pub(super) fn latest(&self) -> Option<Result<(), String>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn open(&self, spec: &BoxSpec) -> Result<Session, LeaseError> {
        let mut session = Session::open(self.backend.launch(spec).await?, self.timeouts).await?;
        if self.backend.facts().isolation != Isolation::None {
            session.has_the_cpus_of(spec)?;
        }
        if let Some(zygote) = &spec.zygote {
            session.start_zygote(zygote).await?;
        }
        Ok(session)
    }
}
