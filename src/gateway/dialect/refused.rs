//! A refusal in the words of a dialect.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use crate::contract::ErrorDocument;
use crate::gateway::refusal::RefusalDocument;

/// How a dialect says a refusal: the status and the body.
pub(super) type Words = fn(&ErrorDocument) -> (StatusCode, Value);

/// The response, and a refusal in other words. Its headers stay, such as `Retry-After`.
pub(super) fn retell(mut response: Response, words: Words) -> Response {
    let Some(RefusalDocument(document)) = response.extensions_mut().remove::<RefusalDocument>() else {
        return response;
    };
    let (status, body) = words(&document);
    let mut told = (status, Json(body)).into_response();
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

/// The status as we say it.
pub(super) fn status_of(document: &ErrorDocument) -> StatusCode {
    StatusCode::from_u16(document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What is wrong, with the field where one is named.
pub(super) fn sentence(document: &ErrorDocument) -> String {
    match &document.field {
        Some(field) => format!("{field}: {}", document.detail),
        None => document.detail.clone(),
    }
}
