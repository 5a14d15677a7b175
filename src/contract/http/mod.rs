//! Documents that only the HTTP service has: what is sent to it, and what it answers beside verdicts and results.

pub(super) mod listing;
pub(super) mod raw_metadata;
pub(super) mod request;
pub(super) mod response;
