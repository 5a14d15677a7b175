//! What is called for the routes of `/v1`.

pub(super) mod cancel_on_drop;
pub(super) mod catalog;
pub(super) mod events;
pub(super) mod keys;
pub(super) mod listing;
pub(super) mod rejudge;
pub(super) mod runs;
pub(super) mod submissions;
pub(super) mod test_sets;
pub(super) mod upload;
