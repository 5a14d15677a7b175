//! `assize worker`

use std::process::ExitCode;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::readiness::check;
use crate::cli::{Failure, runtime};
use crate::config::Settings;
use crate::health::Monitored;
use crate::sandbox::{claim_cpus, stay_on};
use crate::telemetry::Traces;
use crate::worker::{self, Stop};

/// Take submissions from RabbitMQ and judge them, until told to stop
///
/// It waits for RabbitMQ, PostgreSQL and the sandbox backend as long as they are away. SIGTERM or Ctrl-C: no more submissions, those
/// in hand are finished; a second one: those in hand go back to the queue, their boxes are removed, and the exit code
/// is 3.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize worker
  assize --config /etc/assize.toml worker
  ASSIZE__WORKER__SLOTS=2 assize worker
  assize worker --check")]
pub(super) struct Worker {
    /// Only ask the worker that runs with these settings on this host whether it is ready; exit code 0 when it is, else
    /// 1
    ///
    /// It says what is not ready. The answer is that of /readyz at `http.listen`.
    #[arg(long)]
    check: bool,
}

impl Worker {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        if self.check {
            return runtime()?.block_on(check(Monitored::Worker, &settings.http, &settings.worker.id));
        }
        let cpus = claim_cpus(&settings.sandbox, settings.worker.slots).map_err(Failure::usage)?;
        cpus.warn_if_not_pinned(&settings.sandbox);
        // Before there are other threads, which will be where this one is.
        stay_on(&cpus.shares.rest).map_err(Failure::ours)?;
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let traces = Traces::start("assize-worker", &settings.worker.id).map_err(Failure::usage)?;
            let stop = Stop::default();
            tokio::spawn(listen(stop.clone()));
            let ended = worker::serve(settings, cpus, stop.clone()).await;
            traces.close().await;
            Ok::<_, Failure>((ended, stop.at_once.is_cancelled()))
        });
        // Blocking reads of test data must not hold up the end.
        runtime.shutdown_background();
        match ended? {
            (Ok(()), false) => Ok(ExitCode::SUCCESS),
            (Ok(()), true) => Err(Failure::ours(anyhow::anyhow!("stopped at once by a second signal"))),
            (Err(error), _) => Err(Failure::ours(error)),
        }
    }
}

/// Turns the first signal into "stop" and the second into "stop at once".
async fn listen(stop: Stop) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("the worker cannot listen for signals; stop it with SIGKILL");
        return;
    };
    for token in [stop.soon, stop.at_once] {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        token.cancel();
    }
}
