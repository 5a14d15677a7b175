//! `assize status`

mod advice;
mod document;
mod screen;
mod totals;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::time::sleep;

use crate::broker::{QueueError, QueueStatus, QueueWatch};
use crate::cli::{Failure, interrupt, print, runtime};
use crate::config::{BrokerSettings, StoreSettings};
use crate::store::{Store, StoreError, Throughput, WorkerRow};
use document::StatusDocument;

/// Clears a terminal, and begins in its upper left corner.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Show queues, workers and slots, and whether there are enough of them
///
/// What waits in the queues comes from RabbitMQ; how each worker is, from PostgreSQL, where it says so every ten
/// seconds. A worker that was killed is shown as silent, for a day. How long the queue takes is reckoned from what was
/// judged in the last ten minutes, for the case that nothing is added to it.
///
/// The exit code is 0, or 3 when RabbitMQ or PostgreSQL does not answer; what the other one says is shown all the same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize status
  assize status --watch
  assize status --watch 10 --json")]
pub(super) struct Status {
    /// Show it again and again, with so many seconds between
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "2",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    watch: Option<u64>,

    /// Print JSON, and nothing else; with --watch, a line each time
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(super) fn run(self, broker: BrokerSettings, store: StoreSettings) -> Result<ExitCode, Failure> {
        let mut observer = Observer {
            broker,
            store,
            queues: None,
            workers: None,
        };
        runtime()?.block_on(async {
            match self.watch {
                None => {
                    let status = observer.look().await;
                    self.show(&status)?;
                    Ok(status.exit_code())
                }
                Some(seconds) => tokio::select! {
                    ended = self.watch(&mut observer, Duration::from_secs(seconds)) => ended,
                    () = interrupt::wanted() => Ok(ExitCode::SUCCESS),
                },
            }
        })
    }

    async fn watch(&self, observer: &mut Observer, pause: Duration) -> Result<ExitCode, Failure> {
        loop {
            let status = observer.look().await;
            if self.json {
                print::json_line(&status)?;
            } else if std::io::stdout().is_terminal() {
                print::text(&format!("{CLEAR}{}", screen::shown(&status, print::width())))?;
            } else {
                self.show(&status)?;
            }
            sleep(pause).await;
        }
    }

    fn show(&self, status: &StatusDocument) -> Result<(), Failure> {
        if self.json {
            return print::json(status);
        }
        print::text(&screen::shown(status, print::width()))
    }
}

/// The ways to what is known; each is made anew where it was lost.
struct Observer {
    broker: BrokerSettings,
    store: StoreSettings,
    queues: Option<QueueWatch>,
    workers: Option<Store>,
}

impl Observer {
    async fn look(&mut self) -> StatusDocument {
        let (store, workers) = (&self.store, &mut self.workers);
        let (queues, fleet) = tokio::join!(look_at_queues(&self.broker, &mut self.queues), async {
            // Without a database, workers report nothing, and that is no failure.
            match store.enabled {
                true => Some(look_at_workers(store, workers).await),
                false => None,
            }
        });
        StatusDocument::of(queues, fleet)
    }
}

async fn look_at_queues(
    settings: &BrokerSettings,
    watch: &mut Option<QueueWatch>,
) -> Result<Vec<QueueStatus>, QueueError> {
    let connected = match watch.take() {
        Some(connected) => connected,
        None => QueueWatch::open(settings).await?,
    };
    let queues = connected.look().await?;
    *watch = Some(connected);
    Ok(queues)
}

async fn look_at_workers(
    settings: &StoreSettings,
    store: &mut Option<Store>,
) -> Result<(Vec<WorkerRow>, Throughput), StoreError> {
    let attached = match store {
        Some(attached) => attached,
        None => store.insert(Store::attach(settings).await?),
    };
    Ok((attached.workers().await?, attached.throughput().await?))
}
