//! The listener, and a bounded number of connections.

mod client_timeout;
mod idle;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::response::IntoResponse as _;
use futures::FutureExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::config::ServeSettings;
use crate::gateway::api::Api;
use crate::gateway::body::SMALL;
use crate::gateway::body::memory::BodyShare;
use crate::gateway::refusal::Refusal;
use crate::gateway::routes::list::is_probe;
use crate::gateway::routes::router;
use crate::gateway::server::client_timeout::ImpatientStream;
use crate::gateway::server::idle::{ClosedForAnother, Connection, IdleConnections, WatchedBody};
use crate::gateway::sites::requests::RequestPlace;
use crate::gateway::sites::token_file::TokenFileError;

/// Largest head of a request, in bytes.
const HEAD_BYTES: usize = 32 << 10;

/// A pause after a connection that could not be accepted, for there may be no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// How long answers may take that are under way when the service stops.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// How long the service waits then for what clients have left behind.
const LAST_WORK: Duration = Duration::from_secs(3);

/// Connections beside those of all clients, over which only probes are answered: a service whose clients take all of theirs is
/// alive, and may be ready.
const PROBE_CONNECTIONS: usize = 16;

/// How long a head over one of these may take to come.
const PROBE_PATIENCE: Duration = Duration::from_secs(1);

/// What a client hears that has not asked yet, where neither a connection nor one for probes is left: a head is not waited
/// for, so the answer has no document. [`full`] is that with one.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A service that cannot be started.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The address cannot be used.
    #[error("cannot listen at serve.listen = {listen}: {source}")]
    Listen {
        /// The setting.
        listen: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Everybody could do everything.
    #[error(
        "serve.listen = {0} can be reached from other hosts, and there are no tokens; \
         make one with assize token new and set serve.token_file, or listen at 127.0.0.1"
    )]
    NoTokens(SocketAddr),
    /// The file of tokens cannot be used.
    #[error(transparent)]
    Tokens(#[from] TokenFileError),
}

/// A service that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    api: Api,
    connections: usize,
    patience: Duration,
}

impl Server {
    /// Listens where the settings say.
    ///
    /// # Errors
    /// When the address cannot be used, or may not without tokens.
    pub async fn bind(settings: &ServeSettings, api: Api) -> Result<Self, GatewayError> {
        let listen = settings.listen;
        if !listen.ip().is_loopback() && !api.tokens().are_needed() {
            return Err(GatewayError::NoTokens(listen));
        }
        let failed = |source| GatewayError::Listen { listen, source };
        let listener = TcpListener::bind(listen).await.map_err(failed)?;
        Ok(Self {
            address: listener.local_addr().map_err(failed)?,
            listener,
            router: router(api.clone()),
            api,
            connections: settings.max_connections,
            patience: Duration::from_millis(settings.client_timeout_ms),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`. Requests that wait for a submission are answered then, and streams end; answers that are under way
    /// are given a little time, and so is what is done for clients that have gone away. Those that still wait then are some of
    /// them.
    pub async fn serve(self, stop: &CancellationToken) {
        let room = Arc::new(Semaphore::new(self.connections));
        let probes = Arc::new(Semaphore::new(PROBE_CONNECTIONS));
        let idle = Arc::<IdleConnections>::default();
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.listener.accept() => accepted,
                Some(_ended) = connections.join_next() => continue,
            };
            let (stream, client) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "the HTTP service cannot accept a connection");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let own = make_room(&room, &idle).await;
            let only_probes = own.is_none();
            let Some(permit) = own.or_else(|| Arc::clone(&probes).try_acquire_owned().ok()) else {
                refuse(stream).await;
                continue;
            };
            let served = self.served(&idle, client.ip(), only_probes);
            let stop = stop.clone();
            connections.spawn(async move {
                served.serve(stream, &stop).await;
                drop(permit);
            });
        }
        drop(self.listener);
        self.api.stopping().cancel();
        let _elapsed = timeout(LAST_ANSWERS, async { while connections.join_next().await.is_some() {} }).await;
        connections.shutdown().await;
        self.api.background().finish(LAST_WORK).await;
    }

    fn served(&self, idle: &Arc<IdleConnections>, client: IpAddr, only_probes: bool) -> ServedConnection {
        // One for probes is closed for no other one, which would have no place of its kind.
        let (idle, patience) = match only_probes {
            true => (Arc::default(), self.patience.min(PROBE_PATIENCE)),
            false => (Arc::clone(idle), self.patience),
        };
        ServedConnection {
            connection: idle.begin(),
            client,
            api: self.api.clone(),
            router: self.router.clone(),
            patience,
            only_probes,
        }
    }
}

/// What a client hears that has asked over a connection for probes, for something else.
fn full() -> Response<Body> {
    let detail = "there is no connection left; send it again in a while";
    Refusal::busy(detail).into_response()
}

async fn refuse(mut stream: TcpStream) {
    // A fresh connection takes this at once, or it is gone.
    let _gone = timeout(PAUSE, stream.write_all(FULL)).await;
}

/// Room for one more connection, if need be that of one that is idle.
async fn make_room(room: &Arc<Semaphore>, idle: &IdleConnections) -> Option<OwnedSemaphorePermit> {
    if let Ok(permit) = Arc::clone(room).try_acquire_owned() {
        return Some(permit);
    }
    if !idle.close_one() {
        return None;
    }
    // The semaphore is never closed, and the connection ends at once.
    Arc::clone(room).acquire_owned().await.ok()
}

/// A connection with what answers its requests.
struct ServedConnection {
    connection: Arc<Connection>,
    client: IpAddr,
    api: Api,
    router: Router,
    patience: Duration,
    /// It is one of those beside the others, for one request.
    only_probes: bool,
}

impl ServedConnection {
    /// Answers its requests, until it ends or is closed for another one.
    async fn serve(&self, stream: TcpStream, stop: &CancellationToken) {
        tokio::select! {
            () = self.connection.closed_for_another() => {}
            () = self.serve_all(stream, stop) => {}
        }
    }

    async fn serve_all(&self, stream: TcpStream, stop: &CancellationToken) {
        // Events are small, and are to be seen when they happen.
        let _old_kernel = stream.set_nodelay(true);
        let stream = TokioIo::new(ImpatientStream::new(
            stream,
            Arc::clone(&self.connection),
            self.patience,
        ));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.patience)
            .max_buf_size(HEAD_BYTES)
            .keep_alive(!self.only_probes)
            .serve_connection(stream, service_fn(|request| self.answer(request).boxed()));
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = &mut connection => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended badly");
        }
    }

    async fn answer(&self, mut request: Request<Incoming>) -> Result<Response<WatchedBody>, ClosedForAnother> {
        let in_progress = self.connection.request()?;
        if is_probe(request.uri().path()) {
            let response = self.routed(request).await;
            return Ok(response.map(|body| WatchedBody::new(body, in_progress)));
        }
        if self.only_probes {
            return Ok(full().map(|body| WatchedBody::new(body, in_progress)));
        }
        let place = RequestPlace::of(self.client);
        request.extensions_mut().insert(place.clone());
        let only_reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let response = self.routed(request).await;
        let (response, share) = self.with_room(response, &place, only_reads);
        Ok(response.map(|body| WatchedBody::new(body, in_progress).holding((place, share))))
    }

    async fn routed(&self, request: Request<Incoming>) -> Response<Body> {
        let Ok(response) = TowerToHyperService::new(self.router.clone()).call(request).await;
        response
    }

    /// A large answer with the room that it takes up until its client has read it. What only reads is refused where there is
    /// none, and asks again; an answer to what has had an effect is given in any case.
    fn with_room(
        &self,
        response: Response<Body>,
        place: &RequestPlace,
        only_reads: bool,
    ) -> (Response<Body>, Option<BodyShare>) {
        let bytes = response.body().size_hint().exact().unwrap_or_default();
        if bytes <= SMALL as u64 {
            return (response, None);
        }
        match self.api.requests().share(place, bytes) {
            Ok(share) => (response, Some(share)),
            Err(refusal) if only_reads => (refusal.into_response(), None),
            Err(_given_in_any_case) => (response, None),
        }
    }
}
