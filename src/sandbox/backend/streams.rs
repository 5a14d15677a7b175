//! The two byte streams of a box.

use std::fmt;
use std::future::ready;
use std::io::{self, ErrorKind};
use std::pin::Pin;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::io::AsyncWrite;
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;
use tokio_util::io::ReaderStream;

/// A piece of what a box says, in bytes.
const PIECE: usize = 128 << 10;

/// Bytes from a runner.
pub type BoxOutput = BoxStream<'static, io::Result<Bytes>>;

/// Bytes for a runner.
pub enum BoxInput {
    /// By any way.
    Bytes(Pin<Box<dyn AsyncWrite + Send>>),
    /// Over a socket whose other end the runner itself has, so that descriptors can go with the bytes.
    Socket(OwnedWriteHalf),
}

impl fmt::Debug for BoxInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes(_) => "Bytes",
            Self::Socket(_) => "Socket",
        })
    }
}

impl BoxInput {
    /// Of bytes alone.
    pub fn bytes(stream: impl AsyncWrite + Send + 'static) -> Self {
        Self::Bytes(Box::pin(stream))
    }

    /// Where bytes are written.
    pub(in crate::sandbox) fn writer(&mut self) -> Pin<&mut (dyn AsyncWrite + Send)> {
        match self {
            Self::Bytes(stream) => stream.as_mut(),
            Self::Socket(stream) => {
                let stream: Pin<&mut OwnedWriteHalf> = Pin::new(stream);
                stream
            }
        }
    }
}

/// Both directions of a socket whose other end the runner itself has.
pub(in crate::sandbox) fn of_socket(streams: UnixStream) -> (BoxInput, BoxOutput) {
    let (output, input) = streams.into_split();
    let output = ReaderStream::with_capacity(output, PIECE);
    // A runner that ends before it has read everything resets the connection, where a pipe would end.
    let output =
        output.take_while(|piece| ready(!matches!(piece, Err(error) if error.kind() == ErrorKind::ConnectionReset)));
    (BoxInput::Socket(input), output.boxed())
}
