//! Standard input on its way to the program.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use assize_protocol::{FaultStage, WINDOW};
use rustix::io::{Errno, write};

use crate::stop::Stop;

/// Consumed input is credited back in lots of this many bytes.
const CREDIT_LOT: u32 = WINDOW / 4;

/// Input that the worker has sent and the program has not read yet: at most a window.
pub(crate) struct Feed {
    pipe: Option<OwnedFd>,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    consumed: u32,
}

impl Feed {
    /// Without a pipe, input is dropped.
    pub(crate) fn new(pipe: Option<OwnedFd>) -> Self {
        Self {
            pipe,
            buffer: Vec::new(),
            start: 0,
            ended: false,
            consumed: 0,
        }
    }

    pub(crate) fn take(&mut self, data: &[u8]) -> Result<(), Stop> {
        if self.ended || self.waiting() + self.consumed as usize + data.len() > WINDOW as usize {
            return Err(Stop::fault(FaultStage::Protocol, "more input than was credited"));
        }
        if self.start > 0 && self.buffer.len() + data.len() > self.buffer.capacity() {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(data);
        Ok(())
    }

    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    /// The pipe, while there is something to write to it.
    pub(crate) fn wants_to_write(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd).filter(|_| self.waiting() > 0)
    }

    /// Writes as much as the program takes. Input for a closed pipe is dropped.
    pub(crate) fn pump(&mut self) {
        while let Some(pipe) = self.wants_to_write() {
            match write(pipe, &self.buffer[self.start..]) {
                Ok(written) => self.consume(written),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                Err(_) => self.pipe = None,
            }
        }
        if self.pipe.is_none() {
            self.consume(self.waiting());
        }
        if self.waiting() == 0 {
            self.buffer.clear();
            self.start = 0;
            if self.ended {
                self.pipe = None;
            }
        }
    }

    /// What may be credited now.
    pub(crate) fn credit(&mut self) -> Option<u32> {
        (self.consumed >= CREDIT_LOT).then(|| std::mem::take(&mut self.consumed))
    }

    fn waiting(&self) -> usize {
        self.buffer.len() - self.start
    }

    fn consume(&mut self, bytes: usize) {
        self.start += bytes;
        self.consumed += u32::try_from(bytes).unwrap_or(u32::MAX);
    }
}
