//! The service between a real RabbitMQ, a real PostgreSQL and a real Docker Engine. The images must be there:
//! `make images` builds them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod bad_messages;
mod bench;
mod daemon_faults;
mod dead_letters;
mod dockerd;
mod flow;
mod leases;
mod proxy;
mod raw;
mod security_events;
mod services;
mod sick_host;
mod worker;
