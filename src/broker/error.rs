//! Why a link to RabbitMQ ended, or could not be made.

use thiserror::Error;

use crate::broker::connection::step::StepError;
use crate::broker::topology::declaring::TopologyError;

#[derive(Debug, Error)]
pub(super) enum LinkError {
    #[error(transparent)]
    Step(#[from] StepError),
    #[error("publishing failed")]
    PublishingFailed,
    #[error("the broker ended the consumer")]
    ConsumerEnded,
    #[error(transparent)]
    Topology(#[from] TopologyError),
}

impl From<lapin::Error> for LinkError {
    fn from(error: lapin::Error) -> Self {
        StepError::from(error).into()
    }
}
