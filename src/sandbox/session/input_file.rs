//! A file that goes into a box: in pieces that this worker reads, by a descriptor, from which the runner copies, or lent from
//! memory of this worker.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::num::NonZeroU64;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use rustix::fs::{Advice, fadvise};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::sandbox::InputCache;
use crate::sandbox::inputs::InputLoan;
use crate::sandbox::session::Piece;

/// How much is read from a file at once, in bytes.
const READ: usize = 256 << 10;

/// How much the kernel is advised to read ahead at once, in bytes: what it reads ahead of most disks.
const READ_AHEAD: u64 = 128 << 10;

/// Pieces of a file that were read and wait for who takes them. Meanwhile the next one is read.
const AHEAD: usize = 1;

/// A file of this size is worth a descriptor, and an answer of the runner: below it, pieces are there sooner.
const LARGE: u64 = 1 << 20;

/// A file. A thread reads the next piece of it while the last one is on its way.
#[derive(Debug)]
pub struct InputFile {
    path: PathBuf,
    /// Of the whole file, when it was opened.
    bytes: u64,
    /// Only such a file is known to have as many bytes as the system says.
    is_regular: bool,
    /// Nothing was read from it.
    opened: Option<File>,
    /// Its content, for the program to read without a copy.
    loan: Option<InputLoan>,
    /// `None` until the first is asked for.
    pieces: Option<mpsc::Receiver<io::Result<Bytes>>>,
}

impl InputFile {
    pub(super) async fn open(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        blocking(move || {
            let opened = File::open(&path)?;
            let found = opened.metadata()?;
            Ok(Self {
                path,
                bytes: found.len(),
                is_regular: found.is_file(),
                opened: Some(opened),
                loan: None,
                pieces: None,
            })
        })
        .await
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    fn is_large(&self) -> bool {
        self.is_regular && self.bytes >= LARGE
    }

    /// Borrows the content, where the file is large; whether that can be had.
    pub(super) async fn borrow_from(&mut self, inputs: &InputCache) -> bool {
        if let Some(file) = self.opened.as_ref().filter(|_file| self.is_large()) {
            self.loan = inputs.lend(&self.path, file).await;
        }
        self.loan.is_some()
    }

    /// What was borrowed.
    pub(super) fn take_loan(&mut self) -> Option<InputLoan> {
        self.loan.take()
    }

    /// The open file, unless it is small, or may be another kind of file. Who is given it can move its place, so that pieces
    /// are read from one that is opened anew.
    pub(super) async fn take_if_large(&mut self) -> Option<(OwnedFd, u64)> {
        if !self.is_large() {
            return None;
        }
        let file = self.opened.take()?;
        let bytes = self.bytes;
        // What is not in memory is read on account of this worker, and not of the box. The kernel cuts each advice to what it
        // reads ahead of a disk at once.
        let ahead = move || {
            for step in 0..bytes.div_ceil(READ_AHEAD) {
                let _not_ahead = fadvise(&file, step * READ_AHEAD, NonZeroU64::new(READ_AHEAD), Advice::WillNeed);
            }
            Ok(OwnedFd::from(file))
        };
        let file = blocking(ahead).await.ok()?;
        Some((file, self.bytes))
    }

    /// The next piece; `None` at the end. No bytes are lost when the future is dropped.
    pub(super) async fn next(&mut self) -> io::Result<Option<Piece>> {
        let pieces = match &mut self.pieces {
            Some(pieces) => pieces,
            None => {
                let (sender, pieces) = mpsc::channel(AHEAD);
                let (opened, path) = (self.opened.take(), self.path.clone());
                let bytes = self.is_regular.then_some(self.bytes);
                spawn_blocking(move || match opened.map_or_else(|| File::open(path), Ok) {
                    Ok(file) => read_ahead(file, bytes, &sender),
                    // An error that is not taken is not asked for.
                    Err(error) => drop(sender.blocking_send(Err(error))),
                });
                self.pieces.insert(pieces)
            }
        };
        pieces.recv().await.transpose()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Reads a file to its end, or until its reader hangs up. One that is to have so many bytes and has not is an error: what
/// was told of it before is wrong.
fn read_ahead(mut file: File, bytes: Option<u64>, pieces: &mpsc::Sender<io::Result<Bytes>>) {
    // One is read into, one is on its way, and the rest wait: memory that was used is used again.
    let mut buffers = VecDeque::from_iter((0..AHEAD + 2).map(|_| BytesMut::new()));
    let mut read = 0;
    while let Some(mut buffer) = buffers.pop_front() {
        let piece = read_piece(&mut file, &mut buffer);
        let size = piece.as_ref().map_or(0, Bytes::len) as u64;
        read += size;
        let piece = match (piece, bytes) {
            (Ok(_), Some(bytes)) if read > bytes || (size == 0 && read < bytes) => Err(changed(read, bytes)),
            (Ok(_), _) if size == 0 => return,
            (piece, _) => piece,
        };
        let has_failed = piece.is_err();
        if pieces.blocking_send(piece).is_err() || has_failed {
            return;
        }
        buffers.push_back(buffer);
    }
}

fn changed(read: u64, bytes: u64) -> io::Error {
    let message = format!("it had {bytes} bytes and changed meanwhile: {read} were read");
    io::Error::new(ErrorKind::InvalidData, message)
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
