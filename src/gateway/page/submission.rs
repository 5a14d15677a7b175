//! One submission: looked at, watched while it is judged, cancelled, judged once more.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Redirect, Response};
use futures::{Stream, stream};
use tokio::time::sleep;
use uuid::Uuid;

use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::live::events_of;
use crate::gateway::page::shell::Shell;
use crate::gateway::page::stored_view::{Source, SubmissionPart, sources_of};
use crate::gateway::page::visitor::{Posted, Visitor};
use crate::gateway::page::words::Listed;
use crate::gateway::refusal::Refusal;
use crate::gateway::token_file::Scope;
use crate::gateway::tokens::Site;
use crate::gateway::{EngineError, Entry, Urgency};
use crate::store::StoredSubmission;

/// How often the records are asked about a submission of which this service hears nothing.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Progress of a submission is shown no more often.
const PAUSE: Duration = Duration::from_millis(100);

/// How often a page without scripts is loaded again while there is no answer, in seconds.
const REFRESH_S: u32 = 2;

#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionPage {
    shell: Shell,
    listed: Listed,
    part: SubmissionPart,
    sources: Vec<Source>,
    may_cancel: bool,
    may_rejudge: bool,
}

/// `GET /page/submissions/ID`.
pub(super) async fn look(
    State(api): State<Api>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<Response, PageFailure> {
    let stored = seen(&api, &visitor.site, id).await?;
    let part = SubmissionPart::of(&stored);
    let mut shell = Shell::new(&api, &visitor, "/page/submissions", format!("Submission {id}"));
    if part.is_live {
        shell = shell.refreshed(REFRESH_S);
    }
    let may_submit = visitor.site.may(Scope::Submit);
    Ok(rendered(&SubmissionPage {
        shell,
        listed: Listed::from(&stored.row),
        may_cancel: may_submit && part.is_live,
        may_rejudge: may_submit && !part.is_live && stored.message.is_some(),
        part,
        sources: sources_of(&stored),
    }))
}

/// A submission that the site may see.
async fn seen(api: &Api, site: &Site, id: Uuid) -> Result<StoredSubmission, PageFailure> {
    site.require(Scope::Read)?;
    let stored = api.records.submission(id).await?;
    let is_seen =
        |stored: &StoredSubmission| site.may(Scope::ReadAll) || stored.row.site.as_deref() == Some(&*site.name);
    let stored = stored.filter(is_seen);
    stored.ok_or_else(|| Refusal::no_submission(id).into())
}

/// `POST /page/submissions/ID/cancel`.
pub(super) async fn cancel(
    State(api): State<Api>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, PageFailure> {
    let site = &posted.visitor.site;
    site.require(Scope::Submit)?;
    seen(&api, site, id).await?;
    let reason = format!("cancelled on the page by {}", site.name);
    api.engine.cancel(id, Some(reason)).await?;
    Ok(Redirect::to(&path_of(id)).into_response())
}

/// `POST /page/submissions/ID/rejudge`.
pub(super) async fn rejudge(
    State(api): State<Api>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, PageFailure> {
    let site = &posted.visitor.site;
    site.require(Scope::Submit)?;
    seen(&api, site, id).await?;
    api.engine.rejudge(id, Uuid::now_v7(), Urgency::Now).await?;
    Ok(Redirect::to(&path_of(id)).into_response())
}

/// The page of a submission.
pub(super) fn path_of(id: Uuid) -> String {
    format!("/page/submissions/{id}")
}

/// What a browser has been shown of a submission.
struct Watching {
    api: Api,
    id: Uuid,
    /// The submission in the memory of this service, while it has no answer.
    entry: Option<Arc<Entry>>,
    shown: String,
    has_ended: bool,
}

/// `GET /page/submissions/ID/live`.
pub(super) async fn live(
    State(api): State<Api>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageFailure> {
    seen(&api, &visitor.site, id).await?;
    let watching = Watching {
        entry: api.engine.find(id).await?,
        api,
        id,
        shown: String::new(),
        has_ended: false,
    };
    Ok(events_of(stream::unfold(watching, |mut watching| async move {
        Some((watching.next().await?, watching))
    })))
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
                    let events = self.news(&part);
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
        let gone = || EngineError::NotKept("the submission is not kept any longer");
        stored.as_ref().map(SubmissionPart::of).ok_or_else(gone)
    }

    fn news(&mut self, part: &SubmissionPart) -> Vec<Event> {
        let mut events = Vec::new();
        match part.render() {
            Ok(html) if html != self.shown => {
                events.push(Event::default().event("state").data(&html));
                self.shown = html;
            }
            Ok(_same) => {}
            Err(error) => tracing::error!(%error, "a submission cannot be written"),
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
