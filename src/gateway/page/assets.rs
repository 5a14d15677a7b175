//! What pages are drawn with, and what holds for all of them: nothing comes from another host, and no script or style stands in
//! a page itself.

use axum::extract::{Path, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::gateway::page::failure::{PageFailure, failure_as_part};

/// The files. docs/dependencies.md says where the two of htmx are from.
const FILES: [(&str, &str, &str); 4] = [
    ("style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
    (
        "htmx.js",
        "text/javascript; charset=utf-8",
        include_str!("assets/htmx.js"),
    ),
    (
        "htmx-sse.js",
        "text/javascript; charset=utf-8",
        include_str!("assets/htmx-sse.js"),
    ),
];

/// For a browser that asks for the file of one version: another version has another address.
const KEPT: HeaderValue = HeaderValue::from_static("private, max-age=86400, immutable");

/// What a browser may do with a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /page/assets/NAME`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, _kind, _text)| *file == name) {
        Some((_name, kind, text)) => {
            let kind = HeaderValue::from_static(kind);
            (StatusCode::OK, [(CONTENT_TYPE, kind), (CACHE_CONTROL, KEPT)], *text).into_response()
        }
        None => PageFailure::not_found("there is no such file").into_response(),
    }
}

/// Headers of every answer below `/page`, and the form of those that a script has asked for.
pub(super) async fn guarded(request: Request, next: Next) -> Response {
    let is_part = request.headers().contains_key("hx-request");
    let mut response = next.run(request).await;
    if is_part {
        response = failure_as_part(response);
    }
    let headers = response.headers_mut();
    let set = [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", POLICY),
        // Forms send the page that they were filled in on; other hosts get no referrer.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in set {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
