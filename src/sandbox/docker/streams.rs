//! How the runner of a box gets its streams: by the daemon, or by a socket that the proxy or this worker makes.

use std::fmt::{self, Display};
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::time::Duration;

use assize_docker_box::Streams;
use assize_docker_streams::{StreamsDirectory, StreamsListener};
use futures::StreamExt as _;
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::sandbox::docker::log::RunnerLog;
use crate::sandbox::docker::proxy_streams::{AskError, ask_proxy};
use crate::sandbox::{BackendError, BoxedError, LaunchError};

/// What is tried, in errors.
pub(super) const STEP: &str = "take the streams of";

/// Who makes the streams of a worker's boxes.
#[derive(Debug)]
pub(super) enum StreamsMaker {
    Daemon,
    Proxy,
    Worker(StreamsDirectory),
}

/// The streams of a box whose container is not made yet.
#[derive(Debug)]
pub(super) enum Awaited {
    Daemon,
    Proxy,
    Worker(StreamsListener),
}

/// What is known of a container that was started.
pub(super) struct Started<'a> {
    pub(super) host: &'a str,
    pub(super) secret: &'a str,
    pub(super) id: &'a str,
    pub(super) user: usize,
    pub(super) allowed: Duration,
}

impl StreamsMaker {
    /// What has to be there before a container of this name is made.
    pub(super) fn prepare(&self, name: &str) -> Result<Awaited, LaunchError> {
        match self {
            Self::Daemon => Ok(Awaited::Daemon),
            Self::Proxy => Ok(Awaited::Proxy),
            Self::Worker(directory) => directory.listen(name).map(Awaited::Worker).map_err(refused),
        }
    }
}

impl Display for StreamsMaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Daemon => "by the daemon",
            Self::Proxy => "by sockets of the proxy",
            Self::Worker(_) => "by sockets of the worker",
        })
    }
}

impl Awaited {
    /// What the daemon is told of them.
    pub(super) fn spec(&self) -> Streams {
        match self {
            Self::Daemon => Streams::Daemon,
            Self::Proxy => Streams::Socket(String::new()),
            Self::Worker(listener) => Streams::Socket(listener.directory().display().to_string()),
        }
    }

    /// The streams of a box that has a socket for them, as soon as its runner has come.
    pub(super) async fn take(self, started: &Started<'_>, log: &mut RunnerLog) -> Result<UnixStream, LaunchError> {
        let taken = async {
            tokio::select! {
                taken = self.take_from_maker(started) => taken,
                said = rest_of_log(log) => Err(refused(io::Error::other(said))),
            }
        };
        match timeout(started.allowed, taken).await {
            Ok(taken) => taken,
            Err(_elapsed) => Err(unresponsive(io::Error::from(io::ErrorKind::TimedOut))),
        }
    }

    async fn take_from_maker(self, started: &Started<'_>) -> Result<UnixStream, LaunchError> {
        match self {
            Self::Worker(listener) => take_from_listener(listener, started.user).await.map_err(refused),
            _ => {
                let asked = ask_proxy(started.host, started.secret, started.id).await;
                asked.map_err(|error| match error {
                    AskError::Refused(_) => refused(error),
                    AskError::Busy(_) | AskError::HungUp | AskError::Away(_) => unresponsive(error),
                })
            }
        }
    }
}

async fn take_from_listener(listener: StreamsListener, user: usize) -> io::Result<UnixStream> {
    let user = u32::try_from(user).map_err(io::Error::other)?;
    let ours = listener.hand_over(user).await?;
    ours.set_nonblocking(true)?;
    UnixStream::from_std(ours)
}

/// The worker, with this directory for the sockets of its boxes.
///
/// # Errors
/// When it is not the worker's alone.
pub(super) fn open_directory(path: &Path) -> Result<StreamsMaker, BackendError> {
    // No other user can open it, and so hold a lock on it.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    let opened = made.and_then(|()| StreamsDirectory::open(path));
    let opened = opened.map_err(|error| BackendError::Unfit {
        what: format!(
            "cannot use sandbox.docker.streams_directory = {}: {error}",
            path.display()
        ),
        remedy: "name a directory of the daemon's host that only the worker's user can write to, or set \
                 sandbox.docker.streams = \"daemon\""
            .to_owned(),
        source: Some(Box::new(error)),
    });
    opened.map(StreamsMaker::Worker)
}

/// Why a container has ended whose runner has not come.
async fn rest_of_log(log: &mut RunnerLog) -> String {
    let mut said = String::from("it has ended before its runner came for them");
    while let Some(line) = log.next().await {
        said = line;
    }
    said
}

fn refused(error: impl Into<BoxedError>) -> LaunchError {
    LaunchError::Refused {
        step: STEP,
        remedy:
            "build the images anew (make images), look at `assize doctor`, or set sandbox.docker.streams = \"daemon\""
                .to_owned(),
        source: error.into(),
    }
}

/// It may go well another time.
fn unresponsive(error: impl Into<BoxedError>) -> LaunchError {
    LaunchError::Unresponsive {
        step: STEP,
        remedy: "look at `docker info`, at its log, and at what else this host does".to_owned(),
        source: error.into(),
    }
}
