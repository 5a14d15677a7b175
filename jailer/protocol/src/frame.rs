//! Frames: a length, then JSON.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the door through which messages of jailer and worker pass"
)]

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Request;

/// Bytes of a frame before its body.
pub const FRAME_HEADER: usize = 4;

/// Longest body of a request, in bytes.
pub const MOST_REQUEST_BYTES: usize = 16 << 10;

/// Longest body of an answer, in bytes: facts hold the whole seccomp profile.
pub const MOST_ANSWER_BYTES: usize = 1 << 20;

/// What is told of a body that is no message, in characters: it quotes that, and stands in a log on one line.
const LONGEST_COMPLAINT: usize = 200;

/// A frame that cannot be.
#[derive(Debug)]
pub enum FrameError {
    /// Its header says that it is longer than one may be.
    TooLong {
        /// What the header says, in bytes.
        bytes: usize,
        /// What is allowed.
        most: usize,
    },
    /// Its body is no message.
    Body(serde_json::Error),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bytes, most } => write!(f, "a message of {bytes} bytes, and {most} are allowed"),
            Self::Body(error) => {
                let said: String = error.to_string().chars().take(LONGEST_COMPLAINT).collect();
                write!(f, "no message: {}", said.escape_debug())
            }
        }
    }
}

impl std::error::Error for FrameError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLong { .. } => None,
            Self::Body(error) => Some(error),
        }
    }
}

/// A message as a frame.
///
/// # Errors
/// When it is longer than `most`.
pub fn encode<T: Serialize>(message: &T, most: usize) -> Result<Vec<u8>, FrameError> {
    let body = serde_json::to_vec(message).map_err(FrameError::Body)?;
    let too_long = FrameError::TooLong {
        bytes: body.len(),
        most,
    };
    let Some(length) = u32::try_from(body.len()).ok().filter(|_fits| body.len() <= most) else {
        return Err(too_long);
    };
    let mut frame = Vec::with_capacity(FRAME_HEADER + body.len());
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&body);
    Ok(frame)
}

/// How long the body behind this header is.
///
/// # Errors
/// When it would be longer than `most`.
pub fn frame_length(header: [u8; FRAME_HEADER], most: usize) -> Result<usize, FrameError> {
    let bytes = usize::try_from(u32::from_le_bytes(header)).unwrap_or(usize::MAX);
    if bytes > most {
        return Err(FrameError::TooLong { bytes, most });
    }
    Ok(bytes)
}

/// The message in the body of a frame.
///
/// # Errors
/// When it is none.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, FrameError> {
    serde_json::from_slice(body).map_err(FrameError::Body)
}

/// What workers of the version before tell of a box, and what has no meaning any more.
const OBSOLETE: [&str; 2] = ["slot", "role"];

/// The request in the body of a frame, of a worker of this version or of the one before.
///
/// # Errors
/// When it is none.
pub fn decode_request(body: &[u8]) -> Result<Request, FrameError> {
    let mut request: serde_json::Value = decode(body)?;
    if let Some(start) = request.get_mut("start").and_then(serde_json::Value::as_object_mut) {
        start.retain(|field, _value| !OBSOLETE.contains(&field.as_str()));
    }
    serde_json::from_value(request).map_err(FrameError::Body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_body_holds_the_complaint_about_it_is_one_short_line() {
        for name in ["x\n2026 the jailer forged", "\u{1b}[2J\u{202e}", &"y".repeat(9000)] {
            let body = serde_json::to_vec(&serde_json::json!({ name: 1 })).unwrap_or_default();
            let complaint = decode_request(&body)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            let is_plain = |c: char| !c.is_control() && c != '\u{202e}';
            assert!(
                complaint.starts_with("no message: ") && complaint.chars().all(is_plain),
                "{complaint:?}"
            );
            assert!(complaint.len() < 500, "{complaint}");
        }
    }
}
