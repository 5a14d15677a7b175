//! The API of a Firecracker: JSON over HTTP on a Unix socket, which is gone before a program runs.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::UnixStream;
use tokio::task::{AbortHandle, spawn};
use tokio::time::sleep;

/// Between two looks for the socket, which Firecracker makes within milliseconds.
const PAUSE: Duration = Duration::from_millis(2);

/// Longest answer, in bytes.
const LONGEST: usize = 64 << 10;

const JSON: &str = "application/json";

/// A connection to a Firecracker.
#[derive(Debug)]
pub(super) struct Api {
    requests: SendRequest<Full<Bytes>>,
    connection: AbortHandle,
}

impl Api {
    /// Connects to a Firecracker that was just started, once it listens.
    pub(super) async fn at(socket: &Path) -> io::Result<Self> {
        let stream = loop {
            match UnixStream::connect(socket).await {
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
                    sleep(PAUSE).await;
                }
                connected => break connected?,
            }
        };
        let (requests, connection) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        let connection = spawn(connection).abort_handle();
        Ok(Self { requests, connection })
    }

    /// Gives a resource of the machine this state.
    pub(super) async fn put(&mut self, path: &str, body: &impl Serialize) -> io::Result<()> {
        self.request(Method::PUT, path, body).await
    }

    /// Changes the state of the machine.
    pub(super) async fn patch(&mut self, path: &str, body: &impl Serialize) -> io::Result<()> {
        self.request(Method::PATCH, path, body).await
    }

    async fn request(&mut self, method: Method, path: &str, body: &impl Serialize) -> io::Result<()> {
        let body = serde_json::to_vec(body)?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header(ACCEPT, JSON)
            .header(CONTENT_TYPE, JSON)
            .body(Full::new(Bytes::from(body)))
            .map_err(io::Error::other)?;
        // Until the answer before is all read, the connection takes no other request.
        self.requests.ready().await.map_err(io::Error::other)?;
        let answer = self.requests.send_request(request).await.map_err(io::Error::other)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LONGEST).collect().await;
        let body = body.map_err(io::Error::other)?.to_bytes();
        if status.is_success() {
            return Ok(());
        }
        let body = String::from_utf8_lossy(&body);
        Err(io::Error::other(format!("Firecracker refuses {path}: {status} {body}")))
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
