//! A socket of a Docker Engine that can make boxes and nothing else.
//!
//! Whoever may use Docker's own socket is root on the host. So a worker gets this one: a handful of calls, on boxes only,
//! and a box is what [`asked`] says it is.
//!
//! ```text
//! DockerProxy::serve
//!  `- a task per connection -> per request:
//!       call:  is it one of the few?           what is sent on is written anew from what was read
//!       asked: is the container a box?         the body is compared with the one that a worker would send
//!       boxes: was the container made here?    else its labels decide, and only whether it is seen or removed
//!       relay: to the daemon and back          streams are copied, once attached
//! ```

mod asked;
mod boxes;
mod call;
mod refusal;
mod relay;

use std::convert::Infallible;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bollard::models::{ContainerCreateResponse, ContainerInspectResponse, ContainerSummary};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::sandbox::BackendError;
use crate::sandbox::docker::setup::compact_profile;
use crate::sandbox::docker::sweep;
use crate::sandbox::docker::wish::MARK;
use asked::{Asked, Bounds};
use boxes::Boxes;
use call::{Call, Filters, Versioned};
use refusal::{Answer, Refusal};
use relay::{Daemon, answer};

pub(super) use refusal::REFUSED;

/// Largest body of a request, in bytes: a wish for a box, most of it the seccomp profile.
const BODY_BYTES: usize = 1 << 20;

/// Largest answer that the proxy reads itself, in bytes.
const ANSWER_BYTES: usize = 16 << 20;

/// How long a client may take to say what it wants.
const ASKS_WITHIN: Duration = Duration::from_secs(10);

/// Connections at once. Every box that is attached has one.
const CONNECTIONS: usize = 4096;

/// A pause after a connection that could not be accepted, for there may be no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// A proxy that cannot start.
#[derive(Debug, Error)]
pub enum ProxyError {
    /// The socket of the daemon is none.
    #[error("docker_proxy.docker = {0:?} is no socket; write it as unix:///var/run/docker.sock")]
    NoSocket(String),
    /// The profile cannot be used.
    #[error(transparent)]
    Profile(#[from] BackendError),
}

/// The proxy.
#[derive(Debug)]
pub struct DockerProxy {
    daemon: Daemon,
    bounds: Bounds,
    boxes: Boxes,
}

impl DockerProxy {
    /// A proxy for boxes as these settings have them.
    ///
    /// # Errors
    /// When the settings name no socket, or a seccomp profile that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, ProxyError> {
        let limits = settings.docker_proxy.clone();
        let socket = limits.docker.strip_prefix("unix://").map(PathBuf::from);
        let socket = socket.filter(|path| path.is_absolute());
        let socket = socket.ok_or_else(|| ProxyError::NoSocket(limits.docker.clone()))?;
        let environments = settings.sandbox.docker.images.values();
        Ok(Self {
            daemon: Daemon::at(&socket),
            bounds: Bounds {
                images: environments.chain(&limits.images).cloned().collect(),
                limits,
                profile: compact_profile(&settings.sandbox.docker)?,
                runtime: settings.sandbox.docker.runtime.clone(),
            },
            boxes: Boxes::default(),
        })
    }

    /// Serves whoever connects, until `stop`.
    pub async fn serve(self, listener: UnixListener, stop: CancellationToken) {
        let proxy = Arc::new(self);
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let accepting = async {
            loop {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                match listener.accept().await {
                    Ok((stream, _address)) => {
                        let proxy = Arc::clone(&proxy);
                        tokio::spawn(async move {
                            proxy.converse(stream).await;
                            drop(place);
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = accepting => {}
        }
    }

    async fn converse(self: Arc<Self>, stream: UnixStream) {
        let service = service_fn(|request| {
            let proxy = Arc::clone(&self);
            async move { Ok::<_, Infallible>(proxy.respond(request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(ASKS_WITHIN)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended badly");
        }
    }

    async fn respond(&self, request: Request<Incoming>) -> Answer {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        match self.pass(request).await {
            Ok(answer) => answer,
            Err(refusal) => {
                let path: String = uri.path().chars().take(200).collect();
                tracing::warn!(%method, path = %path.escape_debug(), "{refusal}");
                refusal.answer()
            }
        }
    }

    async fn pass(&self, mut request: Request<Incoming>) -> Result<Answer, Refusal> {
        let client = hyper::upgrade::on(&mut request);
        let (method, uri) = (request.method().clone(), request.uri().clone());
        // Read in any case: a client that is still writing would not hear a refusal.
        let body = body(request).await?;
        let mut versioned = Versioned::read(&method, &uri)?;
        match versioned.call.clone() {
            Call::Ping | Call::Version | Call::Info | Call::List { .. } => self.ask(&versioned).await,
            Call::Image(name) if self.bounds.images.contains(&name) => self.ask(&versioned).await,
            Call::Image(name) => Err(Refusal::forbidden(format!("no box is made of the image {name:?}"))),
            Call::Create { name } => self.create(&versioned, &name, body).await,
            Call::Attach(container) => {
                versioned.call = Call::Attach(self.made_here(&container)?);
                self.daemon.attach(&versioned.target(), client).await
            }
            Call::Start(container) => {
                versioned.call = Call::Start(self.made_here(&container)?);
                let sent = self.daemon.ask(Method::POST, &versioned.target(), Vec::new()).await?;
                Ok(answer(sent))
            }
            Call::Update(container) => {
                versioned.call = Call::Update(self.made_here(&container)?);
                let limits = self.bounds.update(&body)?;
                let sent = self.daemon.ask(Method::POST, &versioned.target(), limits).await?;
                Ok(answer(sent))
            }
            Call::Inspect(container) => {
                versioned.call = Call::Inspect(self.one_of_ours(&container).await?);
                self.ask(&versioned).await
            }
            Call::Remove(container) => {
                let ours = self.one_of_ours(&container).await;
                let forget_unknown = |refusal: &Refusal| {
                    // Nobody removes what is still to come.
                    if refusal.is_unknown() {
                        self.boxes.forget(&container);
                    }
                };
                versioned.call = Call::Remove(ours.inspect_err(forget_unknown)?);
                let sent = self.daemon.ask(Method::DELETE, &versioned.target(), Vec::new()).await?;
                if sent.status().is_success() || sent.status() == StatusCode::NOT_FOUND {
                    self.boxes.forget(&container);
                }
                Ok(answer(sent))
            }
        }
    }

    async fn ask(&self, versioned: &Versioned) -> Result<Answer, Refusal> {
        let sent = self.daemon.ask(Method::GET, &versioned.target(), Vec::new()).await?;
        Ok(answer(sent))
    }

    async fn create(&self, versioned: &Versioned, name: &str, body: Vec<u8>) -> Result<Answer, Refusal> {
        let Asked {
            body,
            joins,
            is_network,
        } = self.bounds.create(&body)?;
        if let Some(joined) = joins.filter(|joined| !self.boxes.is_network(joined)) {
            return Err(Refusal::forbidden(format!(
                "{joined:?} is no container whose network was made here for others to join"
            )));
        }
        self.reserve(name, is_network).await?;
        let made = self.made(versioned, name, body).await;
        if made.is_err() {
            self.boxes.forget(name);
        }
        made
    }

    /// A place among the boxes. Some of those that are remembered may have been removed by others.
    async fn reserve(&self, name: &str, is_network: bool) -> Result<(), Refusal> {
        let most = self.bounds.limits.boxes;
        if self.boxes.reserve(name, is_network, most) {
            return Ok(());
        }
        let list = Call::List {
            all: true,
            filters: Filters::from([("label".to_owned(), vec![sweep::LABEL.to_owned()])]),
        };
        let listed = self.daemon.ask(Method::GET, &plain(list).target(), Vec::new()).await?;
        let listed: Vec<ContainerSummary> = read(listed).await?;
        let ids: Vec<String> = listed.into_iter().filter_map(|found| found.id).collect();
        self.boxes.keep_only(&ids);
        if self.boxes.reserve(name, is_network, most) {
            return Ok(());
        }
        Err(Refusal::forbidden(format!(
            "there are docker_proxy.boxes = {most} boxes, or one of this name"
        )))
    }

    async fn made(&self, versioned: &Versioned, name: &str, body: Vec<u8>) -> Result<Answer, Refusal> {
        let sent = self.daemon.ask(Method::POST, &versioned.target(), body).await?;
        if sent.status() != StatusCode::CREATED {
            self.boxes.forget(name);
            return Ok(answer(sent));
        }
        let created: ContainerCreateResponse = read(sent).await?;
        self.boxes.made_as(name, &created.id);
        let body = serde_json::json!({ "Id": created.id, "Warnings": created.warnings }).to_string();
        let mut response = hyper::Response::new(http_body_util::Either::Left(body.into()));
        *response.status_mut() = StatusCode::CREATED;
        Ok(response)
    }

    /// The id of a container that was made here.
    fn made_here(&self, container: &str) -> Result<String, Refusal> {
        self.boxes.id_of(container).ok_or_else(|| Refusal::unknown(container))
    }

    /// The id of a container that is a box, whoever made it.
    async fn one_of_ours(&self, container: &str) -> Result<String, Refusal> {
        if let Some(id) = self.boxes.id_of(container) {
            return Ok(id);
        }
        let inspect = plain(Call::Inspect(container.to_owned())).target();
        let found = self.daemon.ask(Method::GET, &inspect, Vec::new()).await?;
        match found.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Err(Refusal::unknown(container)),
            other => return Err(Refusal::unreachable(format!("it answers {other}"))),
        }
        let found: ContainerInspectResponse = read(found).await?;
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        let is_ours = labels.contains_key(MARK) && labels.contains_key(sweep::LABEL);
        found
            .id
            .filter(|_id| is_ours)
            .ok_or_else(|| Refusal::unknown(container))
    }
}

/// A call of the proxy's own, in whatever version the daemon speaks.
fn plain(call: Call) -> Versioned {
    Versioned { version: None, call }
}

async fn body(request: Request<Incoming>) -> Result<Vec<u8>, Refusal> {
    let collecting = Limited::new(request.into_body(), BODY_BYTES).collect();
    match timeout(ASKS_WITHIN, collecting).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().to_vec()),
        Ok(Err(error)) => Err(Refusal::forbidden(format!("its body cannot be read: {error}"))),
        Err(_elapsed) => Err(Refusal::forbidden("its body does not come")),
    }
}

async fn read<T: DeserializeOwned>(response: hyper::Response<Incoming>) -> Result<T, Refusal> {
    let collecting = Limited::new(response.into_body(), ANSWER_BYTES).collect();
    let collected = match timeout(ASKS_WITHIN, collecting).await {
        Ok(collected) => collected.map_err(Refusal::unreachable)?,
        Err(_elapsed) => return Err(Refusal::unreachable("it does not answer")),
    };
    serde_json::from_slice(&collected.to_bytes()).map_err(Refusal::unreachable)
}

/// A socket at this path, in the place of one that nobody listens at any more.
///
/// # Errors
/// When there is something else, or somebody listens there.
pub async fn listen_at(path: &std::path::Path, mode: u32) -> io::Result<UnixListener> {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
    match tokio::fs::symlink_metadata(path).await {
        Ok(found) if found.file_type().is_socket() => {
            if UnixStream::connect(path).await.is_ok() {
                return Err(io::Error::new(io::ErrorKind::AddrInUse, "somebody listens there"));
            }
            tokio::fs::remove_file(path).await?;
        }
        Ok(_other) => return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something else is there")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let listener = UnixListener::bind(path)?;
    tokio::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).await?;
    Ok(listener)
}
