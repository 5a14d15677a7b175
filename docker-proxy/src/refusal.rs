//! What is not let through, and how that is said.

use assize_docker_box::REFUSED_BY_PROXY;
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::{Response, StatusCode};
use thiserror::Error;

/// Longest reason, in characters: it quotes what was asked for, which may be a megabyte, and is kept until it is read.
const LONGEST_REASON: usize = 1000;

/// The body of an answer: the proxy's own or the daemon's.
pub(crate) type Answer = Response<Either<Full<Bytes>, Incoming>>;

/// A request that does not reach the daemon, or gets no answer there.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{reason}")]
pub(crate) struct Refusal {
    status: StatusCode,
    reason: String,
}

impl Refusal {
    /// The request asks for what a worker has no business with.
    pub(crate) fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, format!("{REFUSED_BY_PROXY}: {}", reason.into()))
    }

    /// There is no such container, or none that may be seen.
    pub(crate) fn unknown(container: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("No such container: {container}"))
    }

    /// Something else has to end first.
    pub(crate) fn conflict(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, format!("{REFUSED_BY_PROXY}: {}", reason.into()))
    }

    /// The proxy has too much to do; later it may have less.
    pub(crate) fn busy(reason: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, format!("{REFUSED_BY_PROXY}: {reason}"))
    }

    /// The daemon does not do its part.
    pub(crate) fn unreachable(reason: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_GATEWAY,
            format!("assize-docker-proxy cannot reach the Docker daemon: {reason}"),
        )
    }

    fn new(status: StatusCode, reason: String) -> Self {
        let mut shown = String::new();
        for (place, character) in reason.chars().enumerate() {
            if place == LONGEST_REASON {
                shown.push_str("...");
                break;
            }
            push_plain(&mut shown, character);
        }
        Self { status, reason: shown }
    }

    /// In the daemon's form, so that clients show the reason.
    pub(crate) fn answer(&self) -> Answer {
        let body = serde_json::json!({ "message": self.reason }).to_string();
        let mut response = Response::new(Either::Left(Full::from(body)));
        *response.status_mut() = self.status;
        let json = hyper::header::HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }
}

/// What is quoted stands in a log too, on one line, and steers no terminal.
fn push_plain(text: &mut String, character: char) {
    match character {
        '"' | '\'' | '\\' => text.push(character),
        other => text.extend(other.escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_however_long_what_it_quotes_is() {
        let refusal = Refusal::forbidden(format!("{:?}", "\u{7f}".repeat(1 << 20)));
        assert!(refusal.to_string().len() < 2 * LONGEST_REASON);
        let refusal = Refusal::forbidden("\n".repeat(1 << 20));
        assert!(refusal.to_string().len() < 4 * LONGEST_REASON);
        assert!(
            Refusal::forbidden("é".repeat(LONGEST_REASON))
                .to_string()
                .ends_with("...")
        );
    }

    #[test]
    fn a_reason_is_one_line_that_a_terminal_does_not_obey_and_quotes_what_can_be_read() {
        for (quoted, shown) in [
            ("key\n2026 WARN forged", "key\\n2026 WARN forged"),
            ("\u{1b}[2J\u{202e}\u{9b}", "\\u{1b}[2J\\u{202e}\\u{9b}"),
            ("the image \"naïve\" of 'C:\\'", "the image \"naïve\" of 'C:\\'"),
        ] {
            let reason = Refusal::forbidden(quoted).to_string();
            assert_eq!(reason.rsplit(": ").next(), Some(shown), "{reason:?}");
        }
    }
}
