//! Messages that were given up, and those that were rejected: read, sent again, thrown away.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::records::{Kept, KeptAction, KeptLine};
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::visible::Output;
use crate::gateway::page::visitor::{Posted, Visitor};
use crate::gateway::sites::token_file::Scope;

/// Where the navigation leads to, and where dead letters are shown.
const DEAD: &str = "/page/dead";

/// Where rejected messages are shown.
const REJECTED: &str = "/page/rejected";

#[derive(Template)]
#[template(path = "dead_letters.html")]
struct KeptPage {
    shell: Shell,
    /// Where it is, and its forms lead to.
    path: &'static str,
    are_rejected: bool,
    letters: Vec<Letter>,
    /// How many there are in all.
    count: usize,
}

#[derive(Debug)]
struct Letter {
    line: KeptLine,
    body: Output,
}

/// `GET /page/dead`.
pub(in crate::gateway::page) async fn dead(State(api): State<Api>, visitor: Visitor) -> Result<Response, PageFailure> {
    list(&api, &visitor, Kept::Dead).await
}

/// `GET /page/rejected`.
pub(in crate::gateway::page) async fn rejected(
    State(api): State<Api>,
    visitor: Visitor,
) -> Result<Response, PageFailure> {
    list(&api, &visitor, Kept::Rejected).await
}

/// `POST /page/dead`.
pub(in crate::gateway::page) async fn settle_dead(
    State(api): State<Api>,
    posted: Posted,
) -> Result<Response, PageFailure> {
    settle(&api, &posted, Kept::Dead).await
}

/// `POST /page/rejected`.
pub(in crate::gateway::page) async fn settle_rejected(
    State(api): State<Api>,
    posted: Posted,
) -> Result<Response, PageFailure> {
    settle(&api, &posted, Kept::Rejected).await
}

/// The address and the heading of their page.
fn page_of(kept: Kept) -> (&'static str, &'static str) {
    match kept {
        Kept::Dead => (DEAD, "Dead letters"),
        Kept::Rejected => (REJECTED, "Rejected messages"),
    }
}

async fn list(api: &Api, visitor: &Visitor, kept: Kept) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Admin)?;
    let (path, title) = page_of(kept);
    let (letters, count) = api.records.kept(kept).await?;
    let letters = letters.into_iter().map(|line| Letter {
        body: Output::of(&line.body, line.bytes as u64),
        line,
    });
    Ok(rendered(&KeptPage {
        shell: Shell::new(api, visitor, DEAD, title),
        path,
        are_rejected: kept == Kept::Rejected,
        letters: letters.collect(),
        count,
    }))
}

async fn settle(api: &Api, posted: &Posted, kept: Kept) -> Result<Response, PageFailure> {
    posted.visitor.site.require(Scope::Admin)?;
    let action = match posted.fields.word("action") {
        "requeue" => KeptAction::Requeue,
        "drop" => KeptAction::Drop,
        other => {
            let detail = format!("{other:?} is not done with messages that are kept; requeue and drop are");
            return Err(PageFailure::new(StatusCode::BAD_REQUEST, detail));
        }
    };
    let id = posted.fields.text("id").to_owned();
    let settled = api.records.settle(kept, vec![id], action).await?;
    if settled == 0 {
        let detail = "there is no such message any more; load the list again";
        return Err(PageFailure::not_found(detail));
    }
    Ok(Redirect::to(page_of(kept).0).into_response())
}
