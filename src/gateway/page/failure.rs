//! A page that cannot be shown: why, and what to do.

use askama::Template;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::gateway::EngineError;
use crate::gateway::page::streams::end::without_session;
use crate::gateway::refusal::{Refusal, plain_text_of};

/// Why a page is not shown.
#[derive(Debug)]
pub(super) enum PageFailure {
    /// The visitor has to log in, and comes back to this path.
    LogIn(String),
    /// A part of a page needs a session that has ended; the whole is to be loaded.
    LogInForPart,
    /// A stream at this path needs a session that has ended; the page it belongs to shows that.
    LogInForStream(String),
    /// A page that says why it cannot be shown.
    Failed(Failure),
}

/// What is told of a page that cannot be shown.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    status: StatusCode,
    detail: String,
    /// When to try again, in seconds, where that is known.
    retry_after_s: Option<u64>,
    /// Another token would help.
    is_forbidden: bool,
}

/// It stands in a page of its own, or where the part of a page would stand that a script has asked for.
#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    title: &'a str,
    failure: &'a Failure,
    version: &'static str,
}

#[derive(Template)]
#[template(path = "failure_part.html")]
struct FailurePart<'a> {
    title: &'a str,
    failure: &'a Failure,
}

impl PageFailure {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Failed(Failure {
            status,
            detail: detail.into(),
            retry_after_s: None,
            is_forbidden: false,
        })
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }
}

impl From<Refusal> for PageFailure {
    fn from(refusal: Refusal) -> Self {
        let document = refusal.as_document();
        let status = StatusCode::from_u16(document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let detail = match &document.field {
            Some(field) => format!("{field}: {}", document.detail),
            None => document.detail.clone(),
        };
        Self::Failed(Failure {
            status,
            detail,
            retry_after_s: refusal.retry_after_s(),
            is_forbidden: document.code == "forbidden",
        })
    }
}

impl From<EngineError> for PageFailure {
    fn from(error: EngineError) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for PageFailure {
    fn into_response(self) -> Response {
        match self {
            Self::LogIn(next) => {
                let query: String = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("next", &next)
                    .finish();
                Redirect::to(&format!("/page/login?{query}")).into_response()
            }
            Self::LogInForPart => (
                StatusCode::UNAUTHORIZED,
                [("hx-redirect", "/page/login")],
                "log in again\n",
            )
                .into_response(),
            Self::LogInForStream(path) => without_session(&path),
            Self::Failed(failure) => {
                let page = FailurePage {
                    title: failure.title(),
                    failure: &failure,
                    version: env!("CARGO_PKG_VERSION"),
                };
                failure.respond(rendered(&page))
            }
        }
    }
}

impl Failure {
    fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }

    fn respond(&self, shown: Response) -> Response {
        let mut response = (self.status, shown).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// The same failure in the place of the part that a script has asked for.
pub(super) fn failure_as_part(response: Response) -> Response {
    match response.extensions().get::<Failure>() {
        Some(failure) => failure.respond(rendered(&FailurePart {
            title: failure.title(),
            failure,
        })),
        None => response,
    }
}

/// Answers an address or a method that cannot be used with a page.
pub(super) async fn failures_as_pages(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let has_own_answer = kind.is_some_and(|kind| !kind.starts_with("text/plain"));
    match status {
        StatusCode::BAD_REQUEST if !has_own_answer => {
            let detail = format!("the address cannot be read: {}", plain_text_of(response).await);
            PageFailure::new(status, detail).into_response()
        }
        StatusCode::METHOD_NOT_ALLOWED if !has_own_answer => {
            PageFailure::new(status, "this address is not used in this way").into_response()
        }
        _ => response,
    }
}

/// A template as a response. One that cannot be written is a fault of ours.
pub(super) fn rendered(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be written");
            let message = "this page cannot be written; the log of the service says why\n";
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                [(CONTENT_TYPE, "text/plain")],
                message,
            )
                .into_response()
        }
    }
}
