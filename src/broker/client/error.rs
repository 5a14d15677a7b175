//! Why a submission or a cancellation could not be sent, or its answer not be had.

use std::time::Duration;

use thiserror::Error;

use crate::broker::connection::step::StepError;

/// A submission that could not be sent, or an answer that could not be had.
#[derive(Debug, Error)]
pub enum SubmitError {
    /// No connection.
    #[error("cannot reach RabbitMQ at {broker}: {source}{}", source.advice())]
    Unreachable {
        /// Where, without the password.
        broker: String,
        /// Why.
        source: StepError,
    },
    /// The broker did not take it.
    #[error("RabbitMQ did not take the submission: {0}")]
    NotTaken(#[from] NotTakenError),
    /// It takes no messages now, and nothing was sent.
    #[error("RabbitMQ takes no messages for now, since it lacks memory or disk")]
    Blocked,
    /// The broker closed the connection.
    #[error("lost the connection to RabbitMQ while waiting: {0}")]
    Lost(#[from] LostError),
    /// Something else than an answer came.
    #[error("an answer cannot be understood: {0}")]
    Answer(#[from] serde_json::Error),
}

/// Why RabbitMQ did not take a message.
#[derive(Debug, Error)]
pub enum NotTakenError {
    /// It said that it does not have it.
    #[error("it was refused, see RabbitMQ's log")]
    Nack,
    /// No queue is bound to the exchange.
    #[error("the exchange {exchange} has no queue {queue}; start a worker first, which declares them")]
    NoQueue {
        /// The exchange.
        exchange: String,
        /// The queue that the message would wait in.
        queue: String,
    },
    /// By an error on its channel, such as where there is no such exchange.
    #[error("{0}; start a worker first, which declares exchange and queue")]
    Amqp(#[from] lapin::Error),
    /// It said nothing.
    #[error("no confirmation within {0:?}")]
    Unconfirmed(Duration),
    /// So many messages are on their way that this one was not sent.
    #[error("others are sent and not confirmed yet, and there was no room beside them within {0:?}")]
    NoRoom(Duration),
}

/// How the connection over which answers come was lost.
#[derive(Debug, Error)]
pub enum LostError {
    /// The client says so, or RabbitMQ does not answer.
    #[error(transparent)]
    Step(#[from] StepError),
    /// RabbitMQ ended it, such as where the queue was deleted.
    #[error("the broker ended the consumer")]
    ConsumerEnded,
}

impl From<lapin::Error> for LostError {
    fn from(error: lapin::Error) -> Self {
        StepError::from(error).into()
    }
}
