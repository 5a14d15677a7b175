//! Pages that follow: parts of them as server-sent events.
//!
//! A stream counts for its site, and ends with its session: the page is told why it does not change any more, in an event
//! of its own, since a browser shows no status of a stream.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::response::IntoResponse as _;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt as _, Stream, StreamExt as _, stream};
use tokio::time::sleep;

use crate::gateway::api::Api;
use crate::gateway::page::failure::PageFailure;
use crate::gateway::page::visitor::Visitor;
use crate::gateway::per_site::UnderWay;

/// How long a stream lasts; the browser begins another one then, and is asked for its session again.
const LONGEST_STREAM: Duration = Duration::from_secs(300);

/// How often a stream asks whether its session goes on.
const SESSION_EVERY: Duration = Duration::from_secs(3);

/// Why a page does not change any more.
#[derive(Template)]
#[template(path = "stream_end.html")]
struct StreamEnd<'a> {
    why: &'a str,
    /// Where to log in, if that helps.
    log_in: Option<&'a str>,
}

/// What a browser follows.
struct Following {
    changes: BoxStream<'static, Vec<Event>>,
    /// Comes true when the session has ended, and false when the stream has lasted for long enough.
    end: BoxFuture<'static, bool>,
    /// What is told when the session has ended.
    logged_out: Vec<Event>,
    _under_way: UnderWay,
}

/// Sends what changes, each time some parts of the page at `path`.
pub(super) fn events_of(
    api: &Api,
    visitor: Visitor,
    path: &str,
    changes: impl Stream<Item = Vec<Event>> + Send + 'static,
) -> Result<Response, PageFailure> {
    let under_way = match api.begin_stream(&visitor.site) {
        Ok(under_way) => under_way,
        Err(refusal) => {
            let detail = &refusal.as_document().detail;
            return Ok(told(
                &format!("This page does not change: {detail}. Load it again later."),
                None,
            ));
        }
    };
    let api = api.clone();
    let end = async move {
        tokio::select! {
            () = sleep(LONGEST_STREAM) => false,
            () = logged_out(&api, &visitor) => true,
        }
    };
    let following = Following {
        changes: changes.boxed(),
        end: end.boxed(),
        logged_out: last_events(LOGGED_OUT, Some(&log_in_path(path))),
        _under_way: under_way,
    };
    let events = stream::unfold(Some(following), |following| async move { following?.next().await });
    Ok(sse(events.flat_map(stream::iter)))
}

impl Following {
    /// The next events, and what follows behind them.
    async fn next(mut self) -> Option<(Vec<Event>, Option<Self>)> {
        tokio::select! {
            biased;
            is_logged_out = &mut self.end => is_logged_out.then_some((self.logged_out, None)),
            events = self.changes.next() => Some((events?, Some(self))),
        }
    }
}

async fn logged_out(api: &Api, visitor: &Visitor) {
    loop {
        sleep(SESSION_EVERY).await;
        // A database that is away is asked again.
        if let Ok(false) = visitor.is_logged_in(api).await {
            return;
        }
    }
}

const LOGGED_OUT: &str = "You are logged out, so this page does not change any more.";

/// A stream for who has no session any more.
pub(super) fn without_session(path: &str) -> Response {
    told(LOGGED_OUT, Some(&log_in_path(path)))
}

/// A stream that says only why there is none.
fn told(why: &str, log_in: Option<&str>) -> Response {
    sse(stream::iter(last_events(why, log_in)))
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

fn sse(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    Sse::new(events.map(Ok::<_, Infallible>))
        .keep_alive(KeepAlive::new())
        .into_response()
}
