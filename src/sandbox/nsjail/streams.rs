//! The streams of a box: a socket for input and output, and a pipe for the log.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net;

use assize_jailer_protocol::DESCRIPTORS_WITH_SOCKET;
use futures::StreamExt as _;
use futures::stream;
use thiserror::Error;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::pipe::Receiver;

use crate::sandbox::backend::of_socket;
use crate::sandbox::{BoxInput, BoxOutput, LaunchError};

/// What of a log goes into an error, in bytes.
const LONGEST_SUMMARY: u64 = 4096;

/// The streams of a box whose runner has spoken.
pub(super) struct LiveStreams {
    pub(super) input: BoxInput,
    pub(super) output: BoxOutput,
    pub(super) log: BoxLog,
}

/// What nsjail and the runner say beside the protocol.
pub(super) struct BoxLog(Receiver);

/// Waits for the first output of a box. Where it ends before, nsjail says why.
///
/// # Errors
/// With what nsjail says.
pub(super) async fn first_output(
    streams: [OwnedFd; DESCRIPTORS_WITH_SOCKET],
    id: &str,
) -> Result<LiveStreams, LaunchError> {
    let [socket, log] = streams;
    let unusable = |source: io::Error| {
        refused(StreamError::Unusable {
            id: id.to_owned(),
            source,
        })
    };
    let (input, mut output) = of_socket(usable(socket).map_err(unusable)?);
    let log = BoxLog(Receiver::from_owned_fd(log).map_err(unusable)?);
    let Some(first) = output.next().await else {
        return Err(refused(log.exit_summary().await));
    };
    let first = first.map_err(unusable)?;
    Ok(LiveStreams {
        input,
        output: stream::once(std::future::ready(Ok(first))).chain(output).boxed(),
        log,
    })
}

fn usable(socket: OwnedFd) -> io::Result<UnixStream> {
    let socket = net::UnixStream::from(socket);
    socket.set_nonblocking(true)?;
    UnixStream::from_std(socket)
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
