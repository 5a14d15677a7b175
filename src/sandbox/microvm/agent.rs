//! The connection to the agent in a machine.

use std::io;

use assize_guest_protocol::{Answer, MOST_BYTES, Order, VERSION, decode, encode};
use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::UnixStream;
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// Whole messages of an agent.
#[derive(Debug)]
pub(super) struct Agent(Framed<UnixStream, LengthDelimitedCodec>);

impl Agent {
    pub(super) fn over(connection: UnixStream) -> Self {
        let frames = LengthDelimitedCodec::builder()
            .little_endian()
            .max_frame_length(MOST_BYTES)
            .new_codec();
        Self(Framed::new(connection, frames))
    }

    /// What it says next; `None` when the machine has ended. Nothing is lost where this is not waited for.
    pub(super) async fn next(&mut self) -> Option<io::Result<Answer>> {
        let body = self.0.next().await?;
        Some(body.and_then(|body| decode(&body).map_err(io::Error::other)))
    }

    /// Gives an order.
    pub(super) async fn order(&mut self, order: &Order) -> io::Result<()> {
        let frame = encode(order).map_err(io::Error::other)?;
        // The codec writes the length itself.
        self.0
            .send(Bytes::from(frame).slice(assize_guest_protocol::FRAME_HEADER..))
            .await
    }

    /// Waits until the guest is up.
    pub(super) async fn ready(&mut self) -> io::Result<()> {
        match self.next().await {
            Some(Ok(Answer::Ready { version: VERSION })) => Ok(()),
            Some(Ok(Answer::Ready { version })) => Err(io::Error::other(format!(
                "the guest speaks version {version}, and this worker version {VERSION}"
            ))),
            Some(Ok(_other)) => Err(io::Error::other("the guest answers before it is asked")),
            Some(Err(error)) => Err(error),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Starts the runner.
    pub(super) async fn start(&mut self, order: &Order) -> io::Result<()> {
        self.order(order).await?;
        match self.next().await {
            Some(Ok(Answer::Started)) => Ok(()),
            Some(Ok(Answer::Refused { reason })) => Err(io::Error::other(reason)),
            Some(Ok(_other)) => Err(io::Error::other("the guest answers another question")),
            Some(Err(error)) => Err(error),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}
