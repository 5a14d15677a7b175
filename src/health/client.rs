//! Queries the readiness of a worker or a service, and the metrics of a worker.

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

/// Who can be queried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Monitored {
    /// `assize worker`.
    Worker,
    /// `assize serve`.
    Service,
}

impl Monitored {
    /// The setting that says where it listens.
    fn setting(self) -> &'static str {
        match self {
            Self::Worker => "http.listen",
            Self::Service => "serve.monitoring.listen",
        }
    }
}

/// A worker or a service that cannot be queried.
#[derive(Debug, Error)]
pub enum QueryError {
    /// The settings name no place.
    #[error("{} = {listen:?} names no port to ask at; set it as the {asked} has it", asked.setting())]
    NoAddress {
        /// Who was asked.
        asked: Monitored,
        /// The setting.
        listen: String,
    },
    /// Nothing listens there.
    #[error("no {asked} answers at {address}: {source}; is it running, with the same {}?", asked.setting())]
    Unreachable {
        /// Who was asked.
        asked: Monitored,
        /// The place.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The answer takes too long.
    #[error("the {asked} at {address} does not answer within {ANSWER_TIMEOUT:?}; see its log")]
    Silent {
        /// Who was asked.
        asked: Monitored,
        /// The place.
        address: SocketAddr,
    },
    /// The answer is that of something else.
    #[error("what listens at {address} is no {asked}: {source}; is {} the same?", asked.setting())]
    Foreign {
        /// Who was asked.
        asked: Monitored,
        /// The place.
        address: SocketAddr,
        /// What is wrong with its answer.
        source: AnswerError,
    },
    /// Another one has the port.
    #[error(
        "the {asked} at {address} is {found}, not {wanted}; give each {asked} of a host its own {}",
        asked.setting()
    )]
    Another {
        /// Who was asked.
        asked: Monitored,
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

/// Asks the worker or the service with this id, which has these settings, on this host, whether it is ready.
///
/// # Errors
/// When it does not answer, or another one does.
pub async fn query(asked: Monitored, settings: &HttpSettings, id: &str) -> Result<Readiness, QueryError> {
    let address = address_in(asked, settings)?;
    match timeout(ANSWER_TIMEOUT, converse(asked, address)).await {
        Ok(Ok(readiness)) if readiness.worker != id => Err(QueryError::Another {
            asked,
            address,
            found: readiness.worker,
            wanted: id.to_owned(),
        }),
        Ok(answered) => answered,
        Err(_elapsed) => Err(QueryError::Silent { asked, address }),
    }
}

/// What listens at every address listens on loopback.
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
    let asked = Monitored::Worker;
    let address = address_in(asked, settings)?;
    let answer = timeout(ANSWER_TIMEOUT, request(asked, address, "/metrics")).await;
    let answer = answer.map_err(|_elapsed| QueryError::Silent { asked, address })??;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn address_in(asked: Monitored, settings: &HttpSettings) -> Result<SocketAddr, QueryError> {
    let address = settings.address().filter(|address| address.port() != 0);
    let address = address.ok_or_else(|| QueryError::NoAddress {
        asked,
        listen: settings.listen.clone(),
    })?;
    Ok(near(address))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the readiness that another worker answers with is no message of the contract"
)]
async fn converse(asked: Monitored, address: SocketAddr) -> Result<Readiness, QueryError> {
    let answer = request(asked, address, "/readyz").await?;
    serde_json::from_slice(&answer).map_err(|error| QueryError::Foreign {
        asked,
        address,
        source: error.into(),
    })
}

async fn request(asked: Monitored, address: SocketAddr, path: &str) -> Result<Bytes, QueryError> {
    let stream = TcpStream::connect(address).await;
    let stream = stream.map_err(|source| QueryError::Unreachable { asked, address, source })?;
    let answer = get(stream, address, path).await;
    answer.map_err(|source| QueryError::Foreign { asked, address, source })
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
