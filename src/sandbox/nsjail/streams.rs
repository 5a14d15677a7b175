//! The streams of a box, which are pipes.

use std::io;
use std::os::fd::OwnedFd;
use std::pin::Pin;

use assize_jailer_protocol::DESCRIPTORS;
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use thiserror::Error;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, BufReader};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio_util::io::ReaderStream;

use crate::sandbox::LaunchError;

/// A piece of output, in bytes.
const PIECE: usize = 128 << 10;

/// What of a log goes into an error, in bytes.
const LONGEST_SUMMARY: u64 = 4096;

/// The streams of a box whose runner has spoken.
pub(super) struct LiveStreams {
    pub(super) input: Pin<Box<dyn AsyncWrite + Send>>,
    pub(super) output: BoxStream<'static, io::Result<Bytes>>,
    pub(super) log: BoxLog,
}

/// What nsjail and the runner say beside the protocol.
pub(super) struct BoxLog(Receiver);

/// Waits for the first output of a box. Where it ends before, nsjail says why.
///
/// # Errors
/// With what nsjail says.
pub(super) async fn first_output(streams: [OwnedFd; DESCRIPTORS], id: &str) -> Result<LiveStreams, LaunchError> {
    let [input, output, log] = streams;
    let unusable = |source: io::Error| {
        refused(StreamError::Unusable {
            id: id.to_owned(),
            source,
        })
    };
    let input = Sender::from_owned_fd(input).map_err(unusable)?;
    let mut output = Receiver::from_owned_fd(output).map_err(unusable)?;
    let log = BoxLog(Receiver::from_owned_fd(log).map_err(unusable)?);
    let mut first = BytesMut::with_capacity(PIECE);
    if output.read_buf(&mut first).await.map_err(unusable)? == 0 {
        return Err(refused(log.exit_summary().await));
    }
    let rest = ReaderStream::with_capacity(output, PIECE);
    Ok(LiveStreams {
        input: Box::pin(input),
        output: stream::once(std::future::ready(Ok(first.freeze()))).chain(rest).boxed(),
        log,
    })
}

/// A box that ended before its runner spoke, or cannot be spoken to.
#[derive(Debug, Error)]
enum StreamError {
    #[error("the streams of {id} cannot be used: {source}")]
    Unusable { id: String, source: io::Error },
    #[error("it ended before its runner spoke")]
    Silent,
    /// What nsjail wrote last, escaped.
    #[error("{0}")]
    Log(String),
}

fn refused(source: StreamError) -> LaunchError {
    LaunchError::Refused {
        step: "start",
        remedy: "`assize doctor` checks nsjail, the control groups and the root directories".to_owned(),
        source: source.into(),
    }
}

impl BoxLog {
    /// What it says of a box that has ended.
    async fn exit_summary(self) -> StreamError {
        let mut text = Vec::new();
        // What can be read says why, and there is no more.
        let _read = self.0.take(LONGEST_SUMMARY).read_to_end(&mut text).await;
        let text = String::from_utf8_lossy(&text).trim().escape_debug().to_string();
        if text.is_empty() {
            StreamError::Silent
        } else {
            StreamError::Log(text)
        }
    }

    /// Logs every line of a box that runs.
    pub(super) async fn lines(self, id: String) {
        let mut lines = BufReader::new(self.0).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            tracing::warn!(box.id = id, "the runner wrote: {}", line.escape_debug());
        }
    }
}
