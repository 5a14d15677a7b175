//! Frames: a length of four bytes, little-endian, then postcard.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Bytes of a frame before its body.
pub const FRAME_HEADER: usize = 4;

/// Longest body, in bytes: an order to start holds filters, of at most 32 KiB each.
pub const MOST_BYTES: usize = 1 << 20;

/// A frame that cannot be.
#[derive(Debug, Error)]
pub enum FrameError {
    /// It is longer than one may be.
    #[error("a message of {0} bytes, and {MOST_BYTES} are allowed")]
    TooLong(usize),
    /// Its body is no message.
    #[error("no message: {0}")]
    Body(#[from] postcard::Error),
}

/// A message as a frame.
///
/// # Errors
/// When it is too long.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, FrameError> {
    let body = postcard::to_stdvec(message)?;
    let length = u32::try_from(body.len()).ok().filter(|_| body.len() <= MOST_BYTES);
    let length = length.ok_or(FrameError::TooLong(body.len()))?;
    let mut frame = length.to_le_bytes().to_vec();
    frame.extend_from_slice(&body);
    Ok(frame)
}

/// How long the body behind this header is.
///
/// # Errors
/// When it would be too long.
pub fn body_length(header: [u8; FRAME_HEADER]) -> Result<usize, FrameError> {
    let bytes = usize::try_from(u32::from_le_bytes(header)).unwrap_or(usize::MAX);
    if bytes > MOST_BYTES {
        return Err(FrameError::TooLong(bytes));
    }
    Ok(bytes)
}

/// The message in the body of a frame.
///
/// # Errors
/// When it is none.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, FrameError> {
    Ok(postcard::from_bytes(body)?)
}
