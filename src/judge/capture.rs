//! What is kept of a program that is only run, and how much.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is kept of the runs of a submission.
#[derive(Debug, Clone)]
pub(in crate::judge) struct Capture {
    /// Standard error of a run, in bytes.
    pub(in crate::judge) stderr_keep: u32,
    /// Files to fetch, with how much of each is wanted at most, in bytes.
    pub(in crate::judge) fetch: Vec<(String, u64)>,
    /// Room for outputs and files of all runs.
    pub(in crate::judge) room: Arc<Room>,
}

/// Bytes that may still be kept, whichever run keeps them.
#[derive(Debug)]
pub(in crate::judge) struct Room(AtomicUsize);

/// Bytes that take up room as long as they are held.
#[derive(Debug, Default)]
pub(in crate::judge) struct Kept {
    bytes: Vec<u8>,
    room: Option<Arc<Room>>,
}

/// What was kept of a run.
#[derive(Debug, Default)]
pub(in crate::judge) struct Captured {
    pub(in crate::judge) stdout: Kept,
    pub(in crate::judge) files: Vec<CapturedFile>,
}

/// What was found at a path.
#[derive(Debug)]
pub(in crate::judge) struct CapturedFile {
    pub(in crate::judge) path: String,
    pub(in crate::judge) content: Option<Kept>,
    /// The file goes on behind what was kept.
    pub(in crate::judge) truncated: bool,
}

impl Room {
    pub(in crate::judge) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self(AtomicUsize::new(bytes)))
    }

    /// How many there are.
    pub(in crate::judge) fn left(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes as much of `wanted` as there is.
    fn take(&self, wanted: usize) -> usize {
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            Some(left - wanted.min(left))
        });
        before.map_or(0, |left| wanted.min(left))
    }
}

impl Kept {
    pub(in crate::judge) fn new(room: &Arc<Room>) -> Self {
        Self {
            bytes: Vec::new(),
            room: Some(Arc::clone(room)),
        }
    }

    /// Keeps what there is room for.
    pub(in crate::judge) fn push(&mut self, piece: &[u8]) {
        let granted = self.room.as_ref().map_or(0, |room| room.take(piece.len()));
        self.bytes.extend_from_slice(&piece[..granted]);
    }

    /// Bytes that are held.
    pub(in crate::judge) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes, which are out of the reckoning from now on.
    pub(in crate::judge) fn take(&mut self) -> Vec<u8> {
        self.room = None;
        std::mem::take(&mut self.bytes)
    }
}

impl Drop for Kept {
    /// A run that is repeated gives its room to the next.
    fn drop(&mut self) {
        if let Some(room) = &self.room {
            room.0.fetch_add(self.bytes.len(), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_share_their_room_and_one_that_is_repeated_gives_it_back() {
        let room = Room::new(10);
        let mut first = Kept::new(&room);
        first.push(b"1234567");
        let mut second = Kept::new(&room);
        second.push(b"abcdef");
        assert_eq!(second.bytes, b"abc");
        drop(first);
        second.push(b"defgh");
        assert_eq!(second.take(), b"abcdefgh");
        assert_eq!(room.take(100), 2, "what is taken out stays counted");
    }
}
