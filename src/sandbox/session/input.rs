//! Where the bytes for a box come from.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::sandbox::InputCache;
use crate::sandbox::inputs::InputLoan;
use crate::sandbox::session::Piece;
use crate::sandbox::session::input_file::InputFile;

/// Where the bytes for a box come from.
#[derive(Debug)]
pub enum Input {
    /// Nothing.
    Empty,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file.
    File(InputFile),
    /// What comes through a channel, until its sender is dropped.
    Channel(mpsc::Receiver<Bytes>),
}

impl Input {
    /// The file at this path.
    ///
    /// # Errors
    /// When it cannot be opened, or the system does not say how large it is.
    pub async fn open(path: &Path) -> io::Result<Self> {
        InputFile::open(path).await.map(Self::File)
    }

    /// How many bytes there are, where that is known ahead.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::Empty => Some(0),
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File(file) => Some(file.bytes()),
            Self::Channel(_) => None,
        }
    }

    /// Has the bytes lent to the program from memory of this worker, where they are a large file's and there is room; whether
    /// they are. The next run that is given them needs no memory of its box for them, and fails in a box that takes no
    /// descriptors ([`crate::sandbox::BackendFacts::borrows_inputs`]).
    pub async fn borrow_from(&mut self, inputs: &InputCache) -> bool {
        match self {
            Self::File(file) => file.borrow_from(inputs).await,
            _ => false,
        }
    }

    /// What was borrowed.
    pub(super) fn take_loan(&mut self) -> Option<InputLoan> {
        match self {
            Self::File(file) => file.take_loan(),
            _ => None,
        }
    }

    /// A descriptor to read all of it from, where it is a file that is worth one, and how many bytes that has. Pieces can be
    /// had afterwards as before.
    pub(super) async fn take_large_file(&mut self) -> Option<(OwnedFd, u64)> {
        match self {
            Self::File(file) => file.take_if_large().await,
            _ => None,
        }
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
            Self::File(file) => file.next().await,
            Self::Channel(receiver) => Ok(receiver.recv().await),
        }
    }
}
