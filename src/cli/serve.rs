//! `assize serve`

use std::process::ExitCode;

use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::cli::readiness::check;
use crate::cli::{Failure, interrupt, runtime};
use crate::config::{SandboxSettings, Settings};
use crate::health::Monitored;
use crate::sandbox::{ClaimedCpus, claim_cpus, stay_on};
use crate::serve::{allow_open_files, serve, serve_standalone};
use crate::telemetry::Traces;

/// Take submissions over HTTP and answer them, until told to stop
///
/// Submissions go to workers over RabbitMQ; a submission is accepted when PostgreSQL has it and RabbitMQ has confirmed it. Any
/// number of services can run beside each other.
///
/// With --standalone, the judge is in the same process: a sandbox backend is needed, RabbitMQ and PostgreSQL are not.
/// What waits, what runs and what was answered is in memory, and is lost when the process ends. Without tokens
/// (serve.token_file) only clients of this host are served.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize serve
  assize serve --standalone
  assize serve --check
  curl --json '{\"source\": \"print(6 * 7)\"}' http://127.0.0.1:8751/v1/run
  ASSIZE__SERVE__LISTEN=0.0.0.0:8751 ASSIZE__SERVE__TOKEN_FILE=tokens assize serve --standalone")]
pub(super) struct Serve {
    /// Judge in this process, without a broker and a database
    #[arg(long)]
    standalone: bool,

    /// Only ask the service that runs with these settings on this host whether it is ready; exit code 0 when it is, else
    /// 1
    ///
    /// It says what is not ready. The answer is that of /readyz at `serve.monitoring.listen`.
    #[arg(long)]
    check: bool,
}

impl Serve {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        if self.check {
            let monitoring = &settings.serve.monitoring;
            return runtime()?.block_on(check(Monitored::Service, monitoring, &settings.worker.id));
        }
        let cpus = match self.standalone {
            true => Some(claim(&settings.sandbox, settings.worker.slots)?),
            false => None,
        };
        allow_connections(settings.serve.max_connections);
        let runtime = runtime()?;
        let ended = runtime.block_on(async {
            let traces = Traces::start("assize-serve", &settings.worker.id).map_err(Failure::usage)?;
            let stop = CancellationToken::new();
            let stop_on_interrupt = stop.clone();
            tokio::spawn(async move {
                interrupt::wanted().await;
                stop_on_interrupt.cancel();
            });
            let listening = |address| tracing::info!(%address, "submissions are taken over HTTP");
            let served = match &cpus {
                Some(cpus) => serve_standalone(settings, cpus.shares.slots.clone(), stop, listening).await,
                None => serve(settings, stop, listening).await,
            };
            traces.close().await;
            served.map_err(Failure::ours)
        });
        // Blocking reads of test data must not hold up the end.
        runtime.shutdown_background();
        ended.map(|()| ExitCode::SUCCESS)
    }
}

/// A connection is an open file.
fn allow_connections(connections: usize) {
    if let Some(files) = allow_open_files().filter(|files| *files < connections as u64) {
        tracing::warn!(
            files,
            connections,
            "fewer files may be open than serve.max_connections says (`ulimit -n`, LimitNOFILE, nofile)"
        );
    }
}

/// CPUs for the slots of this process, which keeps to the others.
fn claim(sandbox: &SandboxSettings, slots: usize) -> Result<ClaimedCpus, Failure> {
    let cpus = claim_cpus(sandbox, slots).map_err(Failure::usage)?;
    cpus.warn_if_not_pinned(sandbox);
    // Before there are other threads, which will be where this one is.
    stay_on(&cpus.shares.rest).map_err(Failure::ours)?;
    Ok(cpus)
}
