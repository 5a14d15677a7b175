//! `assize rejected`

use std::process::ExitCode;

use clap::Args;

use crate::broker::KeptQueue;
use crate::cli::Failure;
use crate::cli::dead::Action;
use crate::config::{BrokerSettings, StoreSettings};

/// See what was rejected, send it again, or throw it away
///
/// Messages that cannot be judged as they were written are answered with a rejection, and a copy of each is kept with the
/// reason, until it is among the oldest and `broker.rejected_queue_length` or `broker.rejected_queue_bytes` is exceeded. They
/// are named as those of `assize dead` are. Sent again, a message is rejected again, unless what it asks for is there by now:
/// a problem, a language, a test set.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize rejected list
  assize rejected show 018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f
  assize rejected requeue --code unknown_problem
  assize rejected drop --all --yes")]
pub(super) struct Rejected {
    #[command(subcommand)]
    action: Action,
}

impl Rejected {
    pub(super) fn run(self, settings: &BrokerSettings, store: &StoreSettings) -> Result<ExitCode, Failure> {
        self.action.run(settings, store, KeptQueue::Rejected)
    }
}
