//! One submission: looked at, cancelled, judged once more.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::gateway::Urgency;
use crate::gateway::api::Api;
use crate::gateway::handlers::rejudge::wanted;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::submission::{Sources, SubmissionPart, sources_of};
use crate::gateway::page::views::words::Listed;
use crate::gateway::page::visitor::{Posted, Visitor};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::store::StoredSubmission;

/// How often a page without scripts is loaded again while there is no answer, in seconds.
const REFRESH_S: u32 = 2;

#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionPage {
    shell: Shell,
    listed: Listed,
    part: SubmissionPart,
    buttons: Buttons,
    sources: Sources,
    /// Where its events come from.
    stream_url: String,
}

/// What can be done with it.
#[derive(Template)]
#[template(path = "submission_buttons.html")]
pub(super) struct Buttons {
    id: Uuid,
    csrf: String,
    may_cancel: bool,
    may_rejudge: bool,
}

impl Buttons {
    pub(in crate::gateway::page) fn of(id: Uuid, visitor: &Visitor, part: &SubmissionPart, is_kept: bool) -> Self {
        let may_submit = visitor.site.may(Scope::Submit);
        Self {
            id,
            csrf: visitor.csrf.clone(),
            may_cancel: may_submit && part.is_live,
            may_rejudge: may_submit && !part.is_live && is_kept,
        }
    }
}

/// `?rejudge=ID`: the request to judge it once more that the visitor waits for.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(in crate::gateway::page) struct Awaited {
    pub(in crate::gateway::page) rejudge: Option<Uuid>,
}

/// `GET /page/submissions/ID`.
pub(in crate::gateway::page) async fn look(
    State(api): State<Api>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    Query(awaited): Query<Awaited>,
) -> Result<Response, PageFailure> {
    let stored = seen(&api, &visitor.site, id).await?;
    let part = SubmissionPart::of(&stored, awaited.rejudge);
    let mut shell = Shell::new(&api, &visitor, "/page/submissions", format!("Submission {id}"));
    if part.is_live {
        shell = shell.refreshed(REFRESH_S);
    }
    let stream_url = match awaited.rejudge {
        Some(request) => format!("/page/submissions/{id}/live?rejudge={request}"),
        None => format!("/page/submissions/{id}/live"),
    };
    Ok(rendered(&SubmissionPage {
        shell,
        listed: Listed::from(&stored.row),
        buttons: Buttons::of(id, &visitor, &part, stored.message.is_some()),
        stream_url,
        part,
        sources: sources_of(&stored),
    }))
}

/// A submission that the site may see.
pub(in crate::gateway::page) async fn seen(api: &Api, site: &Site, id: Uuid) -> Result<StoredSubmission, PageFailure> {
    site.require(Scope::Read)?;
    let stored = api.records.submission(id).await?;
    let is_seen =
        |stored: &StoredSubmission| site.may(Scope::ReadAll) || stored.row.site.as_deref() == Some(&*site.name);
    let stored = stored.filter(is_seen);
    stored.ok_or_else(|| Refusal::no_submission(id).into())
}

/// `POST /page/submissions/ID/cancel`.
pub(in crate::gateway::page) async fn cancel(
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
pub(in crate::gateway::page) async fn rejudge(
    State(api): State<Api>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, PageFailure> {
    let site = &posted.visitor.site;
    site.require(Scope::Submit)?;
    seen(&api, site, id).await?;
    api.check_in_flight(site, 1)?;
    let request = Uuid::now_v7();
    api.engine.rejudge(wanted(site, id, request, Urgency::Now)).await?;
    Ok(Redirect::to(&format!("{}?rejudge={request}", path_of(id))).into_response())
}

/// The page of a submission.
pub(super) fn path_of(id: Uuid) -> String {
    format!("/page/submissions/{id}")
}
