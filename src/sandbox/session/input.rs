//! Where the bytes for a box come from.

use std::io;

use bytes::{Bytes, BytesMut};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;

use crate::sandbox::session::Piece;

/// How much is read from a file at once, in bytes.
const READ: usize = 256 << 10;

/// Where the bytes for a box come from.
#[derive(Debug)]
pub enum Input {
    /// Nothing.
    Empty,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file, from where it stands.
    File(File),
    /// What comes through a channel, until its sender is dropped.
    Channel(mpsc::Receiver<Bytes>),
}

impl Input {
    /// How many bytes there are, where that is known ahead.
    ///
    /// # Errors
    /// When the system does not say how large a file is.
    pub async fn size(&self) -> io::Result<Option<u64>> {
        Ok(match self {
            Self::Empty => Some(0),
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File(file) => Some(file.metadata().await?.len()),
            Self::Channel(_) => None,
        })
    }

    /// The next piece; `None` at the end. No bytes are lost when the future is dropped.
    pub(super) async fn next(&mut self) -> io::Result<Option<Piece>> {
        match self {
            Self::Empty => Ok(None),
            Self::Bytes(bytes) => {
                let piece = std::mem::take(bytes);
                *self = Self::Empty;
                Ok(Some(piece).filter(|piece| !piece.is_empty()))
            }
            Self::File(file) => {
                let mut buffer = BytesMut::with_capacity(READ);
                let read = file.read_buf(&mut buffer).await?;
                Ok((read > 0).then(|| buffer.freeze()))
            }
            Self::Channel(receiver) => Ok(receiver.recv().await),
        }
    }
}
