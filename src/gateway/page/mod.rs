//! Pages for people, below `/page`: a board, submissions, problems, findings, dead letters, a playground.
//!
//! ```text
//! a request -> visitor (session or this host) -> engine, catalog, records -> a view -> a template, escaped
//! a form    -> likewise, and only if it was filled in on this page -> 303 to a page
//! ```
//!
//! Pages are whole without scripts. Where scripts run, htmx swaps in the same parts as they change; they come as server-sent
//! events, written by the same templates.

mod assets;
mod failure;
mod handlers;
mod memory;
pub(super) mod records;
mod streams;
mod views;
mod visitor;

use std::sync::Arc;

use axum::middleware::{from_fn, map_response};
use axum::response::Redirect;
use axum::routing::{any, get, post};
use axum::{Extension, Router};

use crate::config::ServeSettings;
use crate::gateway::api::Api;
use failure::PageFailure;
use handlers::{
    board, dead_letters, findings, playground, problems, session, submission, submission_live, submissions,
};
use memory::PageMemory;

/// The pages, unless they are switched off.
pub(super) fn routes(serve: &ServeSettings) -> Router<Api> {
    if !serve.page {
        return Router::new();
    }
    Router::new()
        .route("/", get(async || Redirect::to("/page/board")))
        .route("/page", get(async || Redirect::to("/page/board")))
        .route("/page/", get(async || Redirect::to("/page/board")))
        .route("/page/login", get(session::form).post(session::log_in))
        .route("/page/logout", post(session::log_out))
        .route("/page/assets/{name}", get(assets::asset))
        .route("/page/board", get(board::board))
        .route("/page/board/live", get(board::live))
        .route("/page/submissions", get(submissions::list))
        .route("/page/submissions/{id}", get(submission::look))
        .route("/page/submissions/{id}/live", get(submission_live::live))
        .route("/page/submissions/{id}/cancel", post(submission::cancel))
        .route("/page/submissions/{id}/rejudge", post(submission::rejudge))
        .route("/page/problems", get(problems::list))
        .route("/page/problems/{id}", get(problems::look))
        .route("/page/findings", get(findings::list))
        .route("/page/dead", get(dead_letters::dead).post(dead_letters::settle_dead))
        .route(
            "/page/rejected",
            get(dead_letters::rejected).post(dead_letters::settle_rejected),
        )
        .route("/page/playground", get(playground::form).post(playground::hand_in))
        .route(
            "/page/{*rest}",
            any(async || PageFailure::not_found("there is no such page")),
        )
        .layer(map_response(failure::failures_as_pages))
        .layer(from_fn(assets::guarded))
        .layer(Extension(Arc::new(PageMemory::new())))
}
