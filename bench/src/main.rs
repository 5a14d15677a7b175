//! `assize-bench`: what the worker costs, next to what it is compared with, in one run.
//!
//! ```text
//! Bench -> Environment --+-- latency   W1 W2 W3 W5: one at a time, every way in each round
//!                        +-- batch     W1 to W5: as many at once as there are slots
//!                        +-- spread    W4: the same work on one slot and on all
//!                        +-- interactive rounds of a conversation
//!                        +-- backlog   W6: submissions that wait in the queue
//!                        +-- life      a box alone
//!                        +-- idle      a box that waits
//!                        +-- doors     W1 W2 W3: through RabbitMQ, the HTTP service and the dialects
//!                        +-- occupancy many programs in one request
//!                        +-- clients   that wait or follow a stream
//!                        `-- costs     calls of functions, unit tests --> Results --> thresholds, tables, chart
//! ```
//!
//! The workers are processes of `assize worker`, as users run them. What they do is read from their verdicts and from
//! their HTTP service.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the benchmark starts workers and containers, and reads what they write"
)]

mod environment;
mod measurements;
mod meter;
mod processes;
mod reference;
mod report;
mod results;
mod workload;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::{Parser, ValueEnum};

use crate::environment::Environment;
use crate::measurements::backlog::{self, Sizes};
use crate::measurements::{batch, clients, costs, doors, idle, interactive, latency, life, occupancy, spread};
use crate::report::{by_nsjail, chart, page, tables, thresholds};
use crate::results::Results;
use crate::workload::Workload;
use assize::cli::{Failure, Global, interrupt, print, runtime};
use assize::config::Settings;

/// Measure this worker on this machine, next to plain Python and plain Docker
///
/// Starts workers of its own, with queues of their own in the RabbitMQ of the settings; verdicts are stored in their
/// database, so give it one that can go away (`make bench` does). Nothing else should run meanwhile. The exit code is 0
/// when every threshold is met, 1 when one is missed, 3 when something failed.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
#[command(after_help = "\
Examples:
  make bench
  docker/bench.sh W1 W2 --rounds 10
  docker/bench.sh doors occupancy clients calls pytest
  assize-bench --json results.json --svg results.svg")]
struct Bench {
    #[command(flatten)]
    global: Global,

    /// The program `assize` whose workers are measured; without it the one beside this program
    #[arg(long, value_name = "PROGRAM")]
    assize: Option<PathBuf>,

    /// What to measure; without it everything
    #[arg(value_name = "WORKLOAD", ignore_case = true)]
    workloads: Vec<Wanted>,

    /// Measurements of each latency
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// Slots of the workers that are kept busy; without it as the settings say
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    slots: Option<u16>,

    /// Submissions that wait in the queue in W6
    #[arg(long, value_name = "SUBMISSIONS", default_value_t = 500, value_parser = clap::value_parser!(u16).range(20..))]
    backlog: u16,

    /// Submissions of the backlog over which the worker's memory has to stay flat
    #[arg(long, value_name = "SUBMISSIONS", default_value_t = 2000, value_parser = clap::value_parser!(u16).range(20..))]
    long_backlog: u16,

    /// Programs in one request in `occupancy`
    #[arg(long, value_name = "PROGRAMS", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..))]
    programs: u16,

    /// Clients that wait or follow a stream in `clients`
    #[arg(long, value_name = "CLIENTS", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(2..))]
    clients: u16,

    /// Candidates with ten calls each in `calls`; modules of tests in `pytest` are a tenth of them
    #[arg(long, value_name = "CANDIDATES", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..))]
    candidates: u16,

    /// A container whose CPU time is shown apart, such as the database's; can be given several times
    #[arg(long, value_name = "CONTAINER")]
    service: Vec<String>,

    /// Show results that were written with --json, and measure nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workloads", "json"])]
    from: Option<PathBuf>,

    /// Write the results as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Draw the ratios
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Write the results into this page, between the lines that say where
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// A workload, or one of the other measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    /// hello, one test
    W1,
    /// a+b, 20 tests
    W2,
    /// a+b with numpy, 20 tests
    W3,
    /// One second of CPU, on one slot and on all
    W4,
    /// One test with 50 MB in and 50 MB out
    W5,
    /// A backlog of W2
    W6,
    /// A round of an interactive problem, next to plain pipes
    Interactive,
    /// A box made, started and removed, and one that waits
    Boxes,
    /// W1 to W3 through RabbitMQ, the HTTP service, `/v1/run` standalone and each dialect
    Doors,
    /// Many programs with 5 tests each in one request: whether all slots are busy
    Occupancy,
    /// Memory for clients that wait or follow a stream
    Clients,
    /// CPU time of candidates with 10 calls each
    Calls,
    /// CPU time of a module of 20 tests, next to plain pytest
    Pytest,
}

fn main() -> ExitCode {
    Bench::parse().run().unwrap_or_else(|failure| failure.print())
}

impl Bench {
    fn run(self) -> Result<ExitCode, Failure> {
        let settings = self.global.prepare(true)?;
        runtime()?.block_on(self.bench(settings))
    }

    async fn bench(self, settings: Settings) -> Result<ExitCode, Failure> {
        if let Some(page) = &self.markdown {
            page::check(page).map_err(Failure::Usage)?;
        }
        if let Some(path) = &self.from {
            let results = page::results(path).map_err(Failure::Usage)?;
            return self.tell(&results).map(|()| ExitCode::SUCCESS);
        }
        let program = self.program().map_err(Failure::Usage)?;
        let slots = self.slots.map_or(settings.worker.slots, usize::from);
        let mut environment = Environment::open(program, settings, slots, usize::from(self.rounds), &self.service)
            .await
            .map_err(Failure::Ours)?;
        let measured = tokio::select! {
            measured = self.measure(&mut environment) => Some(measured),
            () = interrupt::wanted() => None,
        };
        environment.close().await.map_err(Failure::Ours)?;
        let Some(results) = measured.transpose().map_err(Failure::Ours)? else {
            return Ok(interrupt::exit_code());
        };
        self.tell(&results)?;
        let met = results.thresholds.iter().all(|threshold| threshold.met);
        Ok(if met { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    /// The program whose workers are measured.
    fn program(&self) -> anyhow::Result<PathBuf> {
        let program = match &self.assize {
            Some(program) => program.clone(),
            None => std::env::current_exe()?.with_file_name("assize"),
        };
        ensure!(
            program.is_file(),
            "there is no program {}; build it with `cargo build --release -p assize`, or name it with --assize",
            program.display()
        );
        Ok(program)
    }

    async fn measure(&self, environment: &mut Environment) -> anyhow::Result<Results> {
        let mut results = Results {
            at: jiff::Timestamp::now(),
            machine: environment.machine.clone(),
            rounds: environment.rounds,
            slots: environment.slots,
            ..Results::default()
        };
        let burn = spread::calibrated(&mut environment.plains).await?;
        let latencies = self.workloads_of_latency();
        let batches = latencies.iter().chain(self.wants(Wanted::W4).then_some(&burn));
        let batches: Vec<Workload> = batches.cloned().collect();
        let all = [Workload::hello(), Workload::sums(), Workload::numpy(), burn.clone()];
        for workload in all.iter().chain(&latencies) {
            workload.write_package(&environment.namespace.directory)?;
        }
        if self.wants(Wanted::Boxes) {
            life::measure(environment, &mut results).await?;
            idle::measure(environment, &mut results).await?;
        }
        latency::measure(environment, &latencies, &mut results).await?;
        batch::measure(environment, &batches, &mut results).await?;
        if self.wants(Wanted::W4) {
            spread::measure(environment, &burn, &mut results).await?;
        }
        if self.wants(Wanted::Interactive) {
            interactive::measure(environment, &mut results).await?;
        }
        if self.wants(Wanted::W6) {
            let sizes = Sizes {
                backlog: usize::from(self.backlog),
                long: usize::from(self.long_backlog),
            };
            backlog::measure(environment, &Workload::sums(), sizes, &mut results).await?;
        }
        self.measure_services(environment, &mut results).await?;
        results.disturbance = environment.meter.disturbance();
        let way = environment.variants.first().map_or("", |variant| variant.name.as_str());
        results.thresholds = thresholds::of(&results, way);
        results
            .thresholds
            .extend(by_nsjail::of(&results, way).collect::<Vec<_>>());
        Ok(results)
    }

    fn workloads_of_latency(&self) -> Vec<Workload> {
        let all = [
            (Wanted::W1, Workload::hello()),
            (Wanted::W2, Workload::sums()),
            (Wanted::W3, Workload::numpy()),
            (Wanted::W5, Workload::bulk()),
        ];
        let wanted = all.into_iter().filter(|(wanted, _workload)| self.wants(*wanted));
        wanted.map(|(_wanted, workload)| workload).collect()
    }

    /// The HTTP service, and graded functions.
    async fn measure_services(&self, environment: &mut Environment, results: &mut Results) -> anyhow::Result<()> {
        if self.wants(Wanted::Doors) {
            let workloads = [Workload::hello(), Workload::sums(), Workload::numpy()];
            doors::measure(environment, &workloads, results).await?;
        }
        if self.wants(Wanted::Occupancy) {
            occupancy::measure(environment, usize::from(self.programs), results).await?;
        }
        if self.wants(Wanted::Clients) {
            clients::measure(environment, usize::from(self.clients), results).await?;
        }
        let candidates = usize::from(self.candidates);
        if self.wants(Wanted::Calls) {
            costs::measure_calls(environment, candidates, results).await?;
        }
        if self.wants(Wanted::Pytest) {
            costs::measure_pytest(environment, candidates.div_ceil(10), results).await?;
        }
        Ok(())
    }

    fn wants(&self, workload: Wanted) -> bool {
        self.workloads.is_empty() || self.workloads.contains(&workload)
    }

    fn tell(&self, results: &Results) -> Result<(), Failure> {
        print::text(&tables::on_terminal(results, print::width()))?;
        if let Some(path) = &self.json {
            let document = serde_json::to_string_pretty(results).map_err(Failure::ours)?;
            page::write(path, &format!("{document}\n")).map_err(Failure::Ours)?;
        }
        if let Some(path) = &self.svg {
            let drawn = chart::svg(results).map_err(Failure::Ours)?;
            page::write(path, &drawn).map_err(Failure::Ours)?;
        }
        if let Some(path) = &self.markdown {
            page::replace(path, &tables::in_markdown(results)).map_err(Failure::Ours)?;
        }
        Ok(())
    }
}
