//! The HTTP service. Every client that can connect can query it, so requests and connections are bounded.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::config::HttpSettings;
use crate::health::Watched;
use crate::telemetry;

/// Connections at once. Another one takes the place of the oldest: a client that asks at once is answered long before it is
/// the oldest, whatever others hold open.
const CONNECTIONS: usize = 256;

/// How long a client may take to say what it wants.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection may last, its answer included.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(20);

/// Largest head of a request, in bytes; the least that hyper can be told.
const HEAD_BYTES: usize = 8192;

/// A pause after a connection that could not be accepted, for there may be no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";

/// A place that cannot be listened at.
#[derive(Debug, Error)]
#[error(
    "cannot listen at {setting} = {listen:?}: {source}; name an address of this host, or set {setting} = \"\" for none"
)]
pub struct ListenError {
    /// Name of the setting.
    pub setting: &'static str,
    /// Its value.
    pub listen: String,
    /// Why.
    pub source: io::Error,
}

/// Answers until it is dropped.
#[derive(Debug)]
pub struct HttpService(JoinHandle<()>);

impl Drop for HttpService {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl HttpService {
    /// Begins to answer where a setting says, at another port where that is taken; `None` where it names no place.
    ///
    /// # Errors
    /// When the place is none of this host.
    pub async fn start(
        (setting, settings): (&'static str, &HttpSettings),
        watched: Arc<dyn Watched>,
    ) -> Result<Option<Self>, ListenError> {
        let Some(address) = settings.address() else {
            return Ok(None);
        };
        let failed = |source| ListenError {
            setting,
            listen: settings.listen.clone(),
            source,
        };
        let listener = bind(setting, address).await.map_err(failed)?;
        let listen = listener.local_addr().map_err(failed)?;
        tracing::info!(%listen, "health and metrics are served over HTTP");
        warn_of_strangers(listen);
        Ok(Some(Self(tokio::spawn(accept(listener, watched)))))
    }
}

/// A second worker or service on a host works as well as the first, whatever its port.
async fn bind(setting: &str, address: SocketAddr) -> io::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            tracing::warn!(
                "{setting} = \"{address}\" is taken, so health and metrics get another port; give each worker and service of a host its own"
            );
            TcpListener::bind((address.ip(), 0)).await
        }
        bound => bound,
    }
}

fn warn_of_strangers(listen: SocketAddr) {
    if !listen.ip().is_loopback() {
        tracing::warn!(%listen, "every client that reaches this address can read health and metrics; let only your own network reach it");
    }
}

async fn accept(listener: TcpListener, watched: Arc<dyn Watched>) {
    let mut connections = JoinSet::new();
    let mut by_age = VecDeque::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_ended) = connections.join_next() => {
                by_age.retain(|connection: &AbortHandle| !connection.is_finished());
                continue;
            }
        };
        match accepted {
            Ok((stream, _address)) => {
                if by_age.len() >= CONNECTIONS
                    && let Some(oldest) = by_age.pop_front()
                {
                    oldest.abort();
                }
                by_age.push_back(connections.spawn(converse(stream, Arc::clone(&watched))));
            }
            Err(error) => {
                tracing::warn!(%error, "the health service cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
}

/// One request and its answer.
async fn converse(stream: TcpStream, watched: Arc<dyn Watched>) {
    let service = service_fn(|request| {
        let watched = Arc::clone(&watched);
        async move { Ok::<_, Infallible>(respond(&request, watched.as_ref()).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIMEOUT)
        .max_buf_size(HEAD_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    match timeout(CONNECTION_TIMEOUT, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a connection ended badly"),
        Err(_elapsed) => tracing::debug!("a connection lasted too long"),
    }
}

async fn respond(request: &Request<Incoming>, watched: &dyn Watched) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = answer(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET and HEAD\n");
        refusal
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    match request.uri().path() {
        "/healthz" => match watched.alive() {
            Ok(()) => answer(StatusCode::OK, TEXT, "ok\n"),
            Err(stalled) => answer(StatusCode::SERVICE_UNAVAILABLE, TEXT, format!("{stalled}\n")),
        },
        "/readyz" => readiness(watched).await,
        "/metrics" => answer(StatusCode::OK, telemetry::CONTENT_TYPE, watched.metrics().await),
        _ => answer(
            StatusCode::NOT_FOUND,
            TEXT,
            "there are /healthz, /readyz and /metrics\n",
        ),
    }
}

async fn readiness(watched: &dyn Watched) -> Response<Full<Bytes>> {
    let readiness = watched.readiness().await;
    let status = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    match serde_json::to_string_pretty(&readiness) {
        Ok(document) => answer(status, JSON, document + "\n"),
        Err(error) => answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, format!("{error}\n")),
    }
}

fn answer(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
