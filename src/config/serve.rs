//! Settings of the HTTP service.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::config::{HttpSettings, Quotas};

/// What stands for all origins in `cors_origins`.
pub const ANY_ORIGIN: &str = "*";

/// `assize serve`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServeSettings {
    /// Address and port, such as `127.0.0.1:8751`. Port 0: any that is free.
    pub listen: SocketAddr,
    /// Health and metrics of the service, for its operator.
    pub monitoring: HttpSettings,
    /// File with the tokens of sites, which `assize token` writes. Empty: every client may do everything, and `listen` has
    /// to be an address of this host alone.
    pub token_file: PathBuf,
    /// Whether people are shown pages, below `/page`.
    pub page: bool,
    /// Origins whose pages may call the service from a browser, such as `https://judge.example`; `*`, by itself and with tokens:
    /// any.
    pub cors_origins: Vec<String>,
    /// What is spoken beside the routes of `/v1`, for clients of other services.
    pub dialects: Vec<String>,
    /// Connections at once; another one is told to come again.
    pub max_connections: usize,
    /// How long a client may take to send the head of a request, to send the next piece of its body, or to take the next
    /// piece of an answer.
    pub client_timeout_ms: u64,
    /// How long a client may take to send a whole body.
    pub body_timeout_ms: u64,
    /// A body with many submissions.
    pub max_body_bytes: usize,
    /// Submissions in one body.
    pub max_batch: usize,
    /// How long `?wait=` may wait.
    pub max_wait_ms: u64,
    /// Requests of one site in a second, on average over ten seconds. 0: any number.
    pub requests_per_second: u32,
    /// Submissions of one site in a second, on average over ten seconds, each of an array for itself. 0: any number.
    pub submissions_per_second: u32,
    /// Submissions of one site that wait or run. 0: any number.
    pub max_in_flight: u32,
    /// How long a submission without an answer counts as one that waits or runs, in seconds: it may never have one, where its
    /// message was lost.
    pub in_flight_s: u64,
    /// CPU seconds that the submissions of one site use in an hour. 0: any number.
    pub cpu_seconds_per_hour: u32,
    /// Streams of events that one site follows at once, those of pages included; and as many of its requests wait. 0: any
    /// number.
    pub max_streams: usize,
    /// Submissions that wait, without a broker.
    pub queue: usize,
    /// Submissions that wait, without a broker, in bytes.
    pub queue_bytes: usize,
    /// How long messages of accepted submissions are kept in the database, in seconds.
    pub keep_sources_s: u64,
    /// Test sets that one site keeps in the database, in bytes of JSON together; without a broker those of all sites, in
    /// memory.
    pub test_set_bytes: u64,
    /// File with the key from which the secrets follow that sign callbacks. Empty: a submission may ask for none.
    pub callback_key_file: PathBuf,
    /// Networks that callbacks may be sent to although they are not public, such as `10.0.0.0/8`.
    pub callback_networks: Vec<String>,
    /// How long a callback may take.
    pub callback_timeout_ms: u64,
    /// Callbacks that are not delivered yet, without a broker.
    pub max_callbacks: usize,
    /// Answers that are kept in memory, without a broker, in bytes of JSON, and their programs; the oldest go first.
    pub answer_bytes: usize,
}

/// Another service whose clients are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Dialect {
    /// `/submissions`, `/languages` and the like.
    Judge0,
    /// `/api/v2/execute` and `/api/v2/runtimes`.
    Piston,
    /// `/run_code`, `/submit` and `/common_evaluate...`.
    SandboxFusion,
}

impl Dialect {
    /// The word in the settings.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl ServeSettings {
    /// Whether sites are told apart by tokens.
    pub fn has_tokens(&self) -> bool {
        !self.token_file.as_os_str().is_empty()
    }

    /// What a site may use whose token says nothing else.
    pub fn quotas(&self) -> Quotas {
        Quotas {
            requests_per_second: self.requests_per_second,
            submissions_per_second: self.submissions_per_second,
            max_in_flight: self.max_in_flight,
            cpu_seconds_per_hour: self.cpu_seconds_per_hour,
        }
    }

    /// What is spoken beside `/v1`. Settings in which another word stands are refused when they are read.
    pub fn spoken(&self) -> Vec<Dialect> {
        self.dialects.iter().filter_map(|word| word.parse().ok()).collect()
    }

    /// The networks of `callback_networks`. Settings in which another word stands are refused when they are read.
    pub fn allowed_networks(&self) -> Vec<IpNet> {
        self.callback_networks
            .iter()
            .filter_map(|network| network.parse().ok())
            .collect()
    }
}
