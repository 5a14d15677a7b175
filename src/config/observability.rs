//! How a program tells what it does: log lines, and health over HTTP.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::config::choice::choice;

/// Log lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// Which lines, in the syntax of `tracing`'s `EnvFilter`, such as `info,assize=debug`.
    pub filter: String,
    /// How they look.
    #[serde(deserialize_with = "choice")]
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Health and metrics, over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// Address and port, such as `127.0.0.1:8750`. Port 0: any that is free. Empty: none.
    pub listen: String,
}

impl HttpSettings {
    /// Where to listen; `None` for nowhere, and for what is no address.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }
}
