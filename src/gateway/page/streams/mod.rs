//! Pages that follow: parts of them as server-sent events.
//!
//! A stream counts for its site, and ends with its session: the page is told why it does not change any more, in an event
//! of its own, since a browser shows no status of a stream.

pub(super) mod end;

use std::time::Duration;

use axum::response::Response;
use axum::response::sse::Event;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt as _, Stream, StreamExt as _, stream};
use tokio::time::sleep;

use crate::gateway::api::Api;
use crate::gateway::page::failure::PageFailure;
use crate::gateway::page::streams::end::{ended, events, logged_out_of};
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::per_site::UnderWay;

/// How long a stream lasts; the browser begins another one then, and is asked for its session again.
const LONGEST_STREAM: Duration = Duration::from_secs(300);

/// How often a stream asks whether its session goes on.
const SESSION_EVERY: Duration = Duration::from_secs(3);

/// What a browser follows.
struct Following {
    changes: BoxStream<'static, Vec<Event>>,
    /// Comes true when the session has ended, and false when the stream has lasted for long enough or the service stops.
    end: BoxFuture<'static, bool>,
    /// What is sent when the session has ended.
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
            return Ok(ended(&format!(
                "This page does not change: {detail}. Load it again later."
            )));
        }
    };
    let api = api.clone();
    let end = async move {
        tokio::select! {
            () = sleep(LONGEST_STREAM) => false,
            () = api.stopping().cancelled() => false,
            () = logged_out(&api, &visitor) => true,
        }
    };
    let following = Following {
        changes: changes.boxed(),
        end: end.boxed(),
        logged_out: logged_out_of(path),
        _under_way: under_way,
    };
    let changes = stream::unfold(Some(following), |following| async move { following?.next().await });
    Ok(events(changes.flat_map(stream::iter)))
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
