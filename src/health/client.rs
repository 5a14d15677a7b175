//! Queries the readiness and the metrics of a worker.

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::Request;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::HttpSettings;
use crate::health::Readiness;

/// How long the answer may take; a worker asks its own parts first.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(8);

/// Largest answer, in bytes.
const ANSWER_BYTES: usize = 64 << 10;

/// A worker that cannot be queried.
#[derive(Debug, Error)]
pub enum QueryError {
    /// The settings name no place.
    #[error("http.listen = {0:?} names no port to ask at; set it as the worker has it")]
    NoAddress(String),
    /// Nothing listens there.
    #[error("no worker answers at {address}: {source}; is it running, with the same http.listen?")]
    Unreachable {
        /// The place.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The answer takes too long.
    #[error("the worker at {0} does not answer within {ANSWER_TIMEOUT:?}; see its log")]
    Silent(SocketAddr),
    /// The answer is not that of a worker.
    #[error("what listens at {address} is no worker: {source}; is http.listen the same?")]
    NoWorker {
        /// The place.
        address: SocketAddr,
        /// What is wrong with its answer.
        source: AnswerError,
    },
    /// Another worker has the port.
    #[error("the worker at {address} is {found}, not {wanted}; give each worker of a host its own http.listen")]
    AnotherWorker {
        /// The place.
        address: SocketAddr,
        /// Who is there.
        found: String,
        /// Who should be.
        wanted: String,
    },
}

/// An answer that is not that of a worker.
#[derive(Debug, Error)]
pub enum AnswerError {
    /// It is not one of HTTP, or was broken off.
    #[error(transparent)]
    Http(#[from] hyper::Error),
    /// The request for it cannot be written.
    #[error(transparent)]
    Request(#[from] hyper::http::Error),
    /// It is longer than a worker's, or was broken off.
    #[error("{0}")]
    Body(#[source] Box<dyn Error + Send + Sync>),
    /// It holds something else than how a worker is.
    #[error(transparent)]
    NoReadiness(#[from] serde_json::Error),
}

/// Asks the worker with this id and these settings, on this host, whether it is ready.
///
/// # Errors
/// When it does not answer, or another one does.
pub async fn query(settings: &HttpSettings, worker: &str) -> Result<Readiness, QueryError> {
    let address = address_in(settings)?;
    match timeout(ANSWER_TIMEOUT, converse(address)).await {
        Ok(Ok(readiness)) if readiness.worker != worker => Err(QueryError::AnotherWorker {
            address,
            found: readiness.worker,
            wanted: worker.to_owned(),
        }),
        Ok(answered) => answered,
        Err(_elapsed) => Err(QueryError::Silent(address)),
    }
}

/// A worker that listens at every address listens on loopback.
fn near(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// The metrics of the worker with these settings on this host, in the text format of Prometheus.
///
/// # Errors
/// When it does not answer, or something else does.
pub async fn metrics_of(settings: &HttpSettings) -> Result<String, QueryError> {
    let address = address_in(settings)?;
    let answer = timeout(ANSWER_TIMEOUT, request(address, "/metrics")).await;
    let answer = answer.map_err(|_elapsed| QueryError::Silent(address))??;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn address_in(settings: &HttpSettings) -> Result<SocketAddr, QueryError> {
    let address = settings.address().filter(|address| address.port() != 0);
    let address = address.ok_or_else(|| QueryError::NoAddress(settings.listen.clone()))?;
    Ok(near(address))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the readiness that another worker answers with is no message of the contract"
)]
async fn converse(address: SocketAddr) -> Result<Readiness, QueryError> {
    let answer = request(address, "/readyz").await?;
    serde_json::from_slice(&answer).map_err(|error| QueryError::NoWorker {
        address,
        source: error.into(),
    })
}

async fn request(address: SocketAddr, path: &str) -> Result<Bytes, QueryError> {
    let stream = TcpStream::connect(address).await;
    let stream = stream.map_err(|source| QueryError::Unreachable { address, source })?;
    let answer = get(stream, address, path).await;
    answer.map_err(|source| QueryError::NoWorker { address, source })
}

async fn get(stream: TcpStream, address: SocketAddr, path: &str) -> Result<Bytes, AnswerError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get(path).header(HOST, address.to_string());
    let request = request.body(Empty::<Bytes>::new())?;
    let asking = async {
        let answer = sender.send_request(request).await?;
        let body = Limited::new(answer.into_body(), ANSWER_BYTES).collect();
        Ok(body.await.map_err(AnswerError::Body)?.to_bytes())
    };
    tokio::pin!(asking);
    tokio::select! {
        answered = &mut asking => answered,
        ended = connection => match ended {
            // What it had sent before is still to be read.
            Ok(()) => asking.await,
            Err(error) => Err(error.into()),
        },
    }
}
