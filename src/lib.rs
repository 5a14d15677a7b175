//! Assize grades untrusted programs: a submission comes in through RabbitMQ, runs in a disposable box, and one verdict
//! goes out.
//!
//! One way through, from left to right:
//!
//! ```text
//! delivery -> Submission -> Plan -> Box -> Run... -> Judgement -> stored -> published -> ack -> Box destroyed
//! broker      contract      judge   sandbox          judge         store     broker
//! ```

#![forbid(unsafe_code)]

pub mod attack;
mod backoff;
pub mod broker;
mod causes;
pub mod checker;
pub mod cli;
pub mod config;
pub mod contract;
mod counted;
mod disk_cache;
mod endings;
pub mod evaluation;
pub mod failpoint;
pub mod gateway;
pub mod health;
mod host_fault;
mod imports;
pub mod judge;
pub mod libraries;
mod nearest;
pub mod problem;
mod prompt;
pub mod reports;
pub mod sandbox;
pub mod serve;
pub mod store;
pub mod telemetry;
pub mod tls;
pub mod value;
pub mod webhook;
pub mod worker;
