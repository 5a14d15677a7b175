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
    /// A page that says why it cannot be shown, and after how many seconds to try again where that is known.
    Failed(StatusCode, String, Option<u64>),
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    title: &'a str,
    detail: &'a str,
    version: &'static str,
}

impl PageFailure {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Failed(status, detail.into(), None)
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
        Self::Failed(status, detail, refusal.retry_after_s())
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
            Self::Failed(status, detail, retry_after_s) => {
                let title = status.canonical_reason().unwrap_or("Error");
                let version = env!("CARGO_PKG_VERSION");
                let page = FailurePage {
                    title,
                    detail: &detail,
                    version,
                };
                let mut response = (status, rendered(&page)).into_response();
                if let Some(seconds) = retry_after_s {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                }
                response
            }
        }
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
