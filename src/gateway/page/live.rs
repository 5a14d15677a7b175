//! Pages that follow: parts of them as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt as _, stream};
use tokio::time::sleep;

/// How long a stream lasts; the browser begins another one then, and is asked for its session again.
const LONGEST_STREAM: Duration = Duration::from_secs(300);

/// Sends what changes, each time some parts of a page.
pub(super) fn events_of(
    changes: impl Stream<Item = Vec<Event>> + Send + 'static,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = changes.flat_map(|events| stream::iter(events.into_iter().map(Ok)));
    Sse::new(events.take_until(sleep(LONGEST_STREAM))).keep_alive(KeepAlive::new())
}
