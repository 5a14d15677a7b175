//! Piston: one request, which is answered when the program has ended.

mod answer;
mod execute;
mod request;
mod runtimes;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::contract::ErrorDocument;
use crate::gateway::api::Api;
use crate::gateway::dialect::refused::{sentence, status_of};

pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/api/v2/runtimes", get(runtimes::list))
        .route("/api/v2/execute", post(execute::execute))
}

/// Every mistake of a request is a `message` with status 400.
pub(super) fn in_its_words(document: &ErrorDocument) -> (StatusCode, Value) {
    let status = match status_of(document) {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        status => status,
    };
    (status, json!({ "message": sentence(document) }))
}
