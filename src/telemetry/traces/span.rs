//! What takes time, and what took it: a span, with few attributes that are named here and where it begins.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{FutureExt as _, SpanBuilder, SpanKind, Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::SdkTracer;

use crate::telemetry::traces::TraceContext;

/// What makes spans, once they are sent anywhere.
pub(super) static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Longest text of an attribute, in bytes.
const LONGEST_TEXT: usize = 256;

/// Longest step that is told of after it has ended.
const LONGEST_STEP: Duration = Duration::from_secs(30 * 86_400);

/// The same future as a part of the current trace, also when another task runs it.
pub fn in_current_trace<F: Future>(task: F) -> impl Future<Output = F::Output> + use<F> {
    task.with_current_context()
}

/// A span that has begun. It ends when it is dropped, as when its future is cancelled.
///
/// Where spans are sent nowhere it is none, and what is within it belongs to the span above.
#[derive(Debug)]
pub struct Span(Context);

impl Span {
    /// Of a request that came over HTTP.
    pub fn of_request(name: String, above: &TraceContext) -> Self {
        Self::begin(name, SpanKind::Server, None, &above.as_parent())
    }

    /// Of a message that came over RabbitMQ.
    pub fn of_message(name: &'static str, above: &TraceContext) -> Self {
        Self::begin(name, SpanKind::Consumer, None, &above.as_parent())
    }

    /// Of a message that is sent over RabbitMQ, within the current span.
    pub fn of_sending(name: &'static str) -> Self {
        Self::begin(name, SpanKind::Producer, None, &Context::current())
    }

    /// Of a request that is made over HTTP.
    pub fn of_call(name: &'static str, above: &TraceContext) -> Self {
        Self::begin(name, SpanKind::Client, None, &above.as_parent())
    }

    /// Of a step within the current span.
    pub fn of_step(name: &'static str) -> Self {
        Self::begin(name, SpanKind::Internal, None, &Context::current())
    }

    /// Of a step that is not told, and nothing within it.
    pub fn of_nothing() -> Self {
        Self(TraceContext::current().as_untold_parent())
    }

    /// Records a step within this span that began then and ends now. A time that is still to come counts as now; of one
    /// that no clock can have meant nothing is told.
    pub fn record_step(&self, name: &'static str, began: SystemTime) {
        let now = SystemTime::now();
        let began = began.min(now);
        if now.duration_since(began).is_ok_and(|took| took <= LONGEST_STEP) {
            drop(Self::begin(name, SpanKind::Internal, Some(began), &self.0));
        }
    }

    fn begin(name: impl Into<Cow<'static, str>>, kind: SpanKind, began: Option<SystemTime>, above: &Context) -> Self {
        let Some(tracer) = TRACER.get() else {
            return Self(TraceContext::of(above).as_parent());
        };
        let mut builder = SpanBuilder::from_name(name).with_kind(kind);
        builder.start_time = began;
        Self(above.with_span(builder.start_with_context(tracer, above)))
    }

    /// Does something within it. Steps lie within steps, and each would be copied into the one around it: on the heap they
    /// take up no stack.
    pub fn around<F: Future>(&self, step: F) -> impl Future<Output = F::Output> + use<F> {
        Box::pin(step).with_context(self.0.clone())
    }

    /// Where what is within it belongs.
    pub fn context(&self) -> TraceContext {
        TraceContext::of(&self.0)
    }

    /// Says something of it. Never a token, a program, an input or an output.
    pub fn note(&self, key: &'static str, value: impl Into<Noted>) {
        note_on(&self.0, key, value.into());
    }

    /// It did not come to what it should.
    pub fn fail(&self, why: &'static str) {
        self.0.span().set_status(Status::error(why));
    }
}

/// Says something of the current span.
pub fn note(key: &'static str, value: impl Into<Noted>) {
    note_on(&Context::current(), key, value.into());
}

fn note_on(context: &Context, key: &'static str, Noted(value): Noted) {
    context.span().set_attribute(KeyValue::new(key, value));
}

/// A value of an attribute.
#[derive(Debug)]
pub struct Noted(Value);

impl From<&str> for Noted {
    fn from(text: &str) -> Self {
        let cut = &text[..text.floor_char_boundary(LONGEST_TEXT)];
        Self(Value::String(StringValue::from(cut.to_owned())))
    }
}

impl From<u64> for Noted {
    fn from(number: u64) -> Self {
        Self(Value::I64(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<bool> for Noted {
    fn from(flag: bool) -> Self {
        Self(Value::Bool(flag))
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        // A context can outlive it, in a task that has not noticed yet.
        self.0.span().end();
    }
}
