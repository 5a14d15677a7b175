//! A refusal in the form of a dialect.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use crate::contract::ErrorDocument;
use crate::gateway::refusal::RefusalDocument;

/// How a dialect writes a refusal: the status and the body.
pub(super) type Words = fn(&ErrorDocument) -> (StatusCode, Value);

/// The response; a refusal is translated. Its headers stay, such as `Retry-After`.
pub(super) fn translate(mut response: Response, words: Words) -> Response {
    let Some(RefusalDocument(document)) = response.extensions_mut().remove::<RefusalDocument>() else {
        return response;
    };
    let (status, body) = words(&document);
    let mut translated = (status, Json(body)).into_response();
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            translated.headers_mut().insert(name, value.clone());
        }
    }
    translated
}

/// The status of our own routes.
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
