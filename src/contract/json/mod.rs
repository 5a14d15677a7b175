//! JSON: how it is read, and the schemas that describe it.

mod complaint;
pub(super) mod example;
pub(super) mod object;
pub(super) mod read;
pub(super) mod schema;
