//! What is kept of the judging of submissions: leases, attempts, cancellations and verdicts.

pub(super) mod attempts;
pub(super) mod cancellations;
pub(super) mod claim;
pub(super) mod lease;
pub(super) mod rejections;
pub(super) mod rejudging;
pub(super) mod security_events;
pub(super) mod verdicts;
