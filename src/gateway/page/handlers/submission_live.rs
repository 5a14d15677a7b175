//! A submission that is watched while it is judged, for the first time or once more.

use std::sync::Arc;
use std::time::Duration;

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::response::sse::Event;
use futures::stream;
use tokio::time::sleep;
use uuid::Uuid;

use crate::gateway::api::Api;
use crate::gateway::page::failure::PageFailure;
use crate::gateway::page::handlers::submission::{Awaited, Buttons, path_of, seen};
use crate::gateway::page::streams::events_of;
use crate::gateway::page::views::submission::SubmissionPart;
use crate::gateway::page::visitor::Visitor;
use crate::gateway::{EngineError, Entry};

/// How often the records are asked about a submission of which this service hears nothing.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Progress of a submission is shown no more often.
const PAUSE: Duration = Duration::from_millis(100);

/// What a browser has been shown of a submission.
struct Watching {
    api: Api,
    visitor: Visitor,
    id: Uuid,
    awaited: Awaited,
    /// The submission in the memory of this service, while it has no answer.
    entry: Option<Arc<Entry>>,
    /// Whether it can be judged once more.
    is_repeatable: bool,
    state: String,
    buttons: String,
    has_ended: bool,
}

/// `GET /page/submissions/ID/live`.
pub(in crate::gateway::page) async fn live(
    State(api): State<Api>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    Query(awaited): Query<Awaited>,
) -> Result<Response, PageFailure> {
    let stored = seen(&api, &visitor.site, id).await?;
    let watching = Watching {
        entry: api.engine.find(id).await?,
        api: api.clone(),
        visitor: visitor.clone(),
        id,
        awaited,
        is_repeatable: stored.is_repeatable,
        state: String::new(),
        buttons: String::new(),
        has_ended: false,
    };
    let changes = stream::unfold(watching, |mut watching| async move {
        Some((watching.next().await?, watching))
    });
    events_of(&api, visitor, &path_of(id), changes)
}

impl Watching {
    /// What has changed; `None` behind the end.
    async fn next(&mut self) -> Option<Vec<Event>> {
        if self.has_ended {
            return None;
        }
        loop {
            match self.part().await {
                // A database that is away is asked again.
                Err(error) => tracing::debug!(submission.id = %self.id, %error, "a submission is not watched now"),
                Ok(part) => {
                    let events = self.new_events(&part);
                    if !events.is_empty() {
                        return Some(events);
                    }
                }
            }
            self.wait().await;
        }
    }

    async fn part(&mut self) -> Result<SubmissionPart, EngineError> {
        if let Some(entry) = &self.entry {
            let snapshot = entry.watch().borrow().clone();
            if snapshot.outcome.is_none() {
                return Ok(SubmissionPart::of_snapshot(&snapshot));
            }
            self.entry = None;
        }
        let stored = self.api.records.submission(self.id).await?;
        let stored = stored.ok_or(EngineError::NotKept("the submission is not kept any longer"))?;
        self.is_repeatable = stored.is_repeatable;
        let part = SubmissionPart::of(&stored, self.awaited.rejudge);
        let again = self.api.engine.rejudging(self.id).filter(|_again| part.is_live);
        Ok(match again {
            Some(again) => part.with_progress(&again.watch().borrow()),
            None => part,
        })
    }

    fn new_events(&mut self, part: &SubmissionPart) -> Vec<Event> {
        let mut events = Vec::new();
        let buttons = Buttons::of(self.id, &self.visitor, part, self.is_repeatable);
        let parts = [
            ("state", part.render(), &mut self.state),
            ("buttons", buttons.render(), &mut self.buttons),
        ];
        for (name, html, before) in parts {
            match html {
                Ok(html) if html != *before => {
                    events.push(Event::default().event(name).data(&html));
                    *before = html;
                }
                Ok(_same) => {}
                Err(error) => tracing::error!(%error, "a submission cannot be written"),
            }
        }
        if !part.is_live {
            self.has_ended = true;
            events.push(Event::default().event("end").data("end"));
        }
        events
    }

    /// Until something may have changed.
    async fn wait(&self) {
        match &self.entry {
            Some(entry) => {
                let mut changes = entry.watch();
                tokio::select! {
                    _changed = changes.changed() => sleep(PAUSE).await,
                    () = sleep(LOOK_EVERY) => {}
                }
            }
            None => sleep(LOOK_EVERY).await,
        }
    }
}
