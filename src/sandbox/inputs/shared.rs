//! What a cache of inputs and its loans have in common: which files there are, and how large they are together.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sandbox::inputs::content::ContentKey;
use crate::sandbox::inputs::sealed::SealedInput;

/// Files that no run has are at most so many: each is a descriptor of this worker.
const MOST_IDLE: usize = 256;

/// What loans give their files back to.
#[derive(Debug)]
pub(super) struct Shared {
    /// All files together, in bytes.
    most_bytes: u64,
    files: Mutex<Files>,
    has_warned: AtomicBool,
}

#[derive(Debug, Default)]
struct Files {
    /// Those that no run has, the one that was given back last at the end.
    idle: VecDeque<(ContentKey, SealedInput)>,
    /// Of these, of those that are lent, and of those that are made.
    bytes: u64,
}

impl Shared {
    pub(super) fn within(most_bytes: u64) -> Self {
        Self {
            most_bytes,
            files: Mutex::default(),
            has_warned: AtomicBool::new(false),
        }
    }

    pub(super) fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    pub(super) fn take_idle(&self, key: &ContentKey) -> Option<SealedInput> {
        self.files().take_idle(key)
    }

    /// Whether there is room for so many bytes more, for which files go that no run has.
    pub(super) fn reserve(&self, bytes: u64) -> bool {
        // They are closed behind the lock.
        let evicted = self.files().reserve(bytes, self.most_bytes);
        evicted.is_some()
    }

    pub(super) fn take_back(&self, key: ContentKey, file: SealedInput) {
        self.files().idle.push_back((key, file));
    }

    pub(super) fn release(&self, bytes: u64) {
        self.files().bytes -= bytes;
    }

    pub(super) fn warn(&self, error: &dyn std::fmt::Display) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, "a large input cannot be lent to a box from memory of this worker; it is copied, as those are that come after it and cannot be lent either");
        }
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> u64 {
        self.files().bytes
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files {
    fn take_idle(&mut self, key: &ContentKey) -> Option<SealedInput> {
        let at = self.idle.iter().rposition(|(other, _file)| other == key)?;
        self.idle.remove(at).map(|(_key, file)| file)
    }

    /// Counts so many bytes more. Gives what has to go for them; `None` where what is lent leaves no room.
    fn reserve(&mut self, bytes: u64, most_bytes: u64) -> Option<Vec<SealedInput>> {
        let idle: u64 = self.idle.iter().map(|(key, _file)| key.bytes()).sum();
        if self.bytes - idle + bytes > most_bytes {
            return None;
        }
        let mut evicted = Vec::new();
        while self.bytes + bytes > most_bytes || self.idle.len() > MOST_IDLE {
            let (key, file) = self.idle.pop_front()?;
            self.bytes -= key.bytes();
            evicted.push(file);
        }
        self.bytes += bytes;
        Some(evicted)
    }
}
