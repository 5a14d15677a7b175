//! A round of an interactive problem, with every backend that there is: the validator writes a line, the submission
//! answers. The validator says itself how long a round took, and does so too where plain pipes join the two.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};

use crate::environment::Environment;
use crate::processes::variant::{NSJAIL, by_nsjail};
use crate::reference::output_in_container;
use crate::results::{Latency, Results, median};
use crate::workload::message_of;
use assize::config::{Settings, StreamsOf};
use assize::contract::{self, Judgement, SubmissionCaps, Verdict};
use assize::judge::{Attempt, Judge, JudgeOptions};
use assize::problem::ProblemStore;
use assize::sandbox::{Pool, share_out};

const ASKS: &str = include_str!("asks.py");
const ANSWERS: &str = include_str!("answers.py");
const TWO_BY_PIPES: &str = include_str!("two_by_pipes.py");

/// Name of the workload and of its package.
pub(crate) const INTERACTIVE: &str = "interactive";

/// Boxes whose streams do not go through the daemon.
pub(crate) const WITH_SOCKETS: &str = "assize, docker with sockets";

const PLAIN_PIPES: &str = "plain pipes";

/// What is measured.
const SPAN: &str = "one round of 10,000";

/// A conversation takes seconds, and its rounds are a mean already.
const MOST_CONVERSATIONS: usize = 5;

/// Boxes behind one wall, and their rounds in milliseconds.
struct Way {
    name: &'static str,
    judge: Judge,
    pool: Arc<Pool>,
    caps: SubmissionCaps,
    rounds: Vec<f64>,
}

/// Conversations of all ways and of plain pipes in turn.
pub(crate) async fn measure(environment: &mut Environment, results: &mut Results) -> anyhow::Result<()> {
    environment.progress.part(INTERACTIVE);
    write_package(&environment.namespace.directory)?;
    let mut ways = Vec::new();
    for (name, settings) in walls(environment) {
        ways.push(Way::open(name, &settings).await?);
    }
    let conversations = environment.rounds.min(MOST_CONVERSATIONS);
    let mut plain = Vec::new();
    for conversation in 0..conversations {
        environment.progress.count(conversation, conversations, INTERACTIVE);
        plain.push(plain_round_ms(&environment.image).await?);
        for way in &mut ways {
            way.rounds.push(way.round_ms().await?);
        }
    }
    let plain_ms = median(&plain);
    let mut add = |way: &str, rounds: &[f64]| {
        let latency = Latency::of(INTERACTIVE, way, SPAN, rounds, plain_ms);
        results.conversations.push(latency);
    };
    for way in &ways {
        add(way.name, &way.rounds);
    }
    add(PLAIN_PIPES, &plain);
    for way in ways {
        way.pool.close().await;
    }
    Ok(())
}

/// The walls that this machine has, with their settings.
fn walls(environment: &Environment) -> Vec<(&'static str, Settings)> {
    let with = |name, change: &dyn Fn(&mut Settings)| {
        let mut settings = environment.settings.clone();
        settings.problems.directory.clone_from(&environment.namespace.directory);
        settings.judge.show_judge_messages = true;
        settings.worker.id = format!("bench-{}-interactive", environment.namespace.name);
        change(&mut settings);
        (name, settings)
    };
    let mut walls = vec![
        with("assize, docker", &|settings| {
            settings.sandbox.docker.streams = StreamsOf::Daemon;
        }),
        with(WITH_SOCKETS, &|settings| {
            settings.sandbox.docker.streams = StreamsOf::Worker;
            settings.sandbox.docker.streams_directory = environment.namespace.directory.join("streams");
        }),
    ];
    if let Some(variant) = by_nsjail(&environment.settings) {
        walls.push(with(NSJAIL, &|settings| {
            settings.sandbox.clone_from(&variant.settings.sandbox);
        }));
    }
    walls
}

impl Way {
    async fn open(name: &'static str, settings: &Settings) -> anyhow::Result<Self> {
        let slots = share_out(&settings.sandbox, 1)?.slots;
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, slots, 0).await?;
        let pool = Arc::new(pool);
        let problems = ProblemStore::open(&settings.problems)?;
        Ok(Self {
            name,
            judge: Judge::new(JudgeOptions::from(settings.judging()), Arc::clone(&pool), problems),
            pool,
            caps: settings.submission.caps(),
            rounds: Vec::new(),
        })
    }

    async fn round_ms(&self) -> anyhow::Result<f64> {
        let message = serde_json::to_vec(&message_of(ANSWERS, INTERACTIVE.to_owned()))?;
        let submission = contract::parse(&message, &self.caps)?;
        let judgement = self.judge.judge(&submission, &Attempt::now(), &|_progress| {}).await?;
        ensure!(
            judgement.verdict == Verdict::Ac,
            "{}: {:?}",
            self.name,
            judgement.verdict
        );
        said_ms(&judgement)
    }
}

fn said_ms(judgement: &Judgement) -> anyhow::Result<f64> {
    let message = judgement.tests.first().and_then(|test| test.judge_message.as_deref());
    in_ms(message.context("the validator said nothing")?)
}

fn in_ms(microseconds: &str) -> anyhow::Result<f64> {
    let microseconds: f64 = microseconds.trim().parse().context("the validator said no number")?;
    Ok(microseconds / 1e3)
}

/// The same programs, joined by pipes, in a container that limits nothing.
async fn plain_round_ms(image: &str) -> anyhow::Result<f64> {
    in_ms(&output_in_container(image, &["-c", TWO_BY_PIPES, ASKS, ANSWERS]).await?)
}

fn write_package(directory: &Path) -> anyhow::Result<()> {
    let package = directory.join(INTERACTIVE);
    let write = |path: &str, text: &str| {
        let path = package.join(path);
        let parent = path.parent().context("a file has a directory")?;
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    let yaml = "name: Interactive\nlicense: cc0\nvalidation: custom interactive\nlimits:\n  memory: 256\n";
    write("problem.yaml", yaml)?;
    write(".timelimit", "30\n")?;
    write("data/secret/1.in", "")?;
    write("data/secret/1.ans", "")?;
    write("output_validators/asks.py", ASKS)
}
