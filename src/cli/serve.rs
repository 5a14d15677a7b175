//! `assize serve`

use std::process::ExitCode;

use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::cli::{Failure, interrupt, runtime};
use crate::config::Settings;
use crate::sandbox::{share_out, stay_on};
use crate::serve::{serve, serve_standalone};

/// Take submissions over HTTP and answer them, until told to stop
///
/// Submissions go to workers over RabbitMQ; a submission is accepted when PostgreSQL has it and RabbitMQ has confirmed it. Any
/// number of services can run beside each other.
///
/// With --standalone, the judge is in the same process: Docker and the images are needed, RabbitMQ and PostgreSQL are not.
/// What waits, what runs and what was answered is in memory, and is lost when the process ends. Without tokens
/// (serve.token_file) only clients of this host are served.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize serve
  assize serve --standalone
  curl --json '{\"source\": \"print(6 * 7)\"}' http://127.0.0.1:8751/v1/run
  ASSIZE__SERVE__LISTEN=0.0.0.0:8751 ASSIZE__SERVE__TOKEN_FILE=tokens assize serve --standalone")]
pub(super) struct Serve {
    /// Judge in this process, without a broker and a database
    #[arg(long)]
    standalone: bool,
}

impl Serve {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        let shares = share_out(&settings.sandbox, settings.worker.slots).map_err(Failure::usage)?;
        if self.standalone {
            // Before there are other threads, which will be where this one is.
            stay_on(&shares.rest).map_err(Failure::ours)?;
        }
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let stop = CancellationToken::new();
            let told = stop.clone();
            tokio::spawn(async move {
                interrupt::wanted().await;
                told.cancel();
            });
            let listening = |address| tracing::info!(%address, "submissions are taken over HTTP");
            match self.standalone {
                true => serve_standalone(settings, shares.slots, stop, listening).await,
                false => serve(settings, stop, listening).await,
            }
        });
        // Blocking reads of test data must not hold up the end.
        runtime.shutdown_background();
        ended.map(|()| ExitCode::SUCCESS).map_err(Failure::ours)
    }
}
