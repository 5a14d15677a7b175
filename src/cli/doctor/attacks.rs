//! `assize doctor --attack`: the corpus against this host.

use std::collections::BTreeMap;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use comfy_table::{Cell, Color};
use futures::StreamExt as _;
use jiff::Timestamp;
use serde::Serialize;

use crate::attack::{Attack, AttackFixture, AttackRun, Outcome, built_in, detection_checks, read_directory};
use crate::cli::progress::ProgressLine;
use crate::cli::table::{self, Column};
use crate::cli::{Failure, interrupt, print};
use crate::config::{JudgingSettings, Startup};
use crate::contract::SandboxInfo;
use crate::sandbox::{Check, Layer, open_backend, share_out};

/// How attacks are made.
#[derive(Debug, Args)]
pub(super) struct AttackOptions {
    /// Only attacks whose name holds this text, such as `network/`
    #[arg(long, requires = "attack", value_name = "TEXT")]
    only: Option<String>,

    /// Both ways to start a program, and each attack also without one layer of the wall that is not its only one
    #[arg(long, requires = "attack")]
    thorough: bool,

    /// Each attack once, half of them forked and half executed
    #[arg(long, requires = "attack", conflicts_with = "thorough")]
    alternate: bool,

    /// With --thorough: without each of these layers in turn, which takes about half as long again
    #[arg(long, requires = "thorough")]
    every_layer: bool,

    /// Only every so many-th attack, for a host on which each takes long
    #[arg(long, requires = "attack", value_name = "N")]
    every: Option<NonZeroUsize>,

    /// Time limits of programs times this, for a host that is slow, such as one that translates virtual machines
    #[arg(long, requires = "attack", value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100))]
    time_factor: Option<u64>,

    /// Attacks of your own instead: a directory with a directory per category
    #[arg(long, requires = "attack", value_name = "DIR")]
    corpus: Option<PathBuf>,

    /// Write what came of each attack to this file, as JSON
    #[arg(long, requires = "attack", value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Attacks under one set of circumstances.
struct Round {
    startup: Startup,
    without: Option<Layer>,
    attacks: Vec<Attack>,
}

/// The outcomes of the attacks, and the sandbox in which they were judged.
struct Made {
    sandbox: SandboxInfo,
    outcomes: Vec<Outcome>,
}

/// The report on a run, to be read later.
#[derive(Serialize)]
struct Report<'a> {
    version: &'static str,
    /// What was attacked, as verdicts show it.
    sandbox: &'a SandboxInfo,
    /// What the doctor found about the backend.
    checks: Vec<Check>,
    started_at: Timestamp,
    ended_at: Timestamp,
    attacks: usize,
    held: usize,
    outcomes: &'a [Outcome],
}

impl AttackOptions {
    pub(super) async fn run(&self, settings: &JudgingSettings) -> Result<ExitCode, Failure> {
        let rounds = self.rounds(settings)?;
        // Before an hour is spent on what could not be kept.
        let report = self.report.as_deref().map(create).transpose()?;
        let started_at = Timestamp::now();
        let made = tokio::select! {
            made = make(settings, &rounds, self.time_factor.unwrap_or(1)) => made?,
            () = interrupt::wanted() => return Ok(interrupt::exit_code()),
        };
        if let Some(report) = report {
            write(report, settings, started_at, &made).await?;
        }
        let made = made.outcomes;
        print::text(&shown(&made, self.report.as_deref(), print::width()))?;
        Ok(if held(&made) == made.len() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(1)
        })
    }

    fn rounds(&self, settings: &JudgingSettings) -> Result<Vec<Round>, Failure> {
        let attacks = self.attacks()?;
        let usual = settings
            .default_language()
            .map(|python| python.startup)
            .unwrap_or_default();
        let other = match usual {
            Startup::Exec => Startup::Fork,
            Startup::Fork => Startup::Exec,
        };
        if self.alternate {
            return Ok(alternating(attacks, [usual, other]));
        }
        let with_all_layers = |startup| Round {
            startup,
            without: None,
            attacks: attacks.clone(),
        };
        let mut rounds = vec![with_all_layers(usual)];
        if self.thorough {
            rounds.push(with_all_layers(other));
            let backend = open_backend(&settings.sandbox, &settings.worker.id).map_err(Failure::usage)?;
            let layers = backend.facts().layers.into_iter();
            rounds.extend(layers.map(|layer| self.round_without(layer, usual, &attacks)));
            rounds.retain(|round| !round.attacks.is_empty());
        }
        Ok(rounds)
    }

    /// The attacks that are asked for.
    fn attacks(&self) -> Result<Vec<Attack>, Failure> {
        let attacks = match &self.corpus {
            Some(directory) => read_directory(directory),
            None => built_in(),
        };
        let mut attacks = attacks.map_err(Failure::usage)?;
        if let Some(text) = &self.only {
            attacks.retain(|attack| attack.name.contains(text.as_str()));
        }
        if let Some(every) = self.every {
            attacks = attacks.into_iter().step_by(every.get()).collect();
        }
        if attacks.is_empty() {
            return Err(Failure::usage(anyhow!(
                "there is no such attack; --only takes a part of a name"
            )));
        }
        Ok(attacks)
    }

    /// The attacks that have to fail without a layer too.
    fn round_without(&self, layer: Layer, startup: Startup, attacks: &[Attack]) -> Round {
        let numbered = attacks.iter().enumerate();
        let held = numbered.filter(|(number, attack)| match self.every_layer {
            true => attack.without.contains(&layer),
            false => attack.one_layer(*number) == Some(&layer),
        });
        Round {
            startup,
            attacks: held.map(|(_number, attack)| attack.clone()).collect(),
            without: Some(layer),
        }
    }
}

/// Each attack in one of two rounds, by turns.
fn alternating(attacks: Vec<Attack>, startups: [Startup; 2]) -> Vec<Round> {
    let round = |turn: usize, startup| Round {
        startup,
        without: None,
        attacks: attacks.iter().skip(turn).step_by(2).cloned().collect(),
    };
    let [first, second] = startups;
    let mut rounds = vec![round(0, first), round(1, second)];
    rounds.retain(|round| !round.attacks.is_empty());
    rounds
}

async fn make(settings: &JudgingSettings, rounds: &[Round], time_factor: u64) -> Result<Made, Failure> {
    let fixture = AttackFixture::build().await.map_err(Failure::ours)?;
    let all: usize = rounds.iter().map(|round| round.attacks.len()).sum();
    let progress_line = ProgressLine::start("starting boxes", false);
    let mut made = Vec::new();
    let mut sandbox = None;
    for round in rounds {
        let (run, at_once) = open(settings, round).await?;
        let run = run.with_time_factor(time_factor);
        if sandbox.is_none() {
            let found = run.sandbox().await;
            sandbox =
                Some(found.map_err(|reason| Failure::ours(anyhow!("the control program is not judged: {reason}")))?);
            if let Err(failure) = check_detection(&run, &fixture).await {
                run.close().await;
                progress_line.finish();
                return Err(failure);
            }
        }
        let mut outcomes = pin!(run.groups(&round.attacks, &fixture, at_once));
        while let Some(outcome) = outcomes.next().await {
            progress_line.count(made.len() + 1, all, &outcome.attack);
            made.push(outcome);
        }
        run.close().await;
    }
    progress_line.finish();
    made.sort_by(|left, right| (&left.without, &left.attack).cmp(&(&right.without, &right.attack)));
    let sandbox = sandbox.ok_or_else(|| Failure::usage(anyhow!("there is nothing to attack with")))?;
    Ok(Made {
        sandbox,
        outcomes: made,
    })
}

/// Opens the boxes of a round, and says how many attacks are made at once.
async fn open(settings: &JudgingSettings, round: &Round) -> Result<(AttackRun, usize), Failure> {
    let slots = share_out(&settings.sandbox, settings.worker.slots)
        .map_err(Failure::usage)?
        .slots;
    let at_once = slots.len().max(1);
    let run = AttackRun::open(settings.clone(), slots, round.startup, round.without.clone())
        .await
        .map_err(Failure::ours)?;
    Ok((run, at_once))
}

/// Fails when a check does not see what it is shown: then it would see no attack either.
async fn check_detection(run: &AttackRun, fixture: &AttackFixture) -> Result<(), Failure> {
    let checks = detection_checks(run, fixture).await;
    match checks.into_iter().find(|check| !check.detected) {
        Some(check) => Err(Failure::ours(anyhow!(
            "the checks are blind: {} was not seen",
            check.what
        ))),
        None => Ok(()),
    }
}

fn create(path: &Path) -> Result<File, Failure> {
    File::create(path)
        .map_err(|error| Failure::usage(anyhow!("cannot write the report to {}: {error}", path.display())))
}

async fn write(file: File, settings: &JudgingSettings, started_at: Timestamp, made: &Made) -> Result<(), Failure> {
    let backend = open_backend(&settings.sandbox, &settings.worker.id).map_err(Failure::usage)?;
    let python = settings.default_language();
    let environments: Vec<&str> = python.iter().map(|python| python.environment.as_str()).collect();
    let checks = backend.examine(&environments).await;
    backend.close().await;
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        sandbox: &made.sandbox,
        checks,
        started_at,
        ended_at: Timestamp::now(),
        attacks: made.outcomes.len(),
        held: held(&made.outcomes),
        outcomes: &made.outcomes,
    };
    serde_json::to_writer_pretty(file, &report)
        .map_err(|error| Failure::ours(anyhow!("cannot write the report: {error}")))
}

fn held(made: &[Outcome]) -> usize {
    made.iter().filter(|outcome| outcome.held).count()
}

fn shown(made: &[Outcome], report: Option<&Path>, width: u16) -> String {
    let mut parts = vec![categories(made, width)];
    let broken: Vec<&Outcome> = made.iter().filter(|outcome| !outcome.held).collect();
    if !broken.is_empty() {
        parts.push(failures(&broken, width));
    }
    parts.push(summary(held(made), made.len()));
    parts.extend(report.map(|path| format!("What came of each is in {}", path.display())));
    parts.join("\n\n")
}

fn summary(held: usize, all: usize) -> String {
    let meaning = "no test passed, nothing came out or was changed, and the judge went on";
    match all - held {
        0 => format!("{held} of {all} held: {meaning}."),
        lost => {
            format!("{held} of {all} held ({meaning}); {lost} did not. Do not judge strangers' programs on this host.")
        }
    }
}

fn categories(made: &[Outcome], width: u16) -> String {
    let mut counted: BTreeMap<(Option<&Layer>, &str, &str), (usize, usize)> = BTreeMap::new();
    for outcome in made {
        let category = outcome.attack.split('/').next().unwrap_or_default();
        let (held, all) = counted
            .entry((outcome.without.as_ref(), started(outcome.startup), category))
            .or_default();
        *held += usize::from(outcome.held);
        *all += 1;
    }
    let columns = [
        Column::Word("attacks"),
        Column::Word("started by"),
        Column::Word("without"),
        Column::Number("held"),
        Column::Number("of"),
    ];
    let rows: Vec<_> = counted
        .into_iter()
        .map(|((without, startup, category), (held, all))| {
            let color = if held == all { Color::Green } else { Color::Red };
            vec![
                table::text(category),
                Cell::new(startup),
                Cell::new(without.map(Layer::name).unwrap_or_default()),
                Cell::new(held).fg(color),
                Cell::new(all),
            ]
        })
        .collect();
    table::render(&columns, &rows, width)
}

fn failures(broken: &[&Outcome], width: u16) -> String {
    let columns = [
        Column::Text("attack"),
        Column::Word("verdict"),
        Column::Word("started by"),
        Column::Word("without"),
        Column::Note("what it achieved"),
    ];
    let rows: Vec<_> = broken
        .iter()
        .map(|outcome| {
            vec![
                table::text(&outcome.attack),
                table::verdict(outcome.verdict),
                Cell::new(started(outcome.startup)),
                Cell::new(outcome.without.as_ref().map(Layer::name).unwrap_or_default()),
                table::text(&outcome.broken.join("; ")),
            ]
        })
        .collect();
    table::render_tall(&columns, &rows, width)
}

fn started(startup: Startup) -> &'static str {
    match startup {
        Startup::Exec => "exec",
        Startup::Fork => "fork",
    }
}
