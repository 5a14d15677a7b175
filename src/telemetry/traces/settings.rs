//! Where spans are sent: the environment variables that every program with OpenTelemetry has.

use std::env;
use std::time::Duration;

use opentelemetry::{Key, KeyValue};
use opentelemetry_sdk::Resource;
use thiserror::Error;
use url::Url;

/// Variables with the address of the collector; the first that is set holds.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// Variables with the protocol that it speaks.
const PROTOCOLS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];

/// What the library says of a service that has no name.
const UNNAMED: &str = "unknown_service";

/// Spans that cannot be sent.
#[derive(Debug, Error)]
pub enum TracesError {
    /// A variable says what cannot be done.
    #[error("{variable} in the environment {reason}")]
    Variable {
        /// Its name. Its value can hold a password.
        variable: &'static str,
        /// What is wrong with it, and what would be right.
        reason: &'static str,
    },
    /// The client for the collector cannot be made. What the library says of it can hold the password of an address.
    #[error(
        "spans cannot be sent with what OTEL_EXPORTER_OTLP_* say; look at address, headers, certificates and compression"
    )]
    Exporter,
}

/// How spans wait until they are sent, and how many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BatchSettings {
    pub(super) queue: usize,
    pub(super) batch: usize,
    pub(super) delay: Duration,
    pub(super) timeout: Duration,
}

/// Whether spans are to be sent anywhere.
pub(super) fn are_wanted() -> Result<bool, TracesError> {
    if set("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(false);
    }
    match set("OTEL_TRACES_EXPORTER").as_deref() {
        None | Some("otlp") => {}
        Some("none") => return Ok(false),
        Some(_) => {
            return Err(wrong(
                "OTEL_TRACES_EXPORTER",
                "names what this program has not; write otlp or none",
            ));
        }
    }
    let Some((variable, endpoint)) = first_of(ENDPOINTS) else {
        return Ok(false);
    };
    if !Url::parse(&endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(wrong(variable, "is no address; write it as http://collector:4318"));
    }
    match first_of(PROTOCOLS) {
        Some((variable, protocol)) if protocol != "http/protobuf" => Err(wrong(
            variable,
            "names what this program does not speak; write http/protobuf, and the collector's port for it, 4318",
        )),
        _ => Ok(true),
    }
}

impl BatchSettings {
    pub(super) fn read() -> Result<Self, TracesError> {
        let queue = number("OTEL_BSP_MAX_QUEUE_SIZE", 2048)?;
        let batch = number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512)?;
        let most = u64::from(u32::MAX);
        let size = |number: u64| usize::try_from(number.min(most)).unwrap_or(usize::MAX);
        Ok(Self {
            queue: size(queue),
            batch: size(batch.min(queue)),
            delay: Duration::from_millis(number("OTEL_BSP_SCHEDULE_DELAY", 5000)?),
            timeout: Duration::from_millis(number("OTEL_BSP_EXPORT_TIMEOUT", 30_000)?),
        })
    }
}

/// What a collector is told about this process: `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` go over it.
pub(super) fn resource(service: &'static str, instance: &str) -> Resource {
    let given = Resource::builder().build();
    let is_given = |key: &'static str| {
        let value = given.get(&Key::from_static_str(key));
        value.is_some_and(|value| !value.as_str().starts_with(UNNAMED))
    };
    let own = [
        ("service.name", service),
        ("service.version", env!("CARGO_PKG_VERSION")),
        ("service.instance.id", instance),
    ];
    let missing = own.into_iter().filter(|(key, _value)| !is_given(key));
    Resource::builder()
        .with_attributes(missing.map(|(key, value)| KeyValue::new(key, value.to_owned())))
        .build()
}

fn number(variable: &'static str, default: u64) -> Result<u64, TracesError> {
    let Some(value) = set(variable) else {
        return Ok(default);
    };
    let number = value.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| wrong(variable, "is no number of 1 or more"))
}

fn first_of(variables: [&'static str; 2]) -> Option<(&'static str, String)> {
    variables
        .into_iter()
        .find_map(|variable| Some((variable, set(variable)?)))
}

/// An empty one counts as none.
fn set(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}

fn wrong(variable: &'static str, reason: &'static str) -> TracesError {
    TracesError::Variable { variable, reason }
}
