//! The jailer's side of a connection: whole frames, each within a deadline.

use std::io::{self, IoSlice, Read as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use assize_jailer_protocol::{
    Answer, DESCRIPTORS, FRAME_HEADER, FrameError, MOST_ANSWER_BYTES, MOST_REQUEST_BYTES, Request, decode_request,
    encode, frame_length,
};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use thiserror::Error;

/// Why a connection is closed.
#[derive(Debug, Error)]
pub(crate) enum ChannelError {
    /// The worker's side has ended.
    #[error("the worker hung up")]
    HungUp,
    /// It has no box, and asked for nothing.
    #[error("a worker asked for nothing")]
    Idle,
    /// Nothing more comes or goes.
    #[error("the connection broke: {0}")]
    Broken(#[from] io::Error),
    /// What came is no request.
    #[error("a worker sent {0}")]
    Frame(#[from] FrameError),
}

/// A connection of a worker.
#[derive(Debug)]
pub(crate) struct Channel {
    stream: UnixStream,
    within: Duration,
}

/// Readable when a request comes, or the worker hangs up.
impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

impl Channel {
    /// `within`: how long a whole request or answer may take.
    pub(crate) fn new(stream: UnixStream, within: Duration) -> io::Result<Self> {
        stream.set_write_timeout(Some(within))?;
        Ok(Self { stream, within })
    }

    /// The next request, of which at least a part is waited for.
    pub(crate) fn receive(&mut self) -> Result<Request, ChannelError> {
        let end = Instant::now() + self.within;
        let mut header = [0; FRAME_HEADER];
        self.fill(&mut header, end)?;
        let mut body = vec![0; frame_length(header, MOST_REQUEST_BYTES)?];
        self.fill(&mut body, end)?;
        Ok(decode_request(&body)?)
    }

    /// One timeout for all reads: a worker that sends a byte now and then does not hold a thread for ever.
    fn fill(&mut self, mut buffer: &mut [u8], end: Instant) -> Result<(), ChannelError> {
        while !buffer.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::Error::from(io::ErrorKind::TimedOut).into());
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(buffer) {
                Ok(0) => return Err(ChannelError::HungUp),
                Ok(read) => buffer = &mut buffer[read..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Answers a request; the descriptors go with the first byte.
    pub(crate) fn send(&mut self, answer: &Answer, descriptors: &[BorrowedFd<'_>]) -> Result<(), ChannelError> {
        let frame = encode(answer, MOST_ANSWER_BYTES)?;
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() {
            ancillary.push(SendAncillaryMessage::ScmRights(descriptors));
        }
        let slices = [IoSlice::new(&frame)];
        let sent = sendmsg(&self.stream, &slices, &mut ancillary, SendFlags::NOSIGNAL).map_err(io::Error::from)?;
        Ok(io::Write::write_all(&mut self.stream, &frame[sent..])?)
    }
}
