//! How a worker is, over HTTP: for orchestrators, for Prometheus, and for `assize worker --check`.
//!
//! ```text
//! HttpService: a task per connection, one request each, few at once, all of it bounded
//!  |- GET /healthz   200 while its loop turns, else 503
//!  |- GET /readyz    200 or 503, and a Readiness: one entry per part, with what was found
//!  `- GET /metrics   what was counted, for Prometheus
//! ```
//!
//! What a worker is made of is not known here: it is [`Watched`].

mod client;
mod heartbeat;
mod readiness;
mod service;

use futures::future::BoxFuture;

pub use client::{QueryError, query};
pub use heartbeat::{HEARTBEAT_INTERVAL, Heartbeat, Stalled};
pub use readiness::{Part, PartCheck, Readiness, Recent};
pub use service::{HttpService, ListenError};

/// Whoever can be asked how he is, by anybody and as often as they like.
pub trait Watched: Send + Sync {
    /// Whether the loop turns.
    ///
    /// # Errors
    /// When it does not.
    fn alive(&self) -> Result<(), Stalled>;

    /// How each part is.
    fn readiness(&self) -> BoxFuture<'_, Readiness>;

    /// What was counted, in the text format of Prometheus.
    fn metrics(&self) -> BoxFuture<'_, String>;
}
