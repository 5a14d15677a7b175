//! `assize bench`: what the worker costs, next to what it is compared with, in one run.
//!
//! ```text
//! Bench -> Site --+-- latency   W1 W2 W3 W5: one at a time, every way in each round
//!                 +-- batch     W1 to W5: as many at once as there are slots
//!                 +-- spread    W4: the same work on one slot and on all
//!                 +-- flood     W6: what waits in the queue
//!                 `-- life      a box alone                    --> Figures --> bars, sheets, chart
//! ```
//!
//! The workers are processes of this program, as users run them; `crew` is the site that asks them.

mod bars;
mod batch;
mod chart;
mod crew;
mod figures;
mod flood;
mod latency;
mod life;
mod meter;
mod reference;
mod sheets;
mod site;
mod spread;
mod variant;
mod workload;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};

use crate::cli::bench::figures::Figures;
use crate::cli::bench::flood::Sizes;
use crate::cli::bench::site::Site;
use crate::cli::bench::workload::Workload;
use crate::cli::{Failure, interrupt, print, runtime};
use crate::config::Settings;

/// Lines of a page between which the figures are put.
const BEGIN: &str = "<!-- figures: written by `make bench` -->";
const END: &str = "<!-- end of the figures -->";

/// Measure this worker on this machine, next to plain Python and plain Docker
///
/// Starts workers of its own, with queues of their own in the RabbitMQ of the settings; verdicts are stored in their
/// database, so give it one that can go away (`make bench` does). Nothing else should run meanwhile. The exit code is 0
/// when every bar is met, 1 when one is missed, 3 when something failed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  make bench
  assize bench W1 W2 --rounds 10
  assize bench --json figures.json --svg figures.svg")]
pub(super) struct Bench {
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
    flood: u16,

    /// Submissions of the flood over which the worker's memory has to stay flat
    #[arg(long, value_name = "SUBMISSIONS", default_value_t = 2000, value_parser = clap::value_parser!(u16).range(20..))]
    long_flood: u16,

    /// Container whose CPU time is shown apart, such as the database's; can be given several times
    #[arg(long, value_name = "CONTAINER")]
    service: Vec<String>,

    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Draw the ratios
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Write the figures into this page, between the lines that say where
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// A workload, or the boxes alone.
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
    /// A flood of W2
    W6,
    /// A box made, started and removed
    Boxes,
}

impl Bench {
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        runtime()?.block_on(self.bench(settings))
    }

    async fn bench(self, settings: Settings) -> Result<ExitCode, Failure> {
        if let Some(page) = &self.markdown {
            put_into(page, None).map_err(Failure::Usage)?;
        }
        let slots = self.slots.map_or(settings.worker.slots, usize::from);
        let mut site = Site::open(settings, slots, usize::from(self.rounds), &self.service)
            .await
            .map_err(Failure::Ours)?;
        let measured = tokio::select! {
            measured = self.measure(&mut site) => Some(measured),
            () = interrupt::wanted() => None,
        };
        site.close().await.map_err(Failure::Ours)?;
        let Some(figures) = measured.transpose().map_err(Failure::Ours)? else {
            return Ok(interrupt::exit_code());
        };
        self.tell(&figures)?;
        let met = figures.bars.iter().all(|bar| bar.met);
        Ok(if met { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    async fn measure(&self, site: &mut Site) -> anyhow::Result<Figures> {
        let mut figures = Figures {
            at: jiff::Timestamp::now(),
            machine: site.machine.clone(),
            rounds: site.rounds,
            slots: site.slots,
            ..Figures::default()
        };
        let burn = spread::calibrated(&mut site.plains).await?;
        let wanted = |wanted: Wanted, workload: Workload| self.wants(wanted).then_some(workload);
        let latencies: Vec<Workload> = [
            wanted(Wanted::W1, Workload::hello()),
            wanted(Wanted::W2, Workload::sums()),
            wanted(Wanted::W3, Workload::numpy()),
            wanted(Wanted::W5, Workload::bulk()),
        ]
        .into_iter()
        .flatten()
        .collect();
        let batches: Vec<Workload> = latencies
            .iter()
            .cloned()
            .chain(wanted(Wanted::W4, burn.clone()))
            .collect();
        let all = [Workload::hello(), Workload::sums(), Workload::numpy(), burn.clone()];
        for workload in all.iter().chain(&latencies) {
            workload.write_package(&site.corner.directory)?;
        }
        if self.wants(Wanted::Boxes) {
            life::measure(site, &mut figures).await?;
        }
        latency::measure(site, &latencies, &mut figures).await?;
        batch::measure(site, &batches, &mut figures).await?;
        if self.wants(Wanted::W4) {
            spread::measure(site, &burn, &mut figures).await?;
        }
        if self.wants(Wanted::W6) {
            let sizes = Sizes {
                flood: usize::from(self.flood),
                long: usize::from(self.long_flood),
            };
            flood::measure(site, &Workload::sums(), sizes, &mut figures).await?;
        }
        figures.disturbance = site.meter.disturbance();
        let way = site.variants.first().map_or("", |variant| variant.name.as_str());
        figures.bars = bars::of(&figures, way);
        Ok(figures)
    }

    fn wants(&self, workload: Wanted) -> bool {
        self.workloads.is_empty() || self.workloads.contains(&workload)
    }

    fn tell(&self, figures: &Figures) -> Result<(), Failure> {
        print::text(&sheets::on_terminal(figures, print::width()))?;
        if let Some(path) = &self.json {
            let document = serde_json::to_string_pretty(figures).map_err(Failure::ours)?;
            write(path, &format!("{document}\n")).map_err(Failure::Ours)?;
        }
        if let Some(path) = &self.svg {
            let drawn = chart::svg(figures).map_err(Failure::Ours)?;
            write(path, &drawn).map_err(Failure::Ours)?;
        }
        if let Some(path) = &self.markdown {
            put_into(path, Some(&sheets::in_markdown(figures))).map_err(Failure::Ours)?;
        }
        Ok(())
    }
}

/// Replaces what stands between the two lines; without figures it only looks whether they are there.
fn put_into(page: &Path, figures: Option<&str>) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let parts = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, behind) = parts.ok_or_else(|| {
        anyhow!(
            "{} does not say where figures belong; put the lines {BEGIN} and {END} into it",
            page.display()
        )
    })?;
    match figures {
        Some(figures) => write(page, &format!("{before}{BEGIN}\n\n{figures}\n{END}{behind}")),
        None => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
