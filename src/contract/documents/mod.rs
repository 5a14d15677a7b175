//! The documents that the judge publishes: verdicts, results, rejections, progress and security events.

pub(super) mod answer;
pub(super) mod payload;
pub(super) mod progress;
pub(super) mod rejection;
pub(super) mod result;
pub(super) mod security_event;
pub(super) mod security_finding;
pub(super) mod verdict;
mod verdict_size;
