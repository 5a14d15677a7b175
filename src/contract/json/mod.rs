//! JSON: how it is read, and the schemas that describe it.

pub(super) mod object;
pub(super) mod read;
pub(super) mod schema;
