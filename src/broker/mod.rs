//! RabbitMQ: submissions come in, verdicts, rejections and progress go out, and dead letters are kept.
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
mod dead_letters;
mod error;
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
pub use dead_letters::letter::{DeadLetter, DeadLetterReason};
pub use dead_letters::{DeadLetterError, DeadLetters};
pub use link::broker::{Broker, Incoming};
pub use link::status::ConnectionStatus;
pub use message::delivery::Delivery;
pub use publishing::confirm::{PublishError, Refusal};
pub use settlement::Settlement;
pub use topology::queues::{QueueDepth, QueueError, QueuePurpose, QueueStatus, QueueWatch};
pub use topology::{TopologyError, undeclare};
