//! One submission: looked at, cancelled, judged once more.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::gateway::Urgency;
use crate::gateway::api::Api;
use crate::gateway::handlers::rejudge::{send_again, wanted};
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::handlers::submissions::sees_sites;
use crate::gateway::page::views::draft::Draft;
use crate::gateway::page::views::list_address::Asked;
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::submission::{Sources, SubmissionPart, sources_of};
use crate::gateway::page::views::submission_rows::Listed;
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
    /// Whether its program can be changed and handed in again.
    may_change: bool,
    has_sites: bool,
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
    pub(in crate::gateway::page) fn of(
        id: Uuid,
        visitor: &Visitor,
        part: &SubmissionPart,
        is_repeatable: bool,
    ) -> Self {
        let may_submit = visitor.site.may(Scope::Submit);
        Self {
            id,
            csrf: visitor.csrf.clone(),
            may_cancel: may_submit && part.is_live,
            may_rejudge: may_submit && !part.is_live && is_repeatable,
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
    let mut stored = seen(&api, &visitor.site, id).await?;
    let program = stored.program.take().unwrap_or_default();
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
        listed: Listed::of(&stored.row, &Asked::default()),
        buttons: Buttons::of(id, &visitor, &part, stored.is_repeatable),
        stream_url,
        part,
        may_change: may_try(&visitor.site) && Draft::of(&stored.row, &program).is_some(),
        sources: sources_of(program),
        has_sites: sees_sites(&api, &visitor.site),
    }))
}

/// Whether the site may hand in something on the page.
fn may_try(site: &Site) -> bool {
    site.may(Scope::Run) || site.may(Scope::Submit)
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
    let admitted = api.admit(site, 1).await?;
    let request = Uuid::now_v7();
    send_again(&api, wanted(&admitted, id, request, Urgency::Now)).await?;
    Ok(Redirect::to(&format!("{}?rejudge={request}", path_of(id))).into_response())
}

/// The page of a submission.
pub(super) fn path_of(id: Uuid) -> String {
    format!("/page/submissions/{id}")
}
