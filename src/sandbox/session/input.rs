//! Where the bytes for a box come from.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use bytes::{Bytes, BytesMut};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::sandbox::session::Piece;

/// How much is read from a file at once, in bytes.
const READ: usize = 256 << 10;

/// Pieces of a file that were read and wait for who takes them. Meanwhile the next one is read.
const AHEAD: usize = 1;

/// Where the bytes for a box come from.
#[derive(Debug)]
pub enum Input {
    /// Nothing.
    Empty,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file, of which a thread reads the next piece while the last one is on its way.
    File(FilePieces),
    /// What comes through a channel, until its sender is dropped.
    Channel(mpsc::Receiver<Bytes>),
}

/// A file that is being read.
#[derive(Debug)]
pub struct FilePieces {
    /// Of the whole file.
    bytes: u64,
    pieces: mpsc::Receiver<io::Result<Bytes>>,
}

impl Input {
    /// The file at this path.
    ///
    /// # Errors
    /// When it cannot be opened, or the system does not say how large it is.
    pub async fn open(path: &Path) -> io::Result<Self> {
        let file = tokio::fs::File::open(path).await?;
        let bytes = file.metadata().await?.len();
        let file = file.into_std().await;
        let (sender, pieces) = mpsc::channel(AHEAD);
        spawn_blocking(move || read_ahead(file, &sender));
        Ok(Self::File(FilePieces { bytes, pieces }))
    }

    /// How many bytes there are, where that is known ahead.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::Empty => Some(0),
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File(file) => Some(file.bytes),
            Self::Channel(_) => None,
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
            Self::File(file) => file.pieces.recv().await.transpose(),
            Self::Channel(receiver) => Ok(receiver.recv().await),
        }
    }
}

/// Reads a file to its end, or until its reader hangs up.
fn read_ahead(mut file: File, pieces: &mpsc::Sender<io::Result<Bytes>>) {
    // One is read into, one is on its way, and the rest wait: memory that was used is used again.
    let mut buffers = VecDeque::from_iter((0..AHEAD + 2).map(|_| BytesMut::new()));
    while let Some(mut buffer) = buffers.pop_front() {
        let piece = match read_piece(&mut file, &mut buffer) {
            Ok(piece) if piece.is_empty() => return,
            piece => piece,
        };
        let has_failed = piece.is_err();
        if pieces.blocking_send(piece).is_err() || has_failed {
            return;
        }
        buffers.push_back(buffer);
    }
}

fn read_piece(file: &mut File, buffer: &mut BytesMut) -> io::Result<Bytes> {
    buffer.resize(READ, 0);
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => {
                let piece = buffer.split_to(read?).freeze();
                buffer.clear();
                return Ok(piece);
            }
        }
    }
}
