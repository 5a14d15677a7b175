//! Health and metrics of a worker or a service, over HTTP: for orchestrators, for Prometheus, and for `assize worker --check`.
//!
//! ```text
//! HttpService: a task per connection, one request each, few at once, all of it bounded
//!  |- GET /healthz   200 while its loop runs, else 503
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

pub use client::{AnswerError, Monitored, QueryError, metrics_of, query};
pub use heartbeat::{HEARTBEAT_INTERVAL, Heartbeat, Stalled};
pub use readiness::{Part, PartCheck, Readiness, Recent};
pub use service::{HttpService, ListenError};

/// A service whose health can be queried, by any client and as often as it likes.
pub trait Watched: Send + Sync {
    /// Whether its main loop runs.
    ///
    /// # Errors
    /// When it does not.
    fn alive(&self) -> Result<(), Stalled>;

    /// Whether each part is ready.
    fn readiness(&self) -> BoxFuture<'_, Readiness>;

    /// What was counted, in the text format of Prometheus.
    fn metrics(&self) -> BoxFuture<'_, String>;
}
