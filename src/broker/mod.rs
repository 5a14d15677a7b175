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

mod cancel;
mod confirm;
mod connection;
mod consumers;
mod control;
mod copy;
mod dead;
mod delivery;
mod error;
mod link;
mod publish;
mod queues;
mod settlement;
mod status;
mod step;
mod submit;
mod submit_error;
mod supervisor;
mod topology;
mod trace;

pub use cancel::cancel;
pub use confirm::{PublishError, Refusal};
pub use connection::redacted;
pub use control::ControlMessage;
pub use dead::{DeadLetter, DeadLetterError, DeadLetters};
pub use delivery::Delivery;
pub use queues::{QueueDepth, QueueError, QueuePurpose, QueueStatus, QueueWatch};
pub use settlement::{DeadLetterReason, Settlement};
pub use status::{ConnectionStatus, PingError, ping};
pub use step::{NodeFailure, StepError};
pub use submit::{Reply, SubmitClient, SubmitSender};
pub use submit_error::{LostError, NotTakenError, SubmitError};
pub use supervisor::{Broker, Incoming};
pub use topology::{TopologyError, undeclare};
