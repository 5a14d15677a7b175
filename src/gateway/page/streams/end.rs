//! The end of a stream that is not begun anew: an event that shows on the page why it does not change any more.

use std::convert::Infallible;

use askama::Template;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{Stream, StreamExt as _, stream};

/// Why a page does not change any more.
#[derive(Template)]
#[template(path = "stream_end.html")]
struct StreamEnd<'a> {
    why: &'a str,
    /// Where to log in, if that helps.
    log_in: Option<&'a str>,
}

const LOGGED_OUT: &str = "You are logged out, so this page does not change any more.";

/// The last events for the page whose stream this is: its session has ended.
pub(super) fn logged_out_of(path: &str) -> Vec<Event> {
    last_events(LOGGED_OUT, Some(&log_in_path(path)))
}

/// A stream for a visitor whose session has ended.
pub(in crate::gateway::page) fn without_session(path: &str) -> Response {
    events(stream::iter(logged_out_of(path)))
}

/// A stream that holds only the reason why there is none.
pub(in crate::gateway::page) fn ended(why: &str) -> Response {
    events(stream::iter(last_events(why, None)))
}

/// The last events of a stream, which is not begun anew.
fn last_events(why: &str, log_in: Option<&str>) -> Vec<Event> {
    let note = StreamEnd { why, log_in }.render();
    let note = note.unwrap_or_else(|error| {
        tracing::error!(%error, "the end of a stream cannot be written");
        String::new()
    });
    vec![
        Event::default().event("ended").data(note),
        Event::default().event("end").data("end"),
    ]
}

/// The login, and behind it the page whose stream it is.
fn log_in_path(path: &str) -> String {
    let page = path.strip_suffix("/live").unwrap_or(path);
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", page)
        .finish();
    format!("/page/login?{query}")
}

/// A stream of these events.
pub(in crate::gateway::page) fn events(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    Sse::new(events.map(Ok::<_, Infallible>))
        .keep_alive(KeepAlive::new())
        .into_response()
}
