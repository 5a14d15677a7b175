//! Traces: one for each submission, from the request that hands it in to the box that runs it, sent over OTLP.
//!
//! ```text
//! request (serve) -> send submission -> RabbitMQ -> judge submission (worker)
//!                                                     |- queue, store, publish
//!                                                     `- validator, compile, run -> test, each with box
//! ```
//!
//! They are off unless the environment names a collector (`OTEL_EXPORTER_OTLP_ENDPOINT`). Headers are carried on in any
//! case. Log lines and spans of libraries are no part of them: what a span says is said where it begins, and is no secret.

mod context;
mod export;
mod settings;
mod span;

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::tls;
pub use context::{TRACEPARENT, TRACESTATE, TraceContext};
use export::{Queue, export};
pub use settings::TracesError;
use settings::{BatchSettings, are_wanted, resource};
use span::TRACER;
pub use span::{Noted, Span, in_current_trace, note};

/// How long the last spans may take when the process ends.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// Sends spans until it is closed, if the environment says where to.
#[derive(Debug)]
pub struct Traces(Option<Sending>);

#[derive(Debug)]
struct Sending {
    task: JoinHandle<()>,
    stop: CancellationToken,
}

impl Traces {
    /// Begins to send spans of this service, which has this name among its like. The first call in a process holds.
    ///
    /// # Errors
    /// When the environment says what cannot be done.
    pub fn start(service: &'static str, instance: &str) -> Result<Self, TracesError> {
        if !are_wanted()? {
            return Ok(Self(None));
        }
        let settings = BatchSettings::read()?;
        tls::install_provider();
        let exporter = SpanExporter::builder().with_http().build();
        let mut exporter = exporter.map_err(|_may_hold_a_password| TracesError::Exporter)?;
        let resource = resource(service, instance);
        exporter.set_resource(&resource);
        let (sender, queue) = mpsc::channel(settings.queue);
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_span_processor(Queue(sender))
            .build();
        let _first = TRACER.get_or_init(|| provider.tracer("assize"));
        let stop = CancellationToken::new();
        let task = tokio::spawn(export(exporter, settings, queue, stop.clone()));
        tracing::info!("spans are sent to the collector that OTEL_EXPORTER_OTLP_* names");
        Ok(Self(Some(Sending { task, stop })))
    }

    /// Sends what is left, if the collector takes it soon.
    pub async fn close(self) {
        let Some(Sending { mut task, stop }) = self.0 else {
            return;
        };
        stop.cancel();
        if timeout(LAST_SPANS, &mut task).await.is_err() {
            task.abort();
        }
    }
}
