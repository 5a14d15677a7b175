//! A request that is not served: the status, and a document with the reason (RFC 9457).

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::contract::{ErrorDocument, Rejected, RejectionCode, without_controls};
use crate::gateway::EngineError;

/// The document of a refusal, for a dialect that writes it in another form.
#[derive(Debug, Clone)]
pub(super) struct RefusalDocument(pub(super) ErrorDocument);

/// Why a request is not served.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    document: Box<ErrorDocument>,
    retry_after_s: Option<u64>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            document: Box::new(ErrorDocument {
                title: status.canonical_reason().unwrap_or_default().to_owned(),
                status: status.as_u16(),
                code: code.to_owned(),
                field: None,
                detail: detail.into(),
                id: None,
            }),
            retry_after_s: None,
        }
    }

    /// When it may be tried again.
    pub(super) fn after(self, seconds: u64) -> Self {
        Self {
            retry_after_s: Some(seconds),
            ..self
        }
    }

    /// A site does more than it may at once; it may ask again in so many seconds.
    pub(super) fn too_many(detail: impl Into<String>, seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).after(seconds)
    }

    /// A submission that is not known, or is another site's.
    pub(super) fn no_submission(id: Uuid) -> Self {
        let detail = format!("there is no submission {id}, or its answer is not kept any longer");
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// The field that is at fault.
    pub(super) fn name_field(&mut self, field: Option<String>) {
        self.document.field = field;
    }

    /// The field that it is about.
    pub(super) fn field(&self) -> Option<&str> {
        self.document.field.as_deref()
    }

    /// Whether there is no such thing, for this client.
    pub(super) fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// Whether the same request may be served later.
    pub(super) fn is_for_now(&self) -> bool {
        matches!(
            self.status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        )
    }

    /// There is no room for it now; it may be sent again in a moment.
    pub(super) fn busy(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).after(1)
    }

    /// When it may be tried again, in seconds.
    pub(super) fn retry_after_s(&self) -> Option<u64> {
        self.retry_after_s
    }

    /// The document.
    pub(super) fn as_document(&self) -> &ErrorDocument {
        &self.document
    }

    /// The document, for one of many submissions of a body.
    pub(super) fn into_document(self) -> ErrorDocument {
        *self.document
    }
}

/// Longest text of a response that is rewritten in another form, in bytes.
const LONGEST_TEXT: usize = 2000;

/// The text of a response that was made before any handler: which part of the address cannot be read, and why.
pub(super) async fn plain_text_of(response: Response) -> String {
    let text = to_bytes(response.into_body(), LONGEST_TEXT).await.unwrap_or_default();
    without_controls(String::from_utf8_lossy(&text).into_owned())
}

impl From<Rejected> for Refusal {
    fn from(rejected: Rejected) -> Self {
        let status = match rejected.code {
            RejectionCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RejectionCode::IdConflict => StatusCode::CONFLICT,
            RejectionCode::UnknownLanguage | RejectionCode::UnknownProblem | RejectionCode::UnknownTestSet => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            _ => StatusCode::BAD_REQUEST,
        };
        let mut refusal = Self::new(status, rejected.code.name(), rejected.reason);
        refusal.document.field = rejected.field;
        refusal.document.id = rejected.id;
        refusal
    }
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Rejected(rejected) => rejected.into(),
            busy @ EngineError::Busy { .. } => Self::busy(busy.to_string()),
            EngineError::NotKept(why) => Self::new(StatusCode::GONE, "not_kept", why),
            unreadable @ EngineError::Unreadable(_) => Self::new(StatusCode::GONE, "not_kept", unreadable.to_string()),
            EngineError::Package(why) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "package", why),
            EngineError::Forbidden(why) => Self::new(StatusCode::FORBIDDEN, "forbidden", why),
            EngineError::CannotKeep(why) => Self::new(StatusCode::CONFLICT, "cannot_keep", why),
            away @ (EngineError::BeingSent | EngineError::Unavailable(_)) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", away.to_string()).after(5)
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.document).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert("www-authenticate", HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(RefusalDocument(*self.document));
        response
    }
}
