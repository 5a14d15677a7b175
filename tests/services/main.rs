//! The service between a real RabbitMQ, a real PostgreSQL and a real Docker Engine. The images must be there:
//! `make images` builds them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod account;
mod bad_messages;
mod bench;
mod broker_faults;
mod cancelling;
mod chaos;
mod dead_letters;
mod faults;
mod flow;
mod health;
mod http;
mod lanes;
mod leases;
mod own;
mod programs;
mod proxy;
mod raw;
mod rejudging;
mod security_events;
mod services;
mod site;
mod soak;
mod soak_report;
#[cfg(feature = "failpoints")]
mod stages;
mod worker;
