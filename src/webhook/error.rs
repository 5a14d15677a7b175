//! Why callbacks cannot be sent.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

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
