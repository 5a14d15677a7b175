//! Messages that were given up: read, sent again, thrown away.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::records::{DeadLetterAction, DeadLetterLine};
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::visible::Output;
use crate::gateway::page::visitor::{Posted, Visitor};
use crate::gateway::sites::token_file::Scope;

#[derive(Template)]
#[template(path = "dead_letters.html")]
struct DeadLettersPage {
    shell: Shell,
    letters: Vec<Letter>,
    /// How many there are in all.
    count: usize,
}

#[derive(Debug)]
struct Letter {
    line: DeadLetterLine,
    body: Output,
}

/// `GET /page/dead`.
pub(in crate::gateway::page) async fn list(State(api): State<Api>, visitor: Visitor) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Admin)?;
    let (letters, count) = api.records.dead_letters().await?;
    let letters = letters.into_iter().map(|line| Letter {
        body: Output::of(&line.body, line.bytes as u64),
        line,
    });
    Ok(rendered(&DeadLettersPage {
        shell: Shell::new(&api, &visitor, "/page/dead", "Dead letters"),
        letters: letters.collect(),
        count,
    }))
}

/// `POST /page/dead`.
pub(in crate::gateway::page) async fn settle(State(api): State<Api>, posted: Posted) -> Result<Response, PageFailure> {
    posted.visitor.site.require(Scope::Admin)?;
    let action = match posted.fields.word("action") {
        "requeue" => DeadLetterAction::Requeue,
        "drop" => DeadLetterAction::Drop,
        other => {
            let detail = format!("{other:?} is not done with dead letters; requeue and drop are");
            return Err(PageFailure::new(StatusCode::BAD_REQUEST, detail));
        }
    };
    let id = posted.fields.text("id").to_owned();
    let settled = api.records.settle_dead_letters(vec![id], action).await?;
    if settled == 0 {
        let detail = "there is no such dead letter any more; load the list again";
        return Err(PageFailure::not_found(detail));
    }
    Ok(Redirect::to("/page/dead").into_response())
}
