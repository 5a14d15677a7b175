//! Connections over which nothing is asked or answered. Where there is room for no other one, the one that has been idle for longest
//! is closed: a crowd that only holds connections does not keep those out who ask for something.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use crate::gateway::body::memory::BodyShare;
use crate::gateway::sites::requests::RequestPlace;

/// The idle connections of a service.
#[derive(Debug, Default)]
pub(super) struct IdleConnections(Mutex<Places>);

/// In the order in which they became idle.
#[derive(Debug, Default)]
struct Places {
    next: u64,
    idle: BTreeMap<u64, CancellationToken>,
}

/// A connection, until it ends.
#[derive(Debug)]
pub(super) struct Connection {
    all: Arc<IdleConnections>,
    /// Cancelled when it is closed for another one.
    closed: CancellationToken,
    activity: Mutex<Activity>,
}

/// What happens over a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    /// Nothing, since it got this place.
    Idle(u64),
    /// A request came and has no whole answer yet.
    Answering,
    /// There is a whole answer, which may not be written yet.
    Answered,
}

/// A request that has come, until its answer is whole.
#[derive(Debug)]
pub(super) struct RequestInProgress(Arc<Connection>);

/// A connection that was closed for another one before its request was whole.
#[derive(Debug, Error)]
#[error("the connection was idle for longest, and there was room for no other one")]
pub(super) struct ClosedForAnother;

impl IdleConnections {
    /// A new connection, over which nothing was asked yet.
    pub(super) fn begin(self: &Arc<Self>) -> Arc<Connection> {
        let connection = Arc::new(Connection {
            all: Arc::clone(self),
            closed: CancellationToken::new(),
            activity: Mutex::new(Activity::Answered),
        });
        connection.all_written();
        connection
    }

    /// Closes the one that has been idle for longest; whether there was one.
    pub(super) fn close_one(&self) -> bool {
        let longest = self.lock().idle.pop_first();
        longest.is_some_and(|(_place, connection)| {
            connection.cancel();
            true
        })
    }

    fn lock(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Returns when it is closed for another one.
    pub(super) async fn closed_for_another(&self) {
        self.closed.cancelled().await;
    }

    /// A request has come, which nothing interrupts.
    pub(super) fn request(self: &Arc<Self>) -> Result<RequestInProgress, ClosedForAnother> {
        match self.switch_to(Activity::Answering) {
            true => Ok(RequestInProgress(Arc::clone(self))),
            false => Err(ClosedForAnother),
        }
    }

    /// The system has taken all that was written. Where that was the end of an answer, the connection is idle from now on.
    pub(super) fn all_written(&self) {
        let mut places = self.all.lock();
        let mut activity = self.activity();
        if *activity == Activity::Answered {
            let place = places.next;
            places.next += 1;
            places.idle.insert(place, self.closed.clone());
            *activity = Activity::Idle(place);
        }
    }

    /// Whether it was not closed before.
    fn switch_to(&self, next: Activity) -> bool {
        let mut places = self.all.lock();
        match std::mem::replace(&mut *self.activity(), next) {
            Activity::Idle(place) => places.idle.remove(&place).is_some(),
            Activity::Answering | Activity::Answered => true,
        }
    }

    fn activity(&self) -> MutexGuard<'_, Activity> {
        self.activity.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.switch_to(Activity::Answering);
    }
}

impl Drop for RequestInProgress {
    fn drop(&mut self) {
        self.0.switch_to(Activity::Answered);
    }
}

/// The body of an answer. It is dropped when its end is to be written, which may take as long as the client takes to read it.
#[derive(Debug)]
pub(super) struct WatchedBody {
    body: Body,
    _request: RequestInProgress,
    _room: Option<(RequestPlace, Option<BodyShare>)>,
}

impl WatchedBody {
    pub(super) fn new(body: Body, request: RequestInProgress) -> Self {
        Self {
            body,
            _request: request,
            _room: None,
        }
    }

    /// With the place of its request, and the memory that it takes up.
    pub(super) fn holding(mut self, room: (RequestPlace, Option<BodyShare>)) -> Self {
        self._room = Some(room);
        self
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_has_been_idle_for_longest_is_closed_and_none_that_is_answered() {
        let all = Arc::<IdleConnections>::default();
        let [one, other, third] = [(); 3].map(|()| all.begin());
        let request = one.request().unwrap();
        drop(third);
        assert!(all.close_one());
        assert!(other.closed.is_cancelled() && other.request().is_err());
        assert!(!all.close_one(), "the others are gone or busy");
        one.all_written();
        assert!(!all.close_one(), "the answer is not whole");
        drop(request);
        assert!(!all.close_one(), "the end of the answer is not written");
        one.all_written();
        assert!(all.close_one() && one.closed.is_cancelled());
    }
}
