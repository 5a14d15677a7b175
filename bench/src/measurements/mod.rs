//! What is measured: a file per measurement, and `by_reference` for the same work without a worker.

pub(crate) mod backlog;
pub(crate) mod batch;
mod by_reference;
pub(crate) mod clients;
pub(crate) mod costs;
pub(crate) mod doors;
pub(crate) mod idle;
pub(crate) mod interactive;
pub(crate) mod latency;
pub(crate) mod life;
pub(crate) mod occupancy;
pub(crate) mod spread;
