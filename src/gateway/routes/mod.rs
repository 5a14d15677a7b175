//! The router: what is called for each route of the list, and what holds for all of them.

pub(super) mod list;
mod observed;

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::config::ANY_ORIGIN;
use crate::gateway::api::Api;
use crate::gateway::handlers::{catalog, events, listing, rejudge, runs, submissions, test_sets, upload};
use crate::gateway::refusal::{Refusal, plain_text_of};
use crate::gateway::routes::list::{Operation, ROUTES};
use crate::gateway::routes::observed::{expect_routes, observe};
use crate::gateway::sites::standing::{LIMIT, POLICY, tell};
use crate::gateway::{dialect, page};

/// How long a browser may remember what it asked about an origin.
const CORS_AGE: Duration = Duration::from_secs(600);

/// The router.
pub(super) fn router(api: Api) -> Router {
    expect_routes();
    let mut router = Router::new();
    for route in &ROUTES {
        router = router.route(route.path, handler(route.operation));
    }
    router
        .merge(dialect::routes(&api.serve.spoken()))
        .fallback(async || no_route())
        .method_not_allowed_fallback(async || wrong_method())
        .layer(map_response(refuse_unparsed))
        .layer(map_response(with_security_headers))
        .layer(cors(&api.serve.cors_origins))
        // Its answers are for people, and have headers of their own.
        .merge(page::routes(&api.serve))
        .layer(from_fn(tell))
        .layer(from_fn(observe))
        .with_state(api)
}

fn handler(operation: Operation) -> MethodRouter<Api> {
    match operation {
        Operation::Run => post(runs::run),
        Operation::Submit => post(submissions::submit),
        Operation::Submissions => get(listing::list),
        Operation::Submission => get(submissions::look),
        Operation::Cancel => delete(submissions::cancel),
        Operation::Rejudge => post(rejudge::rejudge),
        Operation::Events => get(events::events),
        Operation::UploadTestSet => post(test_sets::upload_test_set),
        Operation::TestSet => get(test_sets::test_set),
        Operation::RemoveTestSet => delete(test_sets::remove_test_set),
        Operation::Languages => get(catalog::languages),
        Operation::Problems => get(catalog::problems),
        Operation::Problem => get(catalog::problem),
        Operation::PutProblem => put(upload::put_problem),
        Operation::RejudgeProblem => post(rejudge::rejudge_problem),
        Operation::Status => get(catalog::status),
        Operation::Document => get(catalog::document),
        Operation::Health => get(catalog::healthy),
        Operation::Ready => get(catalog::ready),
    }
}

fn no_route() -> Refusal {
    let detail = "there is no such path; /v1/openapi.json lists those that there are";
    Refusal::new(StatusCode::NOT_FOUND, "not_found", detail)
}

fn wrong_method() -> Refusal {
    let detail = "this path is not called with this method; /v1/openapi.json says with which";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail)
}

/// Ids and queries that do not parse are answered in the same form as every other mistake.
async fn refuse_unparsed(response: Response) -> Response {
    let status = response.status();
    let kind = response
        .headers()
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    if status != StatusCode::BAD_REQUEST || kind.is_some_and(|kind| !kind.starts_with("text/plain")) {
        return response;
    }
    let detail = format!(
        "the path or the query cannot be read: {}",
        plain_text_of(response).await
    );
    Refusal::new(status, "schema", detail).into_response()
}

/// No answer is kept by anything between, and none is taken for a page.
async fn with_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let set = [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ];
    for (name, value) in set {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

fn cors(origins: &[String]) -> CorsLayer {
    let allowed = match origins {
        [any] if any == ANY_ORIGIN => AllowOrigin::any(),
        origins => {
            let named = origins.iter().filter(|origin| *origin != ANY_ORIGIN);
            AllowOrigin::list(named.filter_map(|origin| HeaderValue::from_str(origin).ok()))
        }
    };
    let headers = [
        "authorization",
        "content-type",
        "idempotency-key",
        "last-event-id",
        "traceparent",
        "tracestate",
        "x-auth-token",
    ];
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(headers.map(HeaderName::from_static))
        .expose_headers(["location", "retry-after", POLICY, LIMIT].map(HeaderName::from_static))
        .max_age(CORS_AGE)
}
