//! Why a link to RabbitMQ ended, or could not be made.

use std::time::Duration;

use thiserror::Error;

use crate::broker::topology::TopologyError;

#[derive(Debug, Error)]
pub(super) enum LinkError {
    #[error("{0}")]
    Amqp(#[from] lapin::Error),
    #[error("no answer within {0:?}")]
    Silent(Duration),
    #[error("the broker ended the consumer")]
    ConsumerEnded,
    #[error(transparent)]
    Topology(#[from] TopologyError),
}
