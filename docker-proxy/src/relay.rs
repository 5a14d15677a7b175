//! A request of the proxy's own to the daemon, and the streams of an attached container in both directions.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, UPGRADE};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader, copy_buf, split};
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::refusal::{Answer, Refusal};

/// By which clients know how to speak to the daemon.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// How long the daemon may take to accept a connection.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);

/// How long the other side may go on when one has said all.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// How much of a stream is copied at once, in bytes.
const PIECE: usize = 64 << 10;

/// The daemon.
#[derive(Debug)]
pub(crate) struct Daemon {
    socket: PathBuf,
    /// How long it may take to begin an answer.
    answers_within: Duration,
}

impl Daemon {
    pub(crate) fn at(socket: &Path, answers_within: Duration) -> Self {
        Self {
            socket: socket.to_owned(),
            answers_within,
        }
    }

    /// Asks, and gives the answer as it comes.
    pub(crate) async fn ask(&self, method: Method, target: &str, body: Vec<u8>) -> Result<Response<Incoming>, Refusal> {
        self.send(request(method, target, body)?).await
    }

    /// Asks for the streams of a container, and copies them from and to the client from the moment that both sides agree.
    /// `place` is dropped when they end.
    pub(crate) async fn attach(
        &self,
        target: &str,
        client: OnUpgrade,
        place: impl Send + 'static,
    ) -> Result<Answer, Refusal> {
        let mut request = request(Method::POST, target, Vec::new())?;
        let headers = request.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("tcp"));
        let mut response = self.send(request).await?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(answer(response));
        }
        let daemon = hyper::upgrade::on(&mut response);
        tokio::spawn(async move {
            // The streams are a connection too, as long as they are copied.
            let _place = place;
            match tokio::try_join!(client, daemon) {
                Ok((client, daemon)) => copy(client, daemon).await,
                Err(error) => tracing::warn!(%error, "the streams of a container were lost before they began"),
            }
        });
        let mut answer = answer(response);
        let headers = answer.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("tcp"));
        Ok(answer)
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Refusal> {
        let connecting = UnixStream::connect(&self.socket);
        let stream = match timeout(CONNECTS_WITHIN, connecting).await {
            Ok(connected) => connected.map_err(Refusal::unreachable)?,
            Err(_elapsed) => return Err(Refusal::unreachable("it accepts no connection")),
        };
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(Refusal::unreachable)?;
        tokio::spawn(connection.with_upgrades());
        match timeout(self.answers_within, sender.send_request(request)).await {
            Ok(answered) => answered.map_err(Refusal::unreachable),
            Err(_elapsed) => Err(Refusal::unreachable("it does not answer")),
        }
    }
}

/// Only what is known to be harmless is passed on from the daemon's head.
pub(crate) fn answer(response: Response<Incoming>) -> Answer {
    let (head, body) = response.into_parts();
    let mut answer = Response::new(Either::Right(body));
    *answer.status_mut() = head.status;
    for name in [CONTENT_TYPE, API_VERSION] {
        if let Some(value) = head.headers.get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

fn request(method: Method, target: &str, body: Vec<u8>) -> Result<Request<Full<Bytes>>, Refusal> {
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = target
        .parse()
        .map_err(|_error| Refusal::forbidden("its path is no path"))?;
    let headers = request.headers_mut();
    headers.insert(HOST, HeaderValue::from_static("docker"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(request)
}

/// Until both have said all, or one of them is gone. The daemon keeps the streams of a container that is never started
/// open even when the client has hung up: when one side has said all, the other has a while.
async fn copy(client: Upgraded, daemon: Upgraded) {
    let (from_client, to_client) = split(TokioIo::new(client));
    let (from_daemon, to_daemon) = split(TokioIo::new(daemon));
    let mut there = pin!(copy_one_way(from_client, to_daemon));
    let mut back = pin!(copy_one_way(from_daemon, to_client));
    let copied = tokio::select! {
        first = &mut there => first.and(timeout(ENDS_WITHIN, back).await.unwrap_or(Ok(()))),
        first = &mut back => first.and(timeout(ENDS_WITHIN, there).await.unwrap_or(Ok(()))),
    };
    if let Err(error) = copied {
        tracing::debug!(%error, "the streams of a container were cut");
    }
}

async fn copy_one_way(from: impl AsyncRead, to: impl AsyncWrite) -> io::Result<()> {
    let (mut from, mut to) = (pin!(BufReader::with_capacity(PIECE, from)), pin!(to));
    copy_buf(&mut from, &mut to).await?;
    to.shutdown().await
}
