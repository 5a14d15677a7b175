//! An input that one run has.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use crate::sandbox::inputs::content::ContentKey;
use crate::sandbox::inputs::sealed::SealedInput;
use crate::sandbox::inputs::shared::Shared;

/// Its share of the cache, and its file. When this is dropped the file can be lent again, unless something in a box may still
/// have it: then it is closed.
#[derive(Debug)]
pub(in crate::sandbox) struct InputLoan {
    cache: Arc<Shared>,
    key: ContentKey,
    /// `None` while it is made.
    file: Option<SealedInput>,
    /// A box was sent a descriptor, and what runs there has not ended.
    is_in_box: bool,
}

impl InputLoan {
    /// With room in the cache, and without a file.
    pub(super) fn reserved(cache: Arc<Shared>, key: ContentKey) -> Self {
        Self {
            cache,
            key,
            file: None,
            is_in_box: false,
        }
    }

    /// The same with a file, which has no traces of earlier readers.
    pub(super) fn with(mut self, mut file: SealedInput) -> io::Result<Self> {
        file.forget_readers()?;
        self.file = Some(file);
        Ok(self)
    }

    /// A descriptor for a box, and how many bytes the file has. From here on the box has it.
    pub(in crate::sandbox) fn send(&mut self) -> io::Result<(OwnedFd, u64)> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let descriptor = file.for_reading()?;
        self.is_in_box = true;
        Ok((descriptor, self.key.bytes()))
    }

    /// Everything in the box that could have it has ended.
    pub(in crate::sandbox) fn end(mut self) {
        self.is_in_box = false;
    }
}

impl Drop for InputLoan {
    fn drop(&mut self) {
        match self.file.take().filter(|_file| !self.is_in_box) {
            Some(file) => self.cache.take_back(self.key.clone(), file),
            None => self.cache.release(self.key.bytes()),
        }
    }
}
