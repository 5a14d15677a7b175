//! Starts boxes, and remembers how the latest start went.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::sandbox::{Backend, BoxSpec, LeaseError, Session, SessionTimeouts};
use crate::telemetry::metrics;

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

    /// A box that has said hello, with a zygote that has started.
    pub(super) async fn start(&self, spec: &BoxSpec) -> Result<Session, LeaseError> {
        let since = Instant::now();
        let started = open(self.backend.as_ref(), spec, self.timeouts).await;
        match started {
            Ok(_) => metrics().boxes.started_after(since.elapsed().as_secs_f64()),
            Err(_) => {
                metrics().boxes.failed.inc();
            }
        }
        let outcome = started.as_ref().map(drop).map_err(ToString::to_string);
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        started
    }

    /// How the latest start went, if there was one.
    pub(super) fn latest(&self) -> Option<Result<(), String>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn open(backend: &dyn Backend, spec: &BoxSpec, timeouts: SessionTimeouts) -> Result<Session, LeaseError> {
    let mut session = Session::open(backend.launch(spec).await?, timeouts).await?;
    if let Some(zygote) = &spec.zygote {
        session.start_zygote(zygote).await?;
    }
    Ok(session)
}
