//! Why callbacks cannot be sent.

use std::io;
use std::path::PathBuf;

use reqwest::StatusCode;
use thiserror::Error;

use crate::causes::causes;
use crate::webhook::resolver::NotAllowed;

/// Longest address, in bytes.
pub(super) const LONGEST_URL: usize = 2000;

/// Callbacks cannot be sent.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// The key cannot be read.
    #[error("cannot read serve.callback_key_file = {}: {source}", path.display())]
    KeyFile {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key is too short.
    #[error(
        "serve.callback_key_file = {} must have at least {least} bytes; \
         head -c 32 /dev/urandom | base64 makes a key",
        path.display()
    )]
    ShortKey {
        /// Its path.
        path: PathBuf,
        /// How long it has to be.
        least: usize,
    },
    /// The HTTP client cannot be made.
    #[error("callbacks cannot be sent: {0}")]
    Client(#[source] reqwest::Error),
}

/// An address that nothing is sent to.
#[derive(Debug, Error)]
pub enum AddressError {
    /// It is too long.
    #[error("has more than {LONGEST_URL} bytes")]
    TooLong,
    /// It is something else.
    #[error("is no URL: {0}")]
    NoUrl(#[from] url::ParseError),
    /// It is that of another protocol.
    #[error("begins with neither https:// nor http://")]
    Scheme,
    /// It is one with which a password would be sent.
    #[error("holds a user or a password; callbacks are signed instead")]
    Credentials,
    /// It leads nowhere.
    #[error("names no host")]
    NoHost,
    /// It leads to where nothing may be sent.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
}

/// A callback that was not taken.
#[derive(Debug, Error)]
pub enum SendError {
    /// Its address cannot be used, or not any longer.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// What listens there wants it later, or never.
    #[error("it was answered with {0}")]
    Answered(StatusCode),
    /// There was no answer. The address, which can hold a secret of the client, is not in it.
    #[error("it cannot be sent{}", causes(.0))]
    Request(#[source] reqwest::Error),
}
