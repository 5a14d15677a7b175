//! Sockets by which boxes get their streams, past the daemon and past the proxy.
//!
//! A worker never names a directory: it could name one that leads elsewhere. The proxy makes one of its own for each box,
//! where workers cannot write, and mounts that. When the runner has come, the worker gets the other end of its streams.

use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::net;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use assize_docker_streams::{StreamsDirectory, StreamsListener, send_descriptor};
use bollard_stubs::models::Volume;
use http_body_util::Either;
use hyper::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::UnixStream;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::connections::Connection;
use crate::read;
use crate::refusal::{Answer, Refusal};
use crate::relay::Daemon;
use crate::settings::Settings;

/// How long the runner of a container that was started may take to come.
const COMES_WITHIN: Duration = Duration::from_secs(30);

/// A directory that cannot be used.
#[derive(Debug, Error)]
#[error(
    "cannot use streams_directory = {}: {source}; name a directory that only this user and root can write to, or leave the \
     setting empty",
    path.display()
)]
pub struct StreamsError {
    path: PathBuf,
    source: io::Error,
}

/// Where the sockets of boxes are.
#[derive(Debug)]
pub(crate) struct Sockets {
    parent: PathBuf,
    directory: StreamsDirectory,
    /// Volume that `parent` is, where it is one.
    volume: String,
    /// What the daemon calls `parent`.
    on_host: OnceCell<PathBuf>,
}

/// The socket of a box whose runner has not come yet.
#[derive(Debug)]
pub(crate) struct BoxSocket {
    listener: StreamsListener,
    user: u32,
}

impl Sockets {
    /// `None` when the settings name no directory.
    pub(crate) fn open(settings: &Settings) -> Result<Option<Self>, StreamsError> {
        let parent = settings.streams_directory.clone();
        if parent.as_os_str().is_empty() {
            return Ok(None);
        }
        match StreamsDirectory::open(&parent) {
            Ok(directory) => Ok(Some(Self {
                parent,
                directory,
                volume: settings.streams_volume.clone(),
                on_host: OnceCell::new(),
            })),
            Err(source) => Err(StreamsError { path: parent, source }),
        }
    }

    /// A socket for the box of this name and user, and its directory as the daemon has to mount it.
    pub(crate) async fn listen(&self, daemon: &Daemon, name: &str, user: u32) -> Result<(BoxSocket, String), Refusal> {
        let on_host = self.on_host.get_or_try_init(|| self.ask_where(daemon)).await?;
        let listener = self.directory.listen(name);
        let listener =
            listener.map_err(|error| Refusal::busy(format_args!("there is no socket for a box: {error}")))?;
        let source = on_host.join(self.directory.name()).join(name);
        let source = source.to_str().map(str::to_owned);
        let source = source.ok_or_else(|| Refusal::busy("streams_directory is not UTF-8"))?;
        Ok((BoxSocket { listener, user }, source))
    }

    /// Whether they are in a volume.
    pub(crate) fn is_volume(&self) -> bool {
        !self.volume.is_empty()
    }

    async fn ask_where(&self, daemon: &Daemon) -> Result<PathBuf, Refusal> {
        if self.volume.is_empty() {
            return Ok(self.parent.clone());
        }
        let target = format!("/volumes/{}", self.volume);
        let found = daemon.ask(Method::GET, &target, Vec::new()).await?;
        if found.status() != StatusCode::OK {
            let reason = format!("it has no volume streams_volume = {:?}", self.volume);
            return Err(Refusal::unreachable(reason));
        }
        let volume: Volume = read(found).await?;
        Ok(Path::new(&volume.mountpoint).to_owned())
    }
}

impl BoxSocket {
    /// Waits for the runner, and gives the worker's end of its streams.
    pub(crate) async fn hand_over(self) -> Result<net::UnixStream, Refusal> {
        match timeout(COMES_WITHIN, self.listener.hand_over(self.user)).await {
            // Of another user: a daemon that maps users, which it does the next time too.
            Ok(Err(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
                Err(Refusal::forbidden(format!("the runner has no streams: {error}")))
            }
            Ok(handed) => handed.map_err(|error| Refusal::busy(format_args!("the runner has no streams: {error}"))),
            Err(_elapsed) => Err(Refusal::busy("the runner does not come for its streams")),
        }
    }
}

/// Answers with the streams of a box, which come over the connection itself.
pub(crate) fn pass_on(streams: net::UnixStream, client: OnUpgrade, place: Arc<Connection>) -> Answer {
    tokio::spawn(async move {
        let _place = place;
        let passed = client
            .await
            .map_err(io::Error::other)
            .and_then(|client| send(&streams, client));
        if let Err(error) = passed {
            tracing::warn!(%error, "the streams of a box were lost before they began");
        }
    });
    let mut answer = Response::new(Either::Left(Default::default()));
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = answer.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("assize-streams"));
    answer
}

fn send(streams: &net::UnixStream, client: Upgraded) -> io::Result<()> {
    let client = client.downcast::<TokioIo<UnixStream>>();
    let client = client.map_err(|_other| io::Error::other("it came over no socket"))?;
    send_descriptor(client.io.inner(), streams.as_fd())
}
