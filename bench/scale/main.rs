//! `assize-scale`: what bounds many workers, measured with workers whose boxes run nothing.
//!
//! ```text
//! Scale -- for each number of workers: Fleet --+-- idle    what workers cost that have nothing to do
//!                                              `-- drain   a queue full of submissions --> Results --> table
//!        `- in the end                            purge    what was stored is removed
//! ```
//!
//! Queues, leases, verdicts and connections are those of production; only boxes are simulated, see `simulated`. All workers
//! are in this process, each with connections of its own.

#[expect(
    dead_code,
    clippy::disallowed_types,
    reason = "the benchmark reads more of the machine, and asks Docker where containers are"
)]
#[path = "../src/meter.rs"]
mod meter;

mod database;
mod drain;
mod fleet;
mod idle;
mod load;
mod metrics_page;
mod purge;
mod results;
mod services;
mod simulated;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use assize::cli::{Failure, Global, interrupt, print, runtime};
use assize::config::Settings;

use crate::fleet::{Fleet, Plan};
use crate::results::Results;
use crate::services::Services;
use crate::simulated::Odds;

/// Measure what many workers ask of RabbitMQ and PostgreSQL, with boxes that run nothing
///
/// All workers are in this process, with queues of their own in the RabbitMQ of the settings; verdicts are stored in their
/// database, and purged in the end: give it one that can go away (`make scale` does).
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
#[command(after_help = "\
Examples:
  make scale
  docker/scale.sh --workers 50,100 --submissions 5000
  docker/scale.sh --workers 1000 --submissions 100000 --connections 1 --json results.json")]
struct Scale {
    #[command(flatten)]
    global: Global,

    /// How many workers there are, one number after the other
    #[arg(long, value_name = "WORKERS", value_delimiter = ',', default_value = "10,50,100,200")]
    workers: Vec<u16>,

    /// Slots of each worker
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    slots: u16,

    /// Connections of each worker to the database, at most
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,

    /// Submissions that each number of workers drains; 0: none
    #[arg(long, value_name = "SUBMISSIONS", default_value_t = 10_000)]
    submissions: u32,

    /// Send them to the queue of what may wait
    #[arg(long)]
    bulk: bool,

    /// Tests of each submission
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    tests: u16,

    /// CPU time that half of the tests stay below, in milliseconds
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 100)]
    median_cpu_ms: u64,

    /// How much faster boxes are than the times that were drawn
    #[arg(long, default_value_t = 1.0)]
    speed: f64,

    /// What is drawn: the same seed draws the same
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// How long workers without work are watched, in seconds; 0: not at all
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    idle: u64,

    /// The container of RabbitMQ, whose CPU time is measured
    #[arg(long, value_name = "CONTAINER")]
    broker_container: String,

    /// The container of PostgreSQL, whose CPU time is measured
    #[arg(long, value_name = "CONTAINER")]
    database_container: String,

    /// Where RabbitMQ shows its figures (`rabbitmq_prometheus`)
    #[arg(long, value_name = "URL")]
    broker_metrics: String,

    /// Write the results as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    Scale::parse().run().unwrap_or_else(|failure| failure.print())
}

impl Scale {
    fn run(self) -> Result<ExitCode, Failure> {
        let settings = self.global.prepare(true)?;
        let runtime = runtime()?;
        let ended = runtime.block_on(self.measure_or_stop(settings));
        // Workers that were not stopped must not hold up the end.
        runtime.shutdown_background();
        ended
    }

    async fn measure_or_stop(self, settings: Settings) -> Result<ExitCode, Failure> {
        let measured = tokio::select! {
            measured = self.measure(&settings) => measured.map_err(Failure::Ours)?,
            () = interrupt::wanted() => return Ok(interrupt::exit_code()),
        };
        print::text(&table::of(&measured, print::width()))?;
        if let Some(path) = &self.json {
            let document = serde_json::to_string_pretty(&measured).map_err(Failure::ours)?;
            std::fs::write(path, format!("{document}\n")).map_err(Failure::ours)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn measure(&self, settings: &Settings) -> anyhow::Result<Results> {
        let mut services = Services::open(
            [&self.broker_container, &self.database_container],
            &self.broker_metrics,
            &settings.store.url,
        )
        .await?;
        let mut results = Results::default();
        for workers in &self.workers {
            let fleet = Fleet::start(&self.plan(*workers), settings).await?;
            results.starts.push(fleet.started());
            if self.idle > 0 {
                results
                    .idle
                    .push(idle::measure(&fleet, self.idle, &mut services).await?);
            }
            if self.submissions > 0 {
                let drained = drain::measure(&fleet, (self.submissions, self.bulk), &mut services).await;
                results.drains.push(drained?);
            }
            fleet.stop().await?;
        }
        results.purge = purge::measure(&settings.store).await?;
        Ok(results)
    }

    fn plan(&self, workers: u16) -> Plan {
        Plan {
            workers: usize::from(workers),
            slots: usize::from(self.slots),
            connections: self.connections,
            tests: usize::from(self.tests),
            odds: Odds {
                seed: self.seed,
                median_cpu_us: self.median_cpu_ms * 1000,
                speed: self.speed,
            },
        }
    }
}
