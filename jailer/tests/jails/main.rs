//! A jailer as workers see it: boxes that it starts, bounds that it keeps, and what happens when something is killed.
//!
//! Root is needed, and what `docker/nsjail.sh` and `docker/roots.sh` install below `target/jail`. Where one of them is
//! missing a test says "skipped", and fails under CI.

#![expect(clippy::disallowed_types, reason = "tests start programs")]
#![expect(clippy::disallowed_methods, reason = "there is no runtime in these tests")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod bounds;
mod faults;
mod fixture;
mod older_workers;
#[path = "../../../tests/common/skipped.rs"]
mod skipped;
mod unprivileged;
