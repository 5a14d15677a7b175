//! The trace that a message belongs to, in its headers.

use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};

use crate::telemetry::{TRACEPARENT, TRACESTATE, TraceContext};

/// What the headers of a message say.
pub(in crate::broker) fn trace_of(properties: &BasicProperties) -> TraceContext {
    TraceContext::of_headers(text_in(properties, TRACEPARENT), text_in(properties, TRACESTATE))
}

/// Adds the headers that carry a trace on.
pub(in crate::broker) fn carry(trace: &TraceContext, headers: &mut FieldTable) {
    for (name, value) in trace.headers() {
        headers.insert(name.into(), AMQPValue::LongString(value.into()));
    }
}

fn text_in<'a>(properties: &'a BasicProperties, header: &str) -> Option<&'a str> {
    match properties.headers().as_ref()?.inner().get(header)? {
        AMQPValue::LongString(text) => std::str::from_utf8(text.as_bytes()).ok(),
        AMQPValue::ShortString(text) => Some(text.as_str()),
        _ => None,
    }
}
