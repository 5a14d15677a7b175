//! Requests that a browser sends for a page: of this service, or of another one.

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};

use crate::gateway::refusal::Refusal;

/// Whether a browser sends this from a page of this service. Clients that are no browsers send none of the headers, and
/// pass.
pub(in crate::gateway) fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some(site), _, _) => site == "same-origin",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_scheme, there)| there == host),
        (None, Some(_origin), None) => false,
        (None, None, _) => true,
    }
}

/// Where there are no tokens, refuses a request that changes something and that a page of elsewhere has a browser send: it
/// comes from this host, and no one has asked for it. `allowed` are the origins whose pages may ask; any of them may where
/// there are tokens only.
pub(in crate::gateway) fn check_origin(parts: &Parts, allowed: &[String]) -> Result<(), Refusal> {
    if parts.method.is_safe() || is_from_here(&parts.headers) {
        return Ok(());
    }
    let origin = parts.headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    if allowed.iter().any(|named| Some(named.as_str()) == origin) {
        return Ok(());
    }
    let detail =
        "without tokens nothing is changed for a page of another origin; name its origin in serve.cors_origins";
    Err(Refusal::new(StatusCode::FORBIDDEN, "cross_site", detail))
}
