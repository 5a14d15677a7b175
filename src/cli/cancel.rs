//! `assize cancel`

use std::process::ExitCode;

use clap::Args;
use uuid::Uuid;

use crate::broker::cancel;
use crate::cli::id::id;
use crate::cli::{Failure, print, runtime};
use crate::config::BrokerSettings;
use crate::contract::{Cancel as Cancellation, Request};

/// Ask for submissions not to be judged, or not any longer
///
/// One that is judged now stops at once, one that waits is not begun; its verdict is `CANCELLED`. One that has a
/// verdict keeps it. The exit code is 0 when RabbitMQ has taken the request.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize cancel 018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f
  assize cancel 018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f --reason 'withdrawn by its author'")]
pub(super) struct Cancel {
    /// Ids of the submissions
    #[arg(value_name = "UUID", required = true, value_parser = id)]
    ids: Vec<Uuid>,

    /// Cancel this request to judge once more; without it, the submission as it was first sent
    #[arg(long, value_name = "UUID", value_parser = id)]
    rejudge: Option<Uuid>,

    /// Why; becomes the message of the verdict
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Cancel {
    pub(super) fn run(self, settings: &BrokerSettings) -> Result<ExitCode, Failure> {
        let Self { ids, rejudge, reason } = self;
        let cancellation = |submission| Cancellation::new(Request { submission, rejudge }, reason.clone());
        let cancellations: Vec<_> = ids.into_iter().map(cancellation).collect();
        runtime()?
            .block_on(cancel(settings, &cancellations))
            .map_err(Failure::ours)?;
        let what = match cancellations.as_slice() {
            [one] => one.id.to_string(),
            more => format!("{} submissions", more.len()),
        };
        print::text(&format!("asked for {what} not to be judged"))?;
        Ok(ExitCode::SUCCESS)
    }
}
