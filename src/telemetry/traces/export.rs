//! Spans on their way to the collector.
//!
//! ```text
//! a span ends --try_send--> bounded queue --> one task: a batch at a time --> collector
//!     `- full: dropped, counted                    `- refused, or too slow: dropped, counted
//! ```
//!
//! The processor of the library has a thread of its own, and nothing that counts what it drops. Nothing waits here for the
//! collector but the task.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter as _, SpanProcessor};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::telemetry::metrics::{SpanLoss, metrics};
use crate::telemetry::traces::settings::BatchSettings;

/// Puts spans that have ended into the queue.
#[derive(Debug)]
pub(super) struct Queue(pub(super) mpsc::Sender<SpanData>);

impl SpanProcessor for Queue {
    fn on_start(&self, _span: &mut Span, _above: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.0.try_send(span).is_err() {
            metrics().lost_spans(SpanLoss::Queue, 1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Sends what is in the queue until `stop`, then what is left in it.
pub(super) async fn export(
    exporter: SpanExporter,
    settings: BatchSettings,
    mut queue: mpsc::Receiver<SpanData>,
    stop: CancellationToken,
) {
    let mut is_away = false;
    loop {
        let batch = next_batch(&mut queue, &settings, &stop).await;
        if batch.is_empty() {
            return;
        }
        let spans = batch.len() as u64;
        let sent = timeout(settings.timeout, exporter.export(batch)).await;
        let failure = match sent {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_elapsed) => Some(format!("no answer within {:?}", settings.timeout)),
        };
        let was_away = std::mem::replace(&mut is_away, failure.is_some());
        match failure {
            None => {
                metrics().spans_exported.inc_by(spans);
            }
            Some(reason) => {
                metrics().lost_spans(SpanLoss::Export, spans);
                if !was_away {
                    tracing::warn!(
                        reason,
                        "the collector takes no spans; they are dropped and counted until it does"
                    );
                }
            }
        }
    }
}

/// What has ended within the delay, as far as it fits; nothing only at the end.
async fn next_batch(
    queue: &mut mpsc::Receiver<SpanData>,
    settings: &BatchSettings,
    stop: &CancellationToken,
) -> Vec<SpanData> {
    let mut batch = Vec::new();
    let Some(Some(first)) = stop.run_until_cancelled(queue.recv()).await else {
        queue.close();
        queue.recv_many(&mut batch, settings.batch).await;
        return batch;
    };
    batch.push(first);
    let until = Instant::now() + settings.delay;
    while batch.len() < settings.batch {
        let next = stop.run_until_cancelled(timeout_at(until, queue.recv())).await;
        match next {
            Some(Ok(Some(span))) => batch.push(span),
            _ => break,
        }
    }
    batch
}
