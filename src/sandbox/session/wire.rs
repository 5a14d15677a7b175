//! Frames on the two byte streams of a box.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use assize_protocol::{Command, DecodeError, HEADER, Header, Report, read_header};
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use crate::sandbox::descriptors::send;
use crate::sandbox::{BoxError, BoxInput};

/// A whole frame from the box, or a part of one that carries output.
#[derive(Debug)]
pub(super) struct Frame {
    kind: u8,
    body: Bytes,
}

impl Frame {
    fn output(body: Bytes) -> Self {
        Self {
            kind: Report::OUTPUT_KIND,
            body,
        }
    }

    pub(super) fn report(&self) -> Result<Report<'_>, DecodeError> {
        Report::decode(self.kind, &self.body)
    }

    /// The output that a frame carries, without a copy.
    pub(super) fn into_output(self) -> Result<Bytes, Self> {
        if self.kind == Report::OUTPUT_KIND {
            Ok(self.body)
        } else {
            Err(self)
        }
    }
}

/// Cuts the stream from a box into frames. Output is given on as it comes, in parts of the pieces that were read; of other
/// frames it holds at most one.
pub(super) struct BoxReader {
    stream: BoxStream<'static, io::Result<Bytes>>,
    /// What was read and is in no frame yet.
    piece: Bytes,
    /// The beginning of a frame.
    begun: BytesMut,
    /// What is still to come of a frame of output.
    output: usize,
}

impl BoxReader {
    pub(super) fn new(stream: BoxStream<'static, io::Result<Bytes>>) -> Self {
        Self {
            stream,
            piece: Bytes::new(),
            begun: BytesMut::new(),
            output: 0,
        }
    }

    /// The next frame. No bytes are lost when the future is dropped.
    pub(super) async fn next(&mut self) -> Result<Frame, BoxError> {
        loop {
            if let Some(frame) = self.cut()? {
                return Ok(frame);
            }
            self.piece = self.stream.next().await.ok_or(BoxError::Ended)??;
        }
    }

    /// `None` when the whole piece is used.
    fn cut(&mut self) -> Result<Option<Frame>, BoxError> {
        loop {
            if self.output > 0 {
                return Ok(self.cut_output());
            }
            let missing = match read_header(&self.begun)? {
                None => HEADER - self.begun.len(),
                Some(Header { kind, body }) if kind == Report::OUTPUT_KIND && body > 0 => {
                    self.begun.clear();
                    self.output = body;
                    continue;
                }
                Some(Header { kind, body }) if self.begun.len() == HEADER + body => {
                    let body = self.begun.split().freeze().slice(HEADER..);
                    return Ok(Some(Frame { kind, body }));
                }
                Some(Header { body, .. }) => HEADER + body - self.begun.len(),
            };
            if self.piece.is_empty() {
                return Ok(None);
            }
            let part = self.piece.split_to(missing.min(self.piece.len()));
            self.begun.extend_from_slice(&part);
        }
    }

    fn cut_output(&mut self) -> Option<Frame> {
        let part = self.piece.split_to(self.output.min(self.piece.len()));
        self.output -= part.len();
        (!part.is_empty()).then(|| Frame::output(part))
    }
}

/// Frames wait for a common write until there is so much of them, in bytes. A runner that wants to read waits as long as a
/// write takes, and more than a piece of data at once saves nothing.
const ENOUGH: usize = 64 << 10;

/// Writes frames to a box. The runner never stops reading, so a write that takes long means a lost box.
pub(super) struct BoxWriter {
    stream: BoxInput,
    buffer: Vec<u8>,
    /// They go with the first byte.
    descriptors: Vec<OwnedFd>,
    allowed: Duration,
}

impl BoxWriter {
    pub(super) fn new(stream: BoxInput, allowed: Duration) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            descriptors: Vec::new(),
            allowed,
        }
    }

    /// Lets a command wait for what follows it: each write on its way to a box costs more than a small command.
    pub(super) async fn queue(&mut self, command: &Command<'_>) -> Result<(), BoxError> {
        command.encode(&mut self.buffer)?;
        if self.buffer.len() >= ENOUGH {
            self.flush().await?;
        }
        Ok(())
    }

    /// Whether descriptors can be sent.
    pub(super) fn carries_descriptors(&self) -> bool {
        matches!(self.stream, BoxInput::Socket(_))
    }

    /// The same with descriptors, which are there when the command is read.
    pub(super) async fn queue_with(
        &mut self,
        command: &Command<'_>,
        descriptors: Vec<OwnedFd>,
    ) -> Result<(), BoxError> {
        self.descriptors = descriptors;
        self.queue(command).await
    }

    /// Sends a command, and what waits before it.
    pub(super) async fn send(&mut self, command: &Command<'_>) -> Result<(), BoxError> {
        self.queue(command).await?;
        self.flush().await
    }

    /// Sends a command that is of no use to a runner that has hung up. What that has said before is there to be read.
    pub(super) async fn send_if_heard(&mut self, command: &Command<'_>) -> Result<(), BoxError> {
        match self.send(command).await {
            Err(BoxError::Connection(_)) => {
                self.buffer.clear();
                Ok(())
            }
            sent => sent,
        }
    }

    /// Sends what waits.
    pub(super) async fn flush(&mut self) -> Result<(), BoxError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let write = async {
            let descriptors = std::mem::take(&mut self.descriptors);
            let sent = match &self.stream {
                BoxInput::Socket(socket) if !descriptors.is_empty() => {
                    send(socket.as_ref(), &self.buffer, &descriptors).await?
                }
                _ => 0,
            };
            self.stream.writer().write_all(&self.buffer[sent..]).await?;
            self.stream.writer().flush().await
        };
        timeout(self.allowed, write)
            .await
            .map_err(|_elapsed| BoxError::Silent(self.allowed))??;
        self.buffer.clear();
        Ok(())
    }
}
