//! A connection to the jailer: whole frames, and descriptors that come with them.

use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::path::Path;

use assize_jailer_protocol::{
    Answer, FRAME_HEADER, MOST_ANSWER_BYTES, MOST_REQUEST_BYTES, Request, decode, encode, frame_length,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use crate::sandbox::descriptors::receive;

/// A connection to the jailer.
#[derive(Debug)]
pub(super) struct Channel(UnixStream);

impl Channel {
    pub(super) async fn open(socket: &Path) -> io::Result<Self> {
        UnixStream::connect(socket).await.map(Self)
    }

    /// Asks, and waits for the answer with the descriptors that come with it. One that cannot be read is
    /// [`ErrorKind::InvalidData`].
    pub(super) async fn ask(&mut self, request: &Request) -> io::Result<(Answer, Vec<OwnedFd>)> {
        let frame = encode(request, MOST_REQUEST_BYTES).map_err(io::Error::other)?;
        self.0.write_all(&frame).await?;
        let mut header = [0; FRAME_HEADER];
        let (mut filled, mut descriptors) = (0, Vec::new());
        while filled < header.len() {
            filled += receive(&self.0, &mut header[filled..], &mut descriptors).await?;
        }
        let length = frame_length(header, MOST_ANSWER_BYTES).map_err(io::Error::other)?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        let misread = |error| io::Error::new(ErrorKind::InvalidData, error);
        Ok((decode(&body).map_err(misread)?, descriptors))
    }

    /// Hangs up, and waits until the jailer does, which it does when the box is gone.
    pub(super) async fn close(mut self) -> io::Result<()> {
        self.0.shutdown().await?;
        let mut nothing = [0; 64];
        while self.0.read(&mut nothing).await? > 0 {}
        Ok(())
    }
}
