//! What ends a runner.

use assize_protocol::{Fault, FaultStage};

/// Why the runner ends: a fault of ours, which is reported, or a worker that has closed its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A call that must succeed has failed.
    Fault(Fault),
    /// The worker has closed its end of a stream.
    HungUp,
}

impl Stop {
    pub(crate) fn fault(stage: FaultStage, message: impl Into<String>) -> Self {
        Self::Fault(Fault {
            stage,
            message: message.into(),
        })
    }
}
