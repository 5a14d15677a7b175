//! What happens to a submission, while it happens (server-sent events).
//!
//! An event is named `state`, `progress`, and at the end `verdict`, `result` or `rejection`. The id of a progress event is
//! the attempt and the number of tests that have finished in it, so a client that comes back gets those that it has not
//! seen. A service that was not asked about a submission before tells what finishes from then on.

use std::convert::Infallible;
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt as _, stream};
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::contract::{Answer, Progress, Stage};
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::per_site::UnderWay;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::gateway::{Entry, Outcome, Snapshot};

/// How often a silent stream sends a keep-alive. Proxies close a connection that is silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The first attempt. One that is not counted is taken for it.
const FIRST_ATTEMPT: u32 = 1;

/// The events of one submission for one client, and which of them it has been sent.
struct EventStream {
    entry: Arc<Entry>,
    changes: watch::Receiver<Snapshot>,
    place: Option<u64>,
    /// The last state.
    stage: Option<Stage>,
    /// The last progress.
    position: Position,
    ended: bool,
    stopping: CancellationToken,
    _under_way: UnderWay,
}

/// How far a client was told that a submission has come: as text the id of an event, `7`, or from the second attempt on
/// `2.7`. What is later is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Position {
    attempt: u32,
    finished: u64,
}

impl Position {
    /// Nothing of an attempt.
    fn nothing_of(attempt: u32) -> Self {
        Self { attempt, finished: 0 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.attempt {
            FIRST_ATTEMPT => write!(f, "{}", self.finished),
            later => write!(f, "{later}.{}", self.finished),
        }
    }
}

impl FromStr for Position {
    type Err = ParseIntError;

    fn from_str(id: &str) -> Result<Self, ParseIntError> {
        let (attempt, finished) = match id.split_once('.') {
            Some((attempt, finished)) => (attempt.parse()?, finished),
            None => (FIRST_ATTEMPT, id),
        };
        Ok(Self {
            attempt,
            finished: finished.parse()?,
        })
    }
}

/// `GET /v1/submissions/ID/events`.
pub(in crate::gateway) async fn events(
    State(api): State<Api>,
    site: Site,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    site.require(Scope::Read)?;
    let entry = api.entry(&site, id).await?;
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let state = EventStream {
        changes: entry.watch(),
        place: api.engine.place(&entry).await,
        entry,
        stage: None,
        position: last.unwrap_or(Position::nothing_of(FIRST_ATTEMPT)),
        ended: false,
        stopping: api.stopping().clone(),
        _under_way: api.begin_stream(&site)?,
    };
    let events = stream::unfold(state, |mut state| async move {
        let events = state.next().await?;
        Some((stream::iter(events.into_iter().map(Ok)), state))
    });
    Ok(Sse::new(events.flatten()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

impl EventStream {
    /// What is to be sent next; `None` behind the end, and when the service stops: another one goes on where this ends.
    async fn next(&mut self) -> Option<Vec<Event>> {
        if self.ended {
            return None;
        }
        loop {
            let now = self.changes.borrow_and_update().clone();
            let events = self.new_events(&now);
            if !events.is_empty() {
                return Some(events);
            }
            let changed = self.stopping.run_until_cancelled(self.changes.changed());
            changed.await?.ok()?;
        }
    }

    fn new_events(&mut self, now: &Snapshot) -> Vec<Event> {
        let mut events = Vec::new();
        let stage = now.stage();
        let begun = self.begun_anew(now);
        if now.outcome.is_none() && (self.stage != Some(stage) || begun.is_some()) {
            self.stage = Some(stage);
            events.push(event("state", &self.entry.state(self.place)));
        }
        self.position = begun.unwrap_or(self.position);
        for progress in &now.progress {
            let at = Position {
                attempt: now.attempt.unwrap_or(self.position.attempt),
                finished: progress.finished,
            };
            if at > self.position {
                self.position = at;
                events.push(event("progress", &**progress).id(at.to_string()));
            }
        }
        if let Some(outcome) = &now.outcome {
            self.ended = true;
            events.push(match outcome.as_ref() {
                Outcome::Answer(Answer::Verdict(judgement)) => event("verdict", judgement),
                Outcome::Answer(Answer::Result(result)) => event("result", result),
                Outcome::Rejected(rejection) => event("rejection", rejection),
            });
        }
        events
    }

    /// The attempt that has begun since, of which the client has seen nothing yet. It is told before its progress.
    fn begun_anew(&self, now: &Snapshot) -> Option<Position> {
        let attempt = now.attempt.unwrap_or(self.position.attempt);
        let has_less = |last: &Arc<Progress>| now.attempt.is_none() && last.finished < self.position.finished;
        let is_new = attempt > self.position.attempt || now.progress.last().is_some_and(has_less);
        (is_new && now.outcome.is_none()).then_some(Position::nothing_of(attempt))
    }
}

/// The documents always serialise; one that did not would be an event without data.
fn event(name: &str, document: &impl Serialize) -> Event {
    let named = || Event::default().event(name);
    named().json_data(document).unwrap_or_else(|_error| named())
}
