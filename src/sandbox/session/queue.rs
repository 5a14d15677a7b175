//! Pieces that wait for who takes them, within a window.

use std::collections::VecDeque;

use assize_protocol::WINDOW;
use bytes::{Buf as _, Bytes};

/// Pieces that wait at most: each takes up more than its bytes.
const MOST_PIECES: usize = 4096;

/// Pieces in their order, none of them empty.
#[derive(Default)]
pub(super) struct Queue {
    pieces: VecDeque<Bytes>,
    bytes: usize,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether more should be had: there is less than a window.
    pub(super) fn has_room(&self) -> bool {
        self.bytes < WINDOW as usize && self.pieces.len() < MOST_PIECES
    }

    pub(super) fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.bytes += piece.len();
            self.pieces.push_back(piece);
        }
    }

    pub(super) fn front(&self) -> Option<&Bytes> {
        self.pieces.front()
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let piece = self.pieces.pop_front()?;
        self.bytes -= piece.len();
        Some(piece)
    }

    /// So much of the first piece was taken.
    pub(super) fn advance(&mut self, bytes: usize) {
        if let Some(piece) = self.pieces.front_mut() {
            piece.advance(bytes);
            self.bytes -= bytes;
            if piece.is_empty() {
                self.pieces.pop_front();
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.bytes = 0;
    }
}
