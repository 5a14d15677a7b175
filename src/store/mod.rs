//! PostgreSQL: the memory of what was decided, and of who is at what. SQL is written nowhere else.
//!
//! It can be switched off; then the same submission can be judged twice. It knows neither broker nor judge.

mod attempts;
mod cancellations;
mod connect;
mod lease;
mod ping;
mod security_events;
mod verdicts;

pub use connect::{Store, StoreError};
pub use lease::{Cancelled, Claim, Ending, Lease, Wanted};
pub use ping::ping;
pub use verdicts::Recorded;
