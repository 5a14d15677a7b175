//! Log lines, to standard error, for people or for machines, what is counted, and traces.

mod escape;
mod metrics;
mod security;
mod traces;

use thiserror::Error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::config::{LogFormat, LogSettings};
use escape::{EscapedFields, EscapedJson};
pub use escape::{escape_json, escape_line, is_plain};
pub use metrics::{CONTENT_TYPE, Metrics, Phase, WaitedIn, metrics};
pub use security::security_event;
pub use traces::{Noted, Span, TRACEPARENT, TRACESTATE, TraceContext, Traces, TracesError, in_current_trace, note};

/// A filter that cannot be understood.
#[derive(Debug, Error)]
#[error("{filter:?} filters no log lines: {source}; an example of what does is info,assize=debug")]
pub struct FilterError {
    /// The setting.
    pub filter: String,
    /// Why.
    pub source: ParseError,
}

/// Whether log lines can be filtered by this.
///
/// # Errors
/// When it cannot be understood.
pub fn check_filter(filter: &str) -> Result<(), FilterError> {
    parse_filter(filter).map(drop)
}

fn parse_filter(filter: &str) -> Result<EnvFilter, FilterError> {
    EnvFilter::builder().parse(filter).map_err(|source| FilterError {
        filter: filter.to_owned(),
        source,
    })
}

/// Begins to write log lines.
///
/// # Errors
/// When the filter cannot be understood.
pub fn start(settings: &LogSettings) -> Result<(), FilterError> {
    let filter = parse_filter(&settings.filter)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // They would go where the lines cannot, and the panic that comes of it would end the worker.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Text => lines
            .with_target(false)
            .fmt_fields(EscapedFields)
            .with_ansi(anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never)
            .init(),
        LogFormat::Json => lines.json().flatten_event(true).with_writer(|| EscapedJson).init(),
    }
    Ok(())
}
