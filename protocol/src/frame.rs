//! The outer layer of the protocol: length, kind, cap. Knows nothing of what a body means.

use thiserror::Error;

/// Bytes in front of every body: a little-endian `u32` length of the body, and the kind.
pub const HEADER: usize = 5;

/// Largest body that is accepted, in bytes.
pub const MAX_BODY: usize = 256 << 10;

/// What stands in front of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Which message the body holds.
    pub kind: u8,
    /// Length of the body in bytes, at most [`MAX_BODY`].
    pub body: usize,
}

/// A frame that must not be read any further.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FrameError {
    /// The announced length is above the cap.
    #[error("a frame of kind {kind:#04x} announces {announced} bytes, at most {MAX_BODY} are allowed")]
    TooLong {
        /// Kind byte of the frame.
        kind: u8,
        /// The length it announces.
        announced: usize,
    },
    /// The body could not be serialised.
    #[error("a frame of kind {kind:#04x} cannot be written: {source}")]
    Unserialisable {
        /// Kind byte of the frame.
        kind: u8,
        /// What postcard says.
        source: postcard::Error,
    },
}

/// Reads the header at the start of `bytes`; `None` while there are fewer than [`HEADER`] bytes.
///
/// # Errors
/// When the announced body is larger than [`MAX_BODY`].
pub fn read_header(bytes: &[u8]) -> Result<Option<Header>, FrameError> {
    let Some((&[a, b, c, d, kind], _)) = bytes.split_first_chunk::<HEADER>() else {
        return Ok(None);
    };
    let announced = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if announced > MAX_BODY {
        return Err(FrameError::TooLong { kind, announced });
    }
    Ok(Some(Header { kind, body: announced }))
}

/// What stands before a body.
pub(crate) fn header(kind: u8, body: usize) -> [u8; HEADER] {
    let [a, b, c, d] = u32::try_from(body).unwrap_or(u32::MAX).to_le_bytes();
    [a, b, c, d, kind]
}

/// Appends a frame whose body `write` appends. A body above the cap leaves `out` as it was.
pub(crate) fn append(out: &mut Vec<u8>, kind: u8, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), FrameError> {
    let start = out.len();
    out.extend_from_slice(&[0, 0, 0, 0, kind]);
    write(out);
    let announced = out.len() - start - HEADER;
    match u32::try_from(announced) {
        Ok(length) if announced <= MAX_BODY => {
            out[start..start + 4].copy_from_slice(&length.to_le_bytes());
            Ok(())
        }
        _ => {
            out.truncate(start);
            Err(FrameError::TooLong { kind, announced })
        }
    }
}
