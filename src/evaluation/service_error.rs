//! Why a judge behind HTTP cannot be used.

use thiserror::Error;

use crate::causes::causes;

/// Bytes of an answer, at most.
pub(super) const LARGEST_ANSWER: usize = 64 << 20;

/// A service that cannot be used.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// The address is none.
    #[error("{url:?} is no address of a service: {source}; it looks like http://127.0.0.1:8751")]
    Address {
        /// What was given.
        url: String,
        /// What is wrong with it.
        source: AddressError,
    },
    /// The token cannot be sent.
    #[error("the token holds characters that no token has; `assize token new` makes one")]
    Token,
    /// No client can be made on this host.
    #[error("no HTTP client can be made: {}{}", .0, causes(.0))]
    Client(#[source] reqwest::Error),
    /// No answer.
    #[error("cannot reach the service at {url}: {source}{}; is it running?", causes(source))]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        source: reqwest::Error,
    },
    /// It refuses.
    #[error("the service at {url} refuses: {reason}")]
    Refused {
        /// Where.
        url: String,
        /// What it says.
        reason: String,
    },
    /// Its answer is none.
    #[error("cannot use the service at {url}: {source}; is it `assize serve`?")]
    Answer {
        /// Where.
        url: String,
        /// What is wrong with its answer.
        source: AnswerError,
    },
}

/// An address that no service can have.
#[derive(Debug, Error)]
pub enum AddressError {
    /// It is no URL.
    #[error(transparent)]
    NoUrl(#[from] url::ParseError),
    /// It is that of another protocol, or names no host.
    #[error("it begins with neither http:// nor https://")]
    Scheme,
}

/// An answer of a service that cannot be used.
#[derive(Debug, Error)]
pub enum AnswerError {
    /// There is none.
    #[error("the service cannot be reached: {}{}", .0, causes(.0))]
    None(#[source] reqwest::Error),
    /// It is no document that a service answers with.
    #[error("an answer of the service cannot be understood: {0}")]
    NoDocument(#[from] serde_json::Error),
    /// It is larger than any answer.
    #[error("an answer of the service has more than {LARGEST_ANSWER} bytes")]
    TooLarge,
    /// It ended before its end.
    #[error("an answer of the service broke off: {}{}", .0, causes(.0))]
    BrokenOff(#[source] reqwest::Error),
}
