//! The sites: their tokens, how often they may ask, and what each has under way at once.

pub(super) mod per_site;
pub(super) mod quota;
pub(super) mod random_text;
pub(super) mod token_file;
pub(super) mod tokens;
pub(super) mod uploads;
