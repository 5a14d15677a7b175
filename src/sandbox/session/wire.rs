//! Frames on the two byte streams of a box.

use std::io;
use std::pin::Pin;
use std::time::Duration;

use assize_protocol::{Command, DecodeError, HEADER, Header, Report, read_header};
use bytes::{Buf as _, Bytes, BytesMut};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::sandbox::BoxError;

/// A whole frame from the box.
#[derive(Debug)]
pub(super) struct Frame {
    kind: u8,
    body: Bytes,
}

impl Frame {
    pub(super) fn report(&self) -> Result<Report<'_>, DecodeError> {
        Report::decode(self.kind, &self.body)
    }

    /// The body of an output frame, without a copy.
    pub(super) fn into_output(self) -> Result<Bytes, Self> {
        if self.kind == Report::OUTPUT_KIND {
            Ok(self.body)
        } else {
            Err(self)
        }
    }
}

/// Cuts the stream from a box into frames. Holds at most one frame and one piece of the stream.
pub(super) struct BoxReader {
    stream: BoxStream<'static, io::Result<Bytes>>,
    buffer: BytesMut,
}

impl BoxReader {
    pub(super) fn new(stream: BoxStream<'static, io::Result<Bytes>>) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
        }
    }

    /// The next frame. No bytes are lost when the future is dropped.
    pub(super) async fn next(&mut self) -> Result<Frame, BoxError> {
        loop {
            if let Some(frame) = self.cut()? {
                return Ok(frame);
            }
            let piece = self.stream.next().await.ok_or(BoxError::Ended)??;
            self.buffer.extend_from_slice(&piece);
        }
    }

    fn cut(&mut self) -> Result<Option<Frame>, BoxError> {
        let Some(Header { kind, body }) = read_header(&self.buffer)? else {
            return Ok(None);
        };
        if self.buffer.len() < HEADER + body {
            self.buffer.reserve(HEADER + body - self.buffer.len());
            return Ok(None);
        }
        self.buffer.advance(HEADER);
        Ok(Some(Frame {
            kind,
            body: self.buffer.split_to(body).freeze(),
        }))
    }
}

/// Frames wait for a common write until there is so much of them, in bytes.
const ENOUGH: usize = 256 << 10;

/// Writes frames to a box. The runner never stops reading, so a write that takes long means a lost box.
pub(super) struct BoxWriter {
    stream: Pin<Box<dyn AsyncWrite + Send>>,
    buffer: Vec<u8>,
    allowed: Duration,
}

impl BoxWriter {
    pub(super) fn new(stream: Pin<Box<dyn AsyncWrite + Send>>, allowed: Duration) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
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

    /// Sends a command, and what waits before it.
    pub(super) async fn send(&mut self, command: &Command<'_>) -> Result<(), BoxError> {
        self.queue(command).await?;
        self.flush().await
    }

    /// Sends what waits.
    pub(super) async fn flush(&mut self) -> Result<(), BoxError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let write = async {
            self.stream.write_all(&self.buffer).await?;
            self.stream.flush().await
        };
        timeout(self.allowed, write)
            .await
            .map_err(|_elapsed| BoxError::Silent(self.allowed))??;
        self.buffer.clear();
        Ok(())
    }
}
