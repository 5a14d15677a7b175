//! How many connections there are, and which of them goes when another one comes.
//!
//! A connection that has not said what it wants is worth less than one that is being answered. So when there are too
//! many, the one that has been silent for longest is closed, and a client that comes then does not wait for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use crate::makers::{Here, Maker, Makers};

/// Connections at once, those with silent clients included. Every box that is attached has one.
pub(crate) const CONNECTIONS: usize = 4096;

/// Connections of which the proxy waits for a whole request, at most.
const SILENT: usize = CONNECTIONS / 4;

/// The connections of a proxy.
#[derive(Debug, Clone)]
pub(crate) struct Connections {
    places: Arc<Semaphore>,
    silent: Arc<Mutex<Silent>>,
}

/// Connections without a whole request, the one that is silent for longest first.
#[derive(Debug, Default)]
struct Silent {
    next: u64,
    by_age: BTreeMap<u64, AbortHandle>,
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Connection {
    connections: Connections,
    number: Mutex<u64>,
    task: Mutex<Option<AbortHandle>>,
    /// The worker whose request came last.
    maker: Mutex<Option<Here>>,
    _place: OwnedSemaphorePermit,
}

impl Connections {
    pub(crate) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(CONNECTIONS)),
            silent: Arc::default(),
        }
    }

    /// A place for a connection, as soon as there is one.
    pub(crate) async fn place(&self) -> Option<Arc<Connection>> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        Some(Arc::new(Connection {
            connections: self.clone(),
            number: Mutex::new(0),
            task: Mutex::new(None),
            maker: Mutex::new(None),
            _place: place,
        }))
    }
}

impl Connection {
    /// It is served by this task, and has said nothing so far.
    pub(crate) fn is_served_by(&self, task: AbortHandle) {
        *locked(&self.task) = Some(task);
        self.is_silent();
    }

    /// A request of this worker has come.
    pub(crate) fn is_of(&self, maker: &Maker, makers: &Makers) {
        let mut known = locked(&self.maker);
        if known.as_ref().is_none_or(|here| !here.is_of(maker)) {
            *known = Some(makers.enter(maker));
        }
    }

    /// A whole request has come, or the daemon is waited for.
    pub(crate) fn is_busy(&self) {
        let number = *locked(&self.number);
        locked(&self.connections.silent).by_age.remove(&number);
    }

    /// Its request is answered; the next one may never come.
    pub(crate) fn is_silent(&self) {
        let Some(task) = locked(&self.task).clone() else { return };
        let mut silent = locked(&self.connections.silent);
        let mut number = locked(&self.number);
        silent.by_age.remove(&number);
        silent.next += 1;
        *number = silent.next;
        silent.by_age.insert(*number, task);
        if silent.by_age.len() > SILENT
            && let Some((_number, oldest)) = silent.by_age.pop_first()
        {
            oldest.abort();
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.is_busy();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
