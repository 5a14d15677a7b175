//! Clients of other services: their requests become submissions of this one, and its answers become theirs.
//!
//! ```text
//! a request -> credentials (their token becomes ours) -> the dialect's handler -> hand_in -> the engine
//! the answer <- refused (our refusals in their form)  <- the dialect's answer <---------------'
//! ```
//!
//! Only the edge is different: tokens, quotas and caps are those of `/v1`. What is no answer about the program, because
//! the service is busy or the judge failed, is never sent as one.

mod base64_text;
mod credentials;
mod first_of;
mod hand_in;
mod judge0;
mod lenient;
mod piston;
mod refused;
mod sandbox_fusion;
mod shown;
mod signals;
mod versions;

use axum::Router;
use axum::middleware::{map_request, map_response};
use serde_json::Value;

use crate::config::Dialect;
use crate::gateway::Entry;
use crate::gateway::api::Api;

/// A submission that has ended, as Judge0 sends it.
pub(super) fn judge0_callback(entry: &Entry) -> Value {
    judge0::callback(entry)
}

/// The routes of the dialects that are switched on.
pub(super) fn routes(dialects: &[Dialect]) -> Router<Api> {
    let mut routes = Router::new();
    for dialect in [Dialect::Judge0, Dialect::Piston, Dialect::SandboxFusion] {
        if dialects.contains(&dialect) {
            routes = routes.merge(routes_of(dialect));
        }
    }
    routes
}

fn routes_of(dialect: Dialect) -> Router<Api> {
    let (routes, words): (_, refused::Words) = match dialect {
        Dialect::Judge0 => (judge0::routes(), judge0::in_its_words),
        Dialect::Piston => (piston::routes(), piston::in_its_words),
        Dialect::SandboxFusion => (sandbox_fusion::routes(), sandbox_fusion::in_its_words),
    };
    let translated = move |response| async move { refused::translate(response, words) };
    routes
        .layer(map_response(translated))
        .layer(map_request(credentials::translate))
}
