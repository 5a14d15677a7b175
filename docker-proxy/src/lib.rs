//! A socket of a Docker Engine that can make boxes and nothing else.
//!
//! A process that may use Docker's own socket is root on the host. So a worker gets this one: a handful of calls, on
//! boxes only, and a box is what `request` says it is.
//!
//! ```text
//! DockerProxy::serve
//!  `- a task per connection -> per request:
//!       call:    is it one of the few?           what is sent on is written anew from what was read
//!       request: is the container a box?         the body is compared with the one that a worker would send
//!       whose:   did this worker make it?        else it is seen at most, and removed once its maker is gone
//!       relay:   to the daemon and back          streams are copied, once attached
//!       streams: a box has a socket of its own   its streams go past the daemon, and past the proxy
//! ```

#![expect(
    clippy::disallowed_methods,
    reason = "the bodies of requests are bounded before they are read"
)]
#![forbid(unsafe_code)]

mod answer_body;
mod body;
mod boxes;
mod call;
mod connections;
mod makers;
mod making;
mod refusal;
mod relay;
mod request;
mod settings;
mod socket;
mod streams;
mod watch;
mod whose;

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use assize_docker_box::SECCOMP_PROFILE;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use answer_body::AnswerBody;
use body::{Bodies, Body};
use boxes::Boxes;
use call::{Call, Versioned};
use connections::{Connection, Connections};
use makers::{Maker, Makers};
use making::Creation;
use refusal::{Answer, Refusal};
use relay::{Daemon, answer};
use request::Bounds;
pub use settings::{DEFAULTS, Settings, SettingsError, socket_path};
pub use socket::listen_at;
use streams::Sockets;
pub use streams::StreamsError;
pub use watch::daemon_lost;

/// Most of a request that is kept before its head is complete, in bytes. Bodies are read in pieces.
const HEAD_BYTES: usize = 32 << 10;

/// Largest answer that the proxy reads itself, in bytes.
const ANSWER_BYTES: usize = 16 << 20;

/// How long a client may take to say what it wants.
const ASKS_WITHIN: Duration = Duration::from_secs(10);

/// A pause after a connection that could not be accepted, for there may be no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// A seccomp profile that cannot be used.
#[derive(Debug, Error)]
#[error(
    "cannot use seccomp_profile = {}: {source}; name a profile in Docker's format, or leave the setting empty for the one \
     that is built in",
    path.display()
)]
pub struct ProfileError {
    path: PathBuf,
    source: io::Error,
}

/// A proxy that cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// For its seccomp profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// For the directory of the sockets of boxes.
    #[error(transparent)]
    Streams(#[from] StreamsError),
}

/// The proxy.
#[derive(Debug)]
pub struct DockerProxy {
    daemon: Daemon,
    bounds: Bounds,
    boxes: Boxes,
    /// When the boxes were listed last; held while they are.
    listed_at: Mutex<Option<Instant>>,
    makers: Makers,
    bodies: Bodies,
    /// Where it makes the sockets of boxes, if it does.
    sockets: Option<Sockets>,
}

impl DockerProxy {
    /// A proxy for boxes as these settings have them.
    ///
    /// # Errors
    /// When the settings name a seccomp profile or a directory that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, StartError> {
        Ok(Self {
            daemon: Daemon::at(
                socket_path(&settings.docker).unwrap_or_else(|| Path::new("/var/run/docker.sock")),
                Duration::from_millis(settings.answer_timeout_ms),
            ),
            bounds: Bounds {
                profile: compact_profile(&settings.seccomp_profile)?,
                limits: settings.clone(),
            },
            boxes: Boxes::default(),
            listed_at: Mutex::default(),
            makers: Makers::default(),
            bodies: Bodies::default(),
            sockets: Sockets::open(settings)?,
        })
    }

    /// Serves every connection, until `stop`.
    pub async fn serve(self, listener: UnixListener, stop: impl Future<Output = ()>) {
        let proxy = Arc::new(self);
        let connections = Connections::new();
        let accepting = async {
            while let Some(connection) = connections.place().await {
                match listener.accept().await {
                    Ok((stream, _address)) => proxy.begin(stream, connection),
                    Err(error) => {
                        tracing::warn!(%error, "the proxy cannot accept a connection");
                        sleep(PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            () = stop => {}
            () = accepting => {}
        }
    }

    /// Serves one connection, in a task of its own that ends with it.
    fn begin(self: &Arc<Self>, stream: UnixStream, connection: Arc<Connection>) {
        let (proxy, served) = (Arc::clone(self), Arc::clone(&connection));
        let task = tokio::spawn(async move { proxy.converse(stream, &served).await });
        connection.is_served_by(task.abort_handle());
    }

    async fn converse(self: Arc<Self>, stream: UnixStream, connection: &Arc<Connection>) {
        let service = service_fn(|request| {
            let (proxy, connection) = (Arc::clone(&self), Arc::clone(connection));
            async move {
                let answer = proxy.respond(request, &connection).await;
                // A connection that carries streams now keeps its place until they end.
                let carries_streams = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
                if !carries_streams {
                    connection.is_silent();
                }
                let connection = (!carries_streams).then_some(connection);
                Ok::<_, Infallible>(answer.map(|body| AnswerBody { body, connection }))
            }
        });
        let conversation = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(ASKS_WITHIN)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        if let Err(error) = conversation.await {
            tracing::debug!(%error, "a connection ended badly");
        }
    }

    async fn respond(self: Arc<Self>, request: Request<Incoming>, connection: &Arc<Connection>) -> Answer {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        match self.pass(request, connection).await {
            Ok(answer) => answer,
            Err(refusal) => {
                let path: String = uri.path().chars().take(200).collect();
                tracing::warn!(%method, path = %path.escape_debug(), reason = %refusal, "the proxy refuses a request");
                refusal.answer()
            }
        }
    }

    async fn pass(
        self: &Arc<Self>,
        mut request: Request<Incoming>,
        connection: &Arc<Connection>,
    ) -> Result<Answer, Refusal> {
        let client = hyper::upgrade::on(&mut request);
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let maker = Maker::of(request.headers());
        // Read in any case: a client that is still writing would not hear a refusal.
        let body = self.bodies.read(request).await?;
        connection.is_busy();
        let sender = Sender {
            maker: maker?,
            body,
            client,
            connection: Arc::clone(connection),
        };
        self.answer(Versioned::read(&method, &uri)?, sender).await
    }

    async fn answer(self: &Arc<Self>, versioned: Versioned, sender: Sender) -> Result<Answer, Refusal> {
        let Sender {
            maker,
            body,
            client,
            connection,
        } = sender;
        match versioned.call.clone() {
            Call::Ping | Call::Version | Call::Info | Call::List { .. } => self.ask(&versioned).await,
            Call::Image(name) if self.bounds.limits.images.contains(&name) => self.ask(&versioned).await,
            Call::Image(name) => Err(Refusal::forbidden(format!("no box is made of the image {name:?}"))),
            Call::Create { name } => {
                let creation = Creation {
                    versioned,
                    name,
                    body,
                    maker,
                    connection,
                };
                self.create(creation).await
            }
            Call::Inspect(container) => {
                let id = self.one_of_ours(&container).await?;
                self.ask(&versioned.with(Call::Inspect(id))).await
            }
            Call::Attach(container) => {
                let id = self.made_by(&maker, &container, &connection)?;
                self.attach(versioned, id, client, connection).await
            }
            Call::Streams(container) => {
                let id = self.made_by(&maker, &container, &connection)?;
                self.hand_over(&id, client, connection).await
            }
            Call::Start(container) => {
                let id = self.made_by(&maker, &container, &connection)?;
                self.start(versioned, id).await
            }
            Call::Update(container) => {
                let id = self.made_by(&maker, &container, &connection)?;
                self.resize(versioned, id, &body, connection).await
            }
            Call::Remove(container) => self.remove(versioned, &container, &maker, connection).await,
        }
    }

    async fn start(&self, versioned: Versioned, id: String) -> Result<Answer, Refusal> {
        let target = versioned.with(Call::Start(id)).target();
        Ok(answer(self.daemon.ask(Method::POST, &target, Vec::new()).await?))
    }

    async fn ask(&self, versioned: &Versioned) -> Result<Answer, Refusal> {
        let sent = self.daemon.ask(Method::GET, &versioned.target(), Vec::new()).await?;
        Ok(answer(sent))
    }
}

/// Who has sent a request, and what came with it.
struct Sender {
    maker: Maker,
    body: Body,
    client: OnUpgrade,
    connection: Arc<Connection>,
}

/// A call of the proxy's own, in whatever version the daemon speaks.
fn plain(call: Call) -> Versioned {
    Versioned { version: None, call }
}

/// The profile travels by content in every request for a box, without its white space.
fn compact_profile(path: &Path) -> Result<String, ProfileError> {
    let unusable = |source| ProfileError {
        path: path.to_owned(),
        source,
    };
    let text = if path.as_os_str().is_empty() {
        SECCOMP_PROFILE.to_owned()
    } else {
        std::fs::read_to_string(path).map_err(unusable)?
    };
    assize_docker_box::compact_profile(&text).map_err(|error| unusable(error.into()))
}

async fn read<T: DeserializeOwned>(response: hyper::Response<Incoming>) -> Result<T, Refusal> {
    let collecting = Limited::new(response.into_body(), ANSWER_BYTES).collect();
    let collected = match timeout(ASKS_WITHIN, collecting).await {
        Ok(collected) => collected.map_err(Refusal::unreachable)?,
        Err(_elapsed) => return Err(Refusal::unreachable("it does not answer")),
    };
    serde_json::from_slice(&collected.to_bytes()).map_err(Refusal::unreachable)
}
