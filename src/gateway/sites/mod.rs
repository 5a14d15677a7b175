//! The sites: their tokens, how much of the service each may use, and what each has under way at once.

pub(super) mod admitted;
pub(super) mod browser;
pub(super) mod cpu_hour;
pub(super) mod in_flight;
pub(super) mod meter;
pub(super) mod per_site;
pub(super) mod quota;
pub(super) mod random_text;
pub(super) mod requests;
pub(super) mod reserved;
pub(super) mod standing;
pub(super) mod token_file;
pub(super) mod tokens;
pub(super) mod uploads;
