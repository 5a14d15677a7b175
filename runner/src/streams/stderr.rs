//! Standard error: its start and its end are kept, the middle is counted.

use std::collections::VecDeque;

/// Keeps the first and the last half of a stream.
pub(crate) struct HeadAndTail {
    half: usize,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    bytes: u64,
}

impl HeadAndTail {
    /// Keeps at most `keep` bytes.
    pub(crate) fn new(keep: usize) -> Self {
        Self {
            half: keep / 2,
            head: Vec::new(),
            tail: VecDeque::new(),
            bytes: 0,
        }
    }

    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.bytes += piece.len() as u64;
        let (to_head, rest) = piece.split_at(piece.len().min(self.half - self.head.len()));
        self.head.extend_from_slice(to_head);
        let rest = &rest[rest.len().saturating_sub(self.half)..];
        let surplus = (self.tail.len() + rest.len()).saturating_sub(self.half);
        self.tail.drain(..surplus);
        self.tail.extend(rest);
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<u8>) {
        (self.head, self.tail.into())
    }
}
