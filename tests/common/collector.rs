//! A collector of OpenTelemetry that keeps the spans that it is sent, over OTLP/HTTP.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A span that came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeenSpan {
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) above: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) failed: bool,
    /// Nanoseconds since 1970.
    pub(crate) time: std::ops::Range<u64>,
}

#[derive(Debug, Default)]
struct Received {
    spans: Vec<SeenSpan>,
    bytes: Vec<u8>,
}

/// Receives until it is dropped.
pub(crate) struct Collector {
    address: SocketAddr,
    received: Arc<Mutex<Received>>,
    task: JoinHandle<()>,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::<Mutex<Received>>::default();
        let into = Arc::clone(&received);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _client) = listener.accept().await.unwrap();
                let into = Arc::clone(&into);
                let service = service_fn(move |request| receive(request, Arc::clone(&into)));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self {
            address,
            received,
            task,
        }
    }

    /// What `OTEL_EXPORTER_OTLP_ENDPOINT` has to be.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The spans of a trace, in the order in which they came.
    pub(crate) fn trace(&self, id: &str) -> Vec<SeenSpan> {
        let received = self.received.lock().unwrap();
        let of_trace = received.spans.iter().filter(|span| span.trace == id);
        of_trace.cloned().collect()
    }

    /// Whether anything that came holds this text.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let received = self.received.lock().unwrap();
        let mut windows = received.bytes.windows(text.len());
        windows.any(|window| window == text.as_bytes())
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    request: Request<Incoming>,
    received: Arc<Mutex<Received>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    assert_eq!(
        (request.method().as_str(), request.uri().path()),
        ("POST", "/v1/traces")
    );
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let sent = ExportTraceServiceRequest::decode(body.clone()).unwrap();
    let mut received = received.lock().unwrap();
    received.bytes.extend_from_slice(&body);
    for resource in sent.resource_spans {
        let about = attributes(&resource.resource.unwrap().attributes);
        let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        received
            .spans
            .extend(spans.map(|span| seen(&about["service.name"], &span)));
    }
    // An empty message is the answer that all were taken.
    Ok(Response::new(Full::default()))
}

fn seen(service: &str, span: &Span) -> SeenSpan {
    SeenSpan {
        service: service.to_owned(),
        name: span.name.clone(),
        trace: hex::encode(&span.trace_id),
        id: hex::encode(&span.span_id),
        above: hex::encode(&span.parent_span_id),
        attributes: attributes(&span.attributes),
        failed: span.status.as_ref().is_some_and(|status| status.code == 2),
        time: span.start_time_unix_nano..span.end_time_unix_nano,
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|pair| (pair.key.clone(), text_of(&pair.value)))
        .collect()
}

fn text_of(value: &Option<AnyValue>) -> String {
    match value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::BoolValue(flag)) => flag.to_string(),
        other => panic!("an attribute of a kind that no span has: {other:?}"),
    }
}
