//! Where a span belongs, as W3C Trace Context carries it in the headers of requests and messages.

use std::str::FromStr as _;

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator as _};
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};
use opentelemetry_sdk::propagation::TraceContextPropagator;

/// Header that names the trace and the span above.
pub const TRACEPARENT: &str = "traceparent";

/// Header with what other tracing systems say of the trace.
pub const TRACESTATE: &str = "tracestate";

/// Longest `traceparent` that is read, in bytes. Version 00 has 55; later versions may say more.
const LONGEST_PARENT: usize = 256;

/// Longest `tracestate` that is carried on, in bytes: as much as the specification asks for.
const LONGEST_STATE: usize = 512;

/// The trace that something belongs to, and the span above it; or none.
#[derive(Debug, Clone)]
pub struct TraceContext(SpanContext);

impl Default for TraceContext {
    fn default() -> Self {
        Self(SpanContext::NONE)
    }
}

impl TraceContext {
    /// That of the task which asks, at this moment.
    pub fn current() -> Self {
        Context::map_current(Self::of)
    }

    pub(super) fn of(context: &Context) -> Self {
        Self(context.span().span_context().clone())
    }

    /// What the headers of a request or a message say. What is not as the specification has it counts as nothing.
    pub fn of_headers(traceparent: Option<&str>, tracestate: Option<&str>) -> Self {
        let Some(traceparent) = traceparent.map(str::trim).filter(|text| is_traceparent(text)) else {
            return Self::default();
        };
        let tracestate = tracestate.filter(|text| is_tracestate(text)).unwrap_or_default();
        let carrier = Received {
            traceparent,
            tracestate,
        };
        let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
        Self::of(&context)
    }

    /// The headers that carry it on; none of no trace.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut sent = Sent::default();
        TraceContextPropagator::new().inject_context(&self.as_parent(), &mut sent);
        sent.0
    }

    /// The header `traceparent`, of a trace.
    pub fn traceparent(&self) -> Option<String> {
        let mut headers = self.headers().into_iter();
        headers.find_map(|(name, value)| (name == TRACEPARENT).then_some(value))
    }

    /// The id of the trace, for log lines.
    pub fn trace_id(&self) -> Option<String> {
        self.0.is_valid().then(|| self.0.trace_id().to_string())
    }

    /// The same trace for what is not told: steps below it are none.
    pub(super) fn as_untold_parent(&self) -> Context {
        let above = &self.0;
        let flags = above.trace_flags() & !TraceFlags::SAMPLED;
        let (trace, span, state) = (above.trace_id(), above.span_id(), above.trace_state().clone());
        Self(SpanContext::new(trace, span, flags, true, state)).as_parent()
    }

    pub(super) fn as_parent(&self) -> Context {
        // Below a span that is none, none would be sampled.
        match self.0.is_valid() {
            true => Context::new().with_remote_span_context(self.0.clone()),
            false => Context::new(),
        }
    }
}

/// Whether a header has the form of the specification: 00 is exactly so, later versions may go on behind a dash. The rest,
/// such as ids of zeros alone, the library judges.
fn is_traceparent(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let has_form = |(at, byte): (usize, &u8)| match at {
        2 | 35 | 52 => *byte == b'-',
        _ => is_hex(byte),
    };
    let Some((first, more)) = bytes.split_at_checked(55) else {
        return false;
    };
    let goes_on = match &first[..2] {
        b"00" => more.is_empty(),
        _ => more.first().is_none_or(|byte| *byte == b'-'),
    };
    bytes.len() <= LONGEST_PARENT && goes_on && first.iter().enumerate().all(has_form)
}

/// Whether it can be carried on in any header.
fn is_tracestate(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    text.len() <= LONGEST_STATE && is_plain && TraceState::from_str(text).is_ok()
}

struct Received<'a> {
    traceparent: &'a str,
    tracestate: &'a str,
}

impl Extractor for Received<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            TRACEPARENT => Some(self.traceparent),
            TRACESTATE => Some(self.tracestate),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT, TRACESTATE]
    }
}

#[derive(Default)]
struct Sent(Vec<(&'static str, String)>);

impl Injector for Sent {
    fn set(&mut self, key: &str, value: String) {
        let known = [TRACEPARENT, TRACESTATE].into_iter().find(|name| *name == key);
        if let Some(name) = known.filter(|_name| !value.is_empty()) {
            self.0.push((name, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";

    #[test]
    fn a_header_is_carried_on_if_it_is_as_the_specification_has_it() {
        let long = format!("01-{ID}-01-{}", "a".repeat(LONGEST_PARENT));
        for (traceparent, carried) in [
            (format!("00-{ID}-01"), Some("01")),
            (format!("00-{ID}-00"), Some("00")),
            (format!(" 00-{ID}-01 "), Some("01")),
            (format!("00-{ID}-ff"), Some("01")),
            (format!("cc-{ID}-01"), Some("01")),
            (format!("cc-{ID}-01-what-comes-later"), Some("01")),
            (format!("00-{ID}-01-"), None),
            (format!("00-{ID}-01-more"), None),
            (format!("cc-{ID}-01.more"), None),
            (format!("ff-{ID}-01"), None),
            (format!("00-{}-01", ID.to_uppercase()), None),
            (format!("00-{}-01", &ID[1..]), None),
            (format!("00-{ID}-1"), None),
            (format!("00-{ID}"), None),
            (format!("+0-{ID}-01"), None),
            (format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)), None),
            (
                format!("00-0af7651916cd43dd8448eb211c80319c-{}-01", "0".repeat(16)),
                None,
            ),
            (format!("00-{ID}-0\u{e9}"), None),
            (String::new(), None),
            (long, None),
        ] {
            let context = TraceContext::of_headers(Some(&traceparent), None);
            let expected = carried.map(|flags| format!("00-{ID}-{flags}"));
            assert_eq!(context.traceparent(), expected, "{traceparent:?}");
        }
    }

    #[test]
    fn what_other_systems_say_of_a_trace_is_carried_on_within_a_length_and_only_with_a_trace() {
        let parent = format!("00-{ID}-01");
        // One system may say 256 bytes.
        let longest = format!("a={},b={}", "x".repeat(253), "x".repeat(LONGEST_STATE - 258));
        let too_long = format!("{longest}x");
        for (state, carried) in [
            ("vendor=1,other@system=two", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("no pairs", false),
            ("a=1\r\ncookie: b", false),
            ("", false),
        ] {
            let headers = TraceContext::of_headers(Some(&parent), Some(state)).headers();
            let mut expected = vec![(TRACEPARENT, parent.clone())];
            expected.extend(carried.then(|| (TRACESTATE, state.to_owned())));
            assert_eq!(headers, expected, "{state:?}");
        }
        assert_eq!(TraceContext::of_headers(None, Some("a=1")).headers(), []);
    }
}
