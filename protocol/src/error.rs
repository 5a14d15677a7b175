//! Bytes that are no message.

use thiserror::Error;

use crate::VERSION;

/// A body that is not what its kind says.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// The kind byte is not one of this direction.
    #[error("frame kind {0:#04x} is unknown in this direction")]
    UnknownKind(u8),
    /// The body does not parse.
    #[error("the body of frame kind {kind:#04x} does not parse: {source}")]
    Body {
        /// Kind byte of the frame.
        kind: u8,
        /// What postcard says.
        source: postcard::Error,
    },
    /// The body parses, but bytes are left over.
    #[error("the body of frame kind {kind:#04x} has {extra} bytes too many")]
    Trailing {
        /// Kind byte of the frame.
        kind: u8,
        /// How many.
        extra: usize,
    },
    /// The runner speaks another version of the protocol.
    #[error("the runner in the image speaks protocol {found}, this worker {VERSION}; rebuild the image")]
    Version {
        /// Version of the runner.
        found: u16,
    },
    /// A list or a text is longer than its type allows.
    #[error("{0} is larger than the protocol allows")]
    TooLarge(&'static str),
}
