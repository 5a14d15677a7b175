//! `assize worker`

use std::process::ExitCode;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::broker::redacted;
use crate::cli::{Failure, print, runtime};
use crate::config::Settings;
use crate::sandbox::{share_out, stay_on};
use crate::worker;

/// Take submissions from RabbitMQ and judge them, until told to stop
///
/// It waits for RabbitMQ, PostgreSQL and Docker as long as they are away. SIGTERM or Ctrl-C: no more submissions, those
/// in hand are finished; a second one ends at once, and what is in hand goes back to the queue.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize worker
  assize --config /etc/assize.toml worker
  ASSIZE__WORKER__SLOTS=2 assize worker
  assize worker --print-config")]
pub(super) struct Worker {
    /// Print the settings that hold, without passwords, and exit
    #[arg(long)]
    print_config: bool,
}

impl Worker {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        if self.print_config {
            return print_config(settings);
        }
        let shares = share_out(&settings.sandbox, settings.worker.slots).map_err(Failure::usage)?;
        // Before there are other threads, which will be where this one is.
        stay_on(&shares.rest).map_err(Failure::ours)?;
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let (stop, again) = (CancellationToken::new(), CancellationToken::new());
            tokio::spawn(listen(stop.clone(), again.clone()));
            tokio::select! {
                ended = worker::serve(settings, shares.slots, stop) => Some(ended),
                () = again.cancelled() => None,
            }
        });
        // Blocking reads of test data must not hold up the end.
        runtime.shutdown_background();
        match ended {
            Some(Ok(())) => Ok(ExitCode::SUCCESS),
            Some(Err(error)) => Err(Failure::ours(error)),
            None => Err(Failure::ours(anyhow::anyhow!("stopped at once by a second signal"))),
        }
    }
}

/// Turns the first signal into "stop" and the second into "stop at once".
async fn listen(stop: CancellationToken, again: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("cannot listen for signals; stop this worker with SIGKILL");
        return;
    };
    for token in [stop, again] {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        token.cancel();
    }
}

fn print_config(mut settings: Settings) -> Result<ExitCode, Failure> {
    settings.broker.url = redacted(&settings.broker.url);
    settings.store.url = redacted(&settings.store.url);
    let shown = toml::to_string(&settings).map_err(Failure::ours)?;
    print::text(shown.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
