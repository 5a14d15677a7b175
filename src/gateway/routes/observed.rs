//! What is counted of every request, and the span that it is.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use crate::gateway::routes::list::{ROUTES, is_probe};
use crate::telemetry::{Span, TRACEPARENT, TRACESTATE, TraceContext, metrics};

/// The route of what has none.
const NO_ROUTE: &str = "other";

/// Every series that the list of routes can have.
pub(super) fn expect_routes() {
    for route in &ROUTES {
        metrics().expect_route(route.path, name_of(&route.method.to_ascii_uppercase()));
    }
}

/// Answers a request within a span, and counts it. What a client sends of itself is neither label nor attribute.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let method = name_of(request.method().as_str());
    let above = trace_of(request.headers());
    // Probes come for ever, and lead nowhere.
    let span = match is_probe(&route) {
        true => Span::of_nothing(),
        false => Span::of_request(format!("{method} {route}"), &above),
    };
    span.note("http.request.method", method);
    span.note("http.route", route.as_str());
    let since = Instant::now();
    let response = span.around(next.run(request)).await;
    let status = response.status();
    span.note("http.response.status_code", u64::from(status.as_u16()));
    if status.is_server_error() {
        span.fail("the service could not answer");
    }
    metrics().request_answered((&route, method), status.as_u16(), since.elapsed().as_secs_f64());
    response
}

/// The trace that a client names. Two names are none, as the specification has it.
fn trace_of(headers: &HeaderMap) -> TraceContext {
    let mut parents = headers.get_all(TRACEPARENT).iter();
    let (parent, another) = (parents.next(), parents.next());
    let parent = parent.filter(|_parent| another.is_none());
    let states: Option<Vec<&str>> = headers
        .get_all(TRACESTATE)
        .iter()
        .map(|state| state.to_str().ok())
        .collect();
    let state = states.map(|states| states.join(","));
    TraceContext::of_headers(parent.and_then(|parent| parent.to_str().ok()), state.as_deref())
}

/// A client can make methods up.
fn name_of(method: &str) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
    let name = known.into_iter().find(|known| *known == method);
    name.unwrap_or(NO_ROUTE)
}
