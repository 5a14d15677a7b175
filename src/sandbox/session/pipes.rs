//! Pipes between this worker and a program, past the runner.
//!
//! The worker makes them and sends the program's ends into the box. Its own ends are descriptions that nothing in the box
//! has, so nothing there can clear `O_NONBLOCK`. What a program can change of a pipe is its size, and the shape of what it
//! writes: in packets (`O_DIRECT` of `pipe(2)`), of which a read with too little room loses the rest. The kernel locks a
//! pipe for each call, and waits for the lock whatever the flags are: so no program may make a call that sleeps with it
//! (`splice(2)`, `sendfile(2)`), which both filters see to. A page that a program writes from may still take its time, until
//! the runner ends the program at its limits; other tasks of this worker do not wait with it.

use std::future::pending;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;

use assize_protocol::{CHUNK, RunRequest, Stdin, WINDOW};
use bytes::{Bytes, BytesMut};
use rustix::fs::{Mode, fchmod};
use rustix::pipe::{PipeFlags, fcntl_getpipe_size, fcntl_setpipe_size, pipe_with};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

use crate::sandbox::session::queue::Queue;

/// What a program may write before the worker reads, in bytes. Where both have one CPU, each change from one to the other
/// costs more than what a small pipe carries.
const OUTPUT_PIPE: usize = 256 << 10;

/// Smaller pieces of output are copied, so that none holds a buffer of a whole chunk.
const SMALL: usize = CHUNK / 2;

/// Both ends of the pipes of a program.
pub(super) struct Pipes {
    pub(super) output: OutputPipe,
    /// `None` where it reads from a file.
    pub(super) input: Option<InputPipe>,
    /// The program's ends: for its output, and for its input.
    pub(super) theirs: Vec<OwnedFd>,
}

/// The end that output is read from.
pub(super) struct OutputPipe {
    /// `None` at its end, or without a reader.
    pipe: Option<Receiver>,
    buffer: BytesMut,
    /// Of all that was read.
    bytes: u64,
    limit: u64,
    /// What may still come of a program that has ended.
    rest: Option<u64>,
}

/// What came of a read.
pub(super) enum Read {
    /// Output, within the limit.
    Piece(Bytes),
    /// The last output within the limit. There was more, and nothing is read any more.
    TooMuch(Bytes),
    /// The end.
    End,
    /// The pipe cannot be read.
    Failed(io::Error),
}

/// The end that input is written to, and what waits for that.
pub(super) struct InputPipe {
    /// `None` when the program reads no more, or all was written.
    pipe: Option<Sender>,
    waiting: Queue,
    ended: bool,
}

impl Pipes {
    pub(super) fn open(request: &RunRequest) -> io::Result<Self> {
        let (ours, theirs) = pipe_for_a_program()?;
        // Where a user has used up what pipes may take, it stays as it is.
        let _larger = fcntl_setpipe_size(&ours, OUTPUT_PIPE);
        let mut pipes = Self {
            output: OutputPipe {
                pipe: Some(Receiver::from_owned_fd(ours)?),
                buffer: BytesMut::new(),
                bytes: 0,
                limit: request.limits.output_bytes,
                rest: None,
            },
            input: None,
            theirs: vec![theirs],
        };
        if request.stdin == Stdin::Pipe {
            let (theirs, ours) = pipe_for_a_program()?;
            pipes.theirs.push(theirs);
            pipes.input = Some(InputPipe {
                pipe: Some(Sender::from_owned_fd(ours)?),
                waiting: Queue::default(),
                ended: false,
            });
        }
        Ok(pipes)
    }
}

/// A pipe is its maker's. The program is another user, and may open its streams by their names, such as `/dev/stdin`.
fn pipe_for_a_program() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
    fchmod(
        &read,
        Mode::RUSR | Mode::WUSR | Mode::RGRP | Mode::WGRP | Mode::ROTH | Mode::WOTH,
    )?;
    Ok((read, write))
}

/// Makes a call that may have to wait for a lock, while the other tasks of this thread go on in another one.
fn beside_others<T>(call: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(call),
        // The thread of a conversation has no other task.
        _ => call(),
    }
}

/// The end of a pipe, which is locked also to be closed.
fn close<T>(pipe: &mut Option<T>) {
    if let Some(pipe) = pipe.take() {
        beside_others(|| drop(pipe));
    }
}

impl Drop for OutputPipe {
    fn drop(&mut self) {
        close(&mut self.pipe);
    }
}

impl Drop for InputPipe {
    fn drop(&mut self) {
        close(&mut self.pipe);
    }
}

impl OutputPipe {
    /// Of all that was read, also beyond the limit.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn is_over_limit(&self) -> bool {
        self.bytes > self.limit
    }

    /// Whether nothing will come of it any more.
    pub(super) fn is_done(&self) -> bool {
        self.pipe.is_none() || self.is_over_limit() || self.rest == Some(0)
    }

    /// From now on no more is read than the pipe can hold. A program cannot write more after its end.
    pub(super) fn bound_rest(&mut self) {
        let size = self.pipe.as_ref().map(fcntl_getpipe_size);
        let size = size.and_then(Result::ok).unwrap_or(OUTPUT_PIPE);
        self.rest = Some(size as u64);
    }

    /// From now on the program writes to a pipe without a reader.
    pub(super) fn close(&mut self) {
        close(&mut self.pipe);
    }

    /// Reads once. Never ends where nothing will come. No bytes are lost when the future is dropped.
    pub(super) async fn read(&mut self) -> Read {
        while let Some(pipe) = self.pipe.as_ref().filter(|_| !self.is_done()) {
            self.buffer.clear();
            self.buffer.reserve(CHUNK);
            let read = match pipe.readable().await {
                Ok(()) => beside_others(|| pipe.try_read_buf(&mut self.buffer)),
                Err(error) => Err(error),
            };
            match read {
                Ok(0) => {
                    close(&mut self.pipe);
                    return Read::End;
                }
                Ok(read) => return self.count(read),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(error) => {
                    close(&mut self.pipe);
                    return Read::Failed(error);
                }
            }
        }
        pending().await
    }

    fn count(&mut self, read: usize) -> Read {
        let room = usize::try_from(self.limit - self.bytes).unwrap_or(usize::MAX);
        self.bytes += read as u64;
        self.rest = self.rest.map(|rest| rest.saturating_sub(read as u64));
        let piece = match read {
            0..SMALL => Bytes::copy_from_slice(&self.buffer),
            _ => self.buffer.split().freeze(),
        };
        match read <= room {
            true => Read::Piece(piece),
            false => Read::TooMuch(piece.slice(..room)),
        }
    }
}

impl InputPipe {
    pub(super) fn has_room(&self) -> bool {
        self.waiting.has_room()
    }

    /// For a program that reads no more it is dropped.
    pub(super) fn push(&mut self, piece: Bytes) {
        if self.pipe.is_some() {
            self.waiting.push(piece);
        }
    }

    /// No more will come: the pipe is closed behind what waits.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// Drops what waits; the pipe stays open.
    pub(super) fn forget(&mut self) {
        self.waiting.clear();
    }

    /// Writes what the pipe takes, and no more than a window at once: output and deadlines are not kept waiting.
    pub(super) fn write(&mut self) {
        let mut left = WINDOW as usize;
        while let (Some(pipe), Some(piece)) = (&self.pipe, self.waiting.front()) {
            let lot = &piece[..piece.len().min(left)];
            match beside_others(|| pipe.try_write(lot)) {
                Ok(written) => {
                    self.waiting.advance(written);
                    left = left.saturating_sub(written);
                    if left == 0 && !self.waiting.is_empty() {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => {
                    self.forget();
                    close(&mut self.pipe);
                }
            }
        }
        if self.ended {
            close(&mut self.pipe);
        }
    }

    /// Ends when the pipe may take more of what waits. Never where nothing waits.
    pub(super) async fn writable(&self) {
        match &self.pipe {
            // One that cannot be waited for cannot be written to.
            Some(pipe) if !self.waiting.is_empty() => drop(pipe.writable().await),
            _ => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_types, reason = "it starts a program that holds its output")]

    use std::process::Stdio;
    use std::time::Duration;

    use tokio::io::{AsyncBufReadExt as _, BufReader};
    use tokio::process::Command;
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn other_tasks_go_on_while_a_program_holds_its_output() {
        let (ours, theirs) = pipe_for_a_program().unwrap();
        let mut output = OutputPipe {
            pipe: Some(Receiver::from_owned_fd(ours).unwrap()),
            buffer: BytesMut::new(),
            bytes: 0,
            limit: 8,
            rest: None,
        };
        let mut program = Command::new("python3")
            .arg("tests/common/held_pipe.py")
            .stdout(Stdio::from(theirs))
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        let said = lines.next_line().await.unwrap().unwrap();
        if said != "ready" {
            assert!(std::env::var_os("CI").is_none(), "{said}");
            eprintln!("skipped: {said}");
            return;
        }
        // It is in the call, and what it has written is in the pipe, before the reader begins.
        sleep(Duration::from_millis(200)).await;
        let reading = tokio::spawn(async move { output.read().await });
        let other = tokio::spawn(async move {
            sleep(Duration::from_millis(200)).await;
            program.kill().await
        });
        other.await.unwrap().unwrap();
        reading.await.unwrap();
    }
}
