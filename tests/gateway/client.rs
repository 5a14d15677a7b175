//! An HTTP client: one request per connection.

use std::net::SocketAddr;

use futures::StreamExt as _;
use http_body_util::{BodyExt as _, BodyStream, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::handshake;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::document::conforms;

/// A client with the headers that it sends.
#[derive(Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Client {
    pub(crate) fn of(address: SocketAddr) -> Self {
        Self {
            address,
            headers: vec![
                ("host".to_owned(), address.to_string()),
                ("content-type".to_owned(), "application/json".to_owned()),
            ],
        }
    }

    /// The same, with another header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _value)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<&str>) -> Answer {
        self.send_bytes(method, path, body.unwrap_or_default().as_bytes()).await
    }

    pub(crate) async fn send_bytes(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let (response, _connection) = self.open_with(method, path, body).await;
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    /// A response whose body comes while something happens; it ends with the connection.
    pub(crate) async fn open(
        &self,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> (Response<Incoming>, JoinHandle<()>) {
        self.open_with(method, path, body.unwrap_or_default().as_bytes()).await
    }

    async fn open_with(&self, method: &str, path: &str, body: &[u8]) -> (Response<Incoming>, JoinHandle<()>) {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(async move {
            let _ended = connection.await;
        });
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = Full::new(Bytes::copy_from_slice(body));
        let response = sender.send_request(request.body(body).unwrap()).await.unwrap();
        (response, connection)
    }

    /// The events of a stream: id, name, document.
    pub(crate) async fn events(&self, path: &str) -> Vec<(String, String, Value)> {
        let (response, _connection) = self.open("GET", path, None).await;
        assert_eq!(response.status(), 200);
        let mut text = String::new();
        let mut frames = BodyStream::new(response.into_body());
        while let Some(frame) = frames.next().await {
            text.push_str(std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap());
        }
        text.split("\n\n")
            .filter(|event| event.contains("data:"))
            .map(event)
            .collect()
    }
}

fn event(text: &str) -> (String, String, Value) {
    let field = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        found.unwrap_or_default().trim().to_owned()
    };
    let document = serde_json::from_str(&field("data:")).unwrap();
    (field("id:"), field("event:"), document)
}

impl Answer {
    /// The document of an answer with this status.
    pub(crate) fn json(&self, status: u16) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The document of an answer with one of these statuses.
    pub(crate) fn json_of(&self, statuses: &[u16]) -> Value {
        assert!(statuses.contains(&self.status), "{self:?}");
        self.json(self.status)
    }

    /// The code and the field of a refusal with this status.
    pub(crate) fn refused(&self, status: u16) -> (String, String) {
        let document = self.json(status);
        conforms("ErrorDocument", &document);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(document["status"], status);
        let word = |key: &str| document[key].as_str().unwrap_or_default().to_owned();
        (word("code"), word("field"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
