//! Frames on descriptors 0 and 1, without ever blocking.

use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use assize_protocol::{Command, FaultStage, HEADER, Report, read_header};
use rustix::io::{Errno, read, write};
use rustix::net::sockopt::socket_domain;
use rustix::net::{AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use rustix::stdio::{stdin, stdout};

use crate::stop::Stop;

/// How much is read from the worker at once, in bytes.
const READ: usize = 128 << 10;

/// Descriptors that come at once: those for [`Command::Pipes`].
const PIPES: usize = 2;

/// Reports that wait to be written are no reason to hold more than this of a program's output, in bytes.
const ENOUGH: usize = 512 << 10;

/// How much is written at once to a `vsock(7)` socket. Linux 6.17, and older ones that took over its commit
/// 6693731487a8, lay a packet of more than 32 KiB over several descriptors, of which devices were seen to read the first
/// one and to drop the rest.
const VSOCK_WRITE: usize = 16 << 10;

/// Bytes from the worker that are not parsed yet: those from `start` to `end`. What is behind is room that is zeroed once,
/// since a round of an interactive problem would else spend more time on zeroes than on its bytes.
pub(crate) struct Inbox {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Descriptors can come with the bytes (`unix(7)`).
    is_local_socket: bool,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            end: 0,
            is_local_socket: socket_domain(stdin()) == Ok(AddressFamily::UNIX),
        }
    }

    /// Reads once. Descriptors that come are there before the command that they belong to.
    pub(crate) fn fill(&mut self, descriptors: &mut Vec<OwnedFd>) -> Result<(), Stop> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < self.end + READ {
            self.buffer.resize(self.end + READ, 0);
        }
        let room = self.end..self.end + READ;
        let room = &mut self.buffer[room];
        let filled = match self.is_local_socket {
            true => receive(room, descriptors),
            false => read(stdin(), room),
        };
        match filled {
            Ok(0) => Err(Stop::HungUp),
            Ok(length) => {
                self.end += length;
                Ok(())
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(()),
            Err(_) => Err(Stop::HungUp),
        }
    }

    /// The next whole command.
    pub(crate) fn next(&mut self) -> Result<Option<Command<'_>>, Stop> {
        let unread = &self.buffer[self.start..self.end];
        let wrong = |error: &dyn std::fmt::Display| Stop::fault(FaultStage::Protocol, error.to_string());
        let Some(header) = read_header(unread).map_err(|error| wrong(&error))? else {
            return Ok(None);
        };
        let Some(body) = unread.get(HEADER..HEADER + header.body) else {
            return Ok(None);
        };
        self.start += HEADER + header.body;
        Command::decode(header.kind, body)
            .map(Some)
            .map_err(|error| wrong(&error))
    }
}

/// Reads bytes, and descriptors that come with them.
fn receive(buffer: &mut [u8], descriptors: &mut Vec<OwnedFd>) -> rustix::io::Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PIPES))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let flags = RecvFlags::CMSG_CLOEXEC;
    let received = recvmsg(stdin(), &mut [IoSliceMut::new(buffer)], &mut ancillary, flags)?;
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(came) = message {
            descriptors.extend(came);
        }
    }
    Ok(received.bytes)
}

/// Reports that are not written to the worker yet.
pub(crate) struct Outbox {
    buffer: Vec<u8>,
    start: usize,
    /// How much is written at once.
    write: usize,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        let is_vsock = socket_domain(stdout()) == Ok(AddressFamily::VSOCK);
        Self {
            buffer: Vec::new(),
            start: 0,
            write: if is_vsock { VSOCK_WRITE } else { usize::MAX },
        }
    }

    pub(crate) fn push(&mut self, report: &Report<'_>) -> Result<(), Stop> {
        self.forget_written();
        report
            .encode(&mut self.buffer)
            .map_err(|error| Stop::fault(FaultStage::Protocol, error.to_string()))
    }

    /// Reads once from a program, `most` bytes at most, and reports as much of it as `room` allows: in its place at once,
    /// without a copy. Gives how much was read.
    pub(crate) fn read_output(&mut self, pipe: &OwnedFd, most: usize, room: usize) -> rustix::io::Result<usize> {
        self.forget_written();
        let begin = self.buffer.len();
        self.buffer.reserve(HEADER + most);
        self.buffer.extend_from_slice(&[0; HEADER]);
        let read = read(pipe, &mut self.buffer.spare_capacity_mut()[..most]).map(|(data, _rest)| data.len());
        let reported = read.unwrap_or(0).min(room);
        if reported == 0 {
            self.buffer.truncate(begin);
            return read;
        }
        self.buffer[begin..].copy_from_slice(&Report::output_header(reported));
        // SAFETY: the room was reserved, and the kernel has filled this much of it.
        unsafe { self.buffer.set_len(begin + HEADER + reported) };
        read
    }

    /// Gives back the room of what was written long ago, where a worker is never done with the rest: all of it is charged
    /// to the program.
    fn forget_written(&mut self) {
        if self.start >= ENOUGH {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.buffer.len()
    }

    /// So much waits that nothing should be added which can wait too.
    pub(crate) fn is_full(&self) -> bool {
        self.buffer.len() - self.start >= ENOUGH
    }

    /// Writes as much as the worker takes.
    pub(crate) fn flush(&mut self) -> Result<(), Stop> {
        while !self.is_empty() {
            let waiting = &self.buffer[self.start..];
            match write(stdout(), &waiting[..waiting.len().min(self.write)]) {
                Ok(written) => self.start += written,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(()),
                Err(_) => return Err(Stop::HungUp),
            }
        }
        self.buffer.clear();
        self.start = 0;
        Ok(())
    }

    /// Writes everything that waits, before the runner ends.
    pub(crate) fn flush_all(&mut self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, poll};
        use rustix::time::Timespec;
        const TIMEOUT: Timespec = Timespec { tv_sec: 5, tv_nsec: 0 };
        while self.flush().is_ok() && !self.is_empty() {
            let out = stdout();
            if poll(&mut [PollFd::new(&out, PollFlags::OUT)], Some(&TIMEOUT))? == 0 {
                break;
            }
        }
        Ok(())
    }
}
