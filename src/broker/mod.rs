//! RabbitMQ: submissions come in, verdicts, rejections and progress go out, and what is not judged any more is kept.
//!
//! ```text
//! link task: connect -> declare -> consume -> (connection lost) -> connect ...     one for the life of the worker
//!   |- deliveries to the worker, at most one per slot unsettled
//!   `- the current link, through which everything is published
//! ```
//!
//! Whatever breaks (connection, channel, consumer), the link is made anew as a whole, for ever. Messages that were
//! delivered over a lost link come again; publishing waits for the next link. It knows neither judge nor store.

mod client;
mod connection;
mod consumers;
mod error;
mod kept;
mod link;
mod message;
mod publishing;
mod settlement;
mod topology;

pub use client::cancel::cancel;
pub use client::error::{LostError, NotTakenError, SubmitError};
pub use client::sender::SubmitSender;
pub use client::{Reply, SubmitClient};
pub use connection::ping::{PingError, ping};
pub use connection::redacted;
pub use connection::step::{NodeFailure, StepError};
pub use consumers::control::ControlMessage;
pub use kept::kept_message::{KeepReason, KeptMessage};
pub use kept::kept_queue::KeptQueue;
pub use kept::{KeptError, KeptMessages};
pub use link::broker::{Broker, Incoming};
pub use link::status::ConnectionStatus;
pub use message::delivery::Delivery;
pub use publishing::confirm::{PublishError, Refusal};
pub use settlement::Settlement;
pub use topology::declaring::TopologyError;
pub use topology::queues::{QueueDepth, QueueError, QueuePurpose, QueueStatus, QueueWatch};
pub use topology::undeclare;
