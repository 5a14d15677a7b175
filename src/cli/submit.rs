//! `assize submit`

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::Args;
use serde_json::json;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::broker::{Reply, SubmitClient, SubmitError};
use crate::cli::live::Live;
use crate::cli::{Failure, log_warnings_only, plain, runtime, sources, table};
use crate::config::Settings;
use crate::contract::{Judgement, ProblemRef, Rejection, SubmissionMessage, Verdict};
use crate::problem::expected_of_folder;

/// Sends submissions to RabbitMQ; with --wait, shows their verdicts.
///
/// Exit code: 0 when every verdict is AC (with --examples: as expected), 1 when not, 2 for wrong usage and for a rejected
/// submission, 3 for JE and every other failure of ours. Without --wait: 0 when RabbitMQ has taken them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  assize submit main.py --problem sum --wait\n  assize submit --examples examples --wait"
)]
pub(super) struct Submit {
    /// Source files, or directories with source files; each is a submission of its own
    #[arg(value_name = "FILE_OR_DIR", required_unless_present = "examples")]
    submissions: Vec<PathBuf>,

    /// Id of the problem
    #[arg(long, value_name = "ID", required_unless_present = "examples")]
    problem: Option<String>,

    /// Revision of the problem; without it the newest
    #[arg(long, value_name = "REVISION")]
    revision: Option<String>,

    /// Send every example submission of the problem packages in this directory
    #[arg(long, value_name = "DIR", conflicts_with_all = ["submissions", "problem"])]
    examples: Option<PathBuf>,

    /// Language of the submissions
    #[arg(long, default_value = "python3")]
    language: String,

    /// Id of the submission, a UUID; a known id gets its known verdict
    #[arg(long, value_name = "UUID", conflicts_with = "examples")]
    id: Option<Uuid>,

    /// Free data that the verdict carries back
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    metadata: Vec<(String, String)>,

    /// Wait for the verdicts
    #[arg(long)]
    wait: bool,

    /// Give up waiting after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,

    /// Print what comes back as JSON, and nothing else
    #[arg(long)]
    json: bool,
}

/// A submission that is to be sent.
struct Outgoing {
    shown: String,
    expected: Option<Vec<Verdict>>,
    message: SubmissionMessage,
}

/// What came back for it.
enum Answer {
    Verdict(Box<Judgement>),
    Rejection(Rejection),
}

impl Submit {
    pub(super) fn run(self, mut settings: Settings) -> Result<ExitCode, Failure> {
        log_warnings_only(&mut settings)?;
        let outgoing = self.outgoing(&settings).map_err(Failure::Usage)?;
        runtime()?.block_on(self.send(&settings, &outgoing))
    }

    async fn send(&self, settings: &Settings, outgoing: &[Outgoing]) -> Result<ExitCode, Failure> {
        let mut client = SubmitClient::connect(&settings.broker).await.map_err(Failure::ours)?;
        for submission in outgoing {
            client.send(&submission.message).await.map_err(Failure::ours)?;
        }
        if !self.wait {
            self.say_sent(outgoing);
            client.close().await;
            return Ok(ExitCode::SUCCESS);
        }
        let live = Live::start("waiting for a worker", self.json);
        let deadline = Instant::now() + Duration::from_secs(self.timeout);
        let answers = timeout_at(deadline, collect(&mut client, outgoing, &live)).await;
        live.finish();
        client.close().await;
        let answers = answers
            .map_err(|_elapsed| Failure::ours(anyhow!("no verdict within {} s; is a worker running?", self.timeout)))?
            .map_err(Failure::ours)?;
        self.show(outgoing, &answers)
    }

    fn outgoing(&self, settings: &Settings) -> anyhow::Result<Vec<Outgoing>> {
        if let Some(directory) = &self.examples {
            return self.examples_below(directory, settings);
        }
        let problem = self.problem.clone().context("name the problem with --problem")?;
        let mut outgoing = Vec::new();
        for path in &self.submissions {
            let mut submission = self.one(path, &problem, settings)?;
            submission.message.id = self.id.filter(|_| outgoing.is_empty()).unwrap_or(submission.message.id);
            outgoing.push(submission);
        }
        Ok(outgoing)
    }

    fn one(&self, path: &Path, problem: &str, settings: &Settings) -> anyhow::Result<Outgoing> {
        let files = sources::read(path, settings)?;
        let problem = ProblemRef {
            id: problem.to_owned(),
            revision: self.revision.clone(),
        };
        let mut message = SubmissionMessage::for_problem(Uuid::now_v7(), &self.language, files, problem);
        message
            .metadata
            .extend(self.metadata.iter().map(|(key, value)| (key.clone(), json!(value))));
        let shown = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        Ok(Outgoing {
            shown,
            expected: None,
            message,
        })
    }

    /// `DIR/<problem>/submissions/<expected>/<submission>`, Python only.
    fn examples_below(&self, directory: &Path, settings: &Settings) -> anyhow::Result<Vec<Outgoing>> {
        let mut outgoing = Vec::new();
        for package in entries(directory)? {
            let submissions = package.join("submissions");
            if !submissions.is_dir() {
                continue;
            }
            let problem = name_of(&package);
            for folder in entries(&submissions)?.iter().filter(|folder| folder.is_dir()) {
                let expected = expected_of_folder(&name_of(folder));
                for path in entries(folder)?.iter().filter(|path| is_python(path)) {
                    let submission = self.one(path, &problem, settings)?;
                    let shown = format!("{}/{}", name_of(folder), submission.shown);
                    outgoing.push(Outgoing {
                        shown,
                        expected: expected.clone(),
                        ..submission
                    });
                }
            }
        }
        anyhow::ensure!(
            !outgoing.is_empty(),
            "{} holds no example submissions",
            directory.display()
        );
        Ok(outgoing)
    }

    fn say_sent(&self, outgoing: &[Outgoing]) {
        for Outgoing { shown, message, .. } in outgoing {
            if self.json {
                println!("{}", json!({ "id": message.id }));
            } else {
                anstream::println!("sent {} as {}", plain::harmless(shown), message.id);
            }
        }
    }

    fn show(&self, outgoing: &[Outgoing], answers: &HashMap<Uuid, Answer>) -> Result<ExitCode, Failure> {
        if self.json {
            for submission in outgoing {
                let json = match answers.get(&submission.message.id) {
                    Some(Answer::Verdict(judgement)) => serde_json::to_string_pretty(judgement),
                    Some(Answer::Rejection(rejection)) => serde_json::to_string_pretty(rejection),
                    None => continue,
                };
                println!("{}", json.map_err(Failure::ours)?);
            }
        } else if let ([only], None) = (outgoing, &self.examples) {
            match answers.get(&only.message.id) {
                Some(Answer::Verdict(judgement)) => anstream::println!("{}", table::of(judgement)),
                Some(Answer::Rejection(rejection)) => return Err(Failure::usage(refusal(rejection))),
                None => {}
            }
        } else {
            anstream::println!("{}", overview(outgoing, answers, self.examples.is_some()));
        }
        Ok(ended(outgoing, answers))
    }
}

fn ended(outgoing: &[Outgoing], answers: &HashMap<Uuid, Answer>) -> ExitCode {
    let mut worst = ExitCode::SUCCESS;
    for submission in outgoing {
        let judgement = match answers.get(&submission.message.id) {
            Some(Answer::Verdict(judgement)) => judgement,
            Some(Answer::Rejection(_)) => return ExitCode::from(2),
            None => continue,
        };
        if judgement.verdict == Verdict::Je {
            return ExitCode::from(3);
        }
        if !as_expected(submission, judgement) {
            worst = ExitCode::from(1);
        }
    }
    worst
}

async fn collect(
    client: &mut SubmitClient,
    outgoing: &[Outgoing],
    live: &Live,
) -> Result<HashMap<Uuid, Answer>, SubmitError> {
    let mut answers = HashMap::new();
    while answers.len() < outgoing.len() {
        let (id, answer) = match client.next().await? {
            Reply::Progress(progress) => {
                if outgoing.len() == 1 {
                    live.show(&progress);
                }
                continue;
            }
            Reply::Verdict(judgement) => (Some(judgement.id), Answer::Verdict(judgement)),
            Reply::Rejection(rejection) => (rejection.id, Answer::Rejection(rejection)),
        };
        if let Some(id) = id.filter(|id| outgoing.iter().any(|submission| submission.message.id == *id)) {
            answers.insert(id, answer);
        }
        if outgoing.len() > 1 {
            live.count(answers.len(), outgoing.len(), "judging");
        }
    }
    Ok(answers)
}

/// One row per submission, and a line that says how it went.
fn overview(outgoing: &[Outgoing], answers: &HashMap<Uuid, Answer>, examples: bool) -> String {
    let mut headings = vec!["problem", "submission", "verdict", "tests", "CPU", "memory", "message"];
    if examples {
        headings.insert(3, "expected");
    }
    let mut rows = table::new(&headings);
    let mut right = 0;
    for submission in outgoing {
        let mut row: Vec<comfy_table::Cell> = vec![
            plain::harmless(submission.message.problem.as_ref().map_or("", |problem| &problem.id)).into(),
            plain::harmless(&submission.shown).into(),
        ];
        match answers.get(&submission.message.id) {
            Some(Answer::Verdict(judgement)) => {
                right += usize::from(as_expected(submission, judgement));
                row.extend(verdict_cells(judgement));
            }
            Some(Answer::Rejection(rejection)) => {
                row.extend(
                    [
                        "rejected",
                        "",
                        "",
                        "",
                        &plain::harmless(&refusal(rejection).to_string()),
                    ]
                    .map(Into::into),
                );
            }
            None => {}
        }
        if examples {
            row.insert(3, expectation(submission).into());
        }
        rows.add_row(row);
    }
    let wanted = if examples { "as expected" } else { "accepted" };
    format!("{rows}\n{right} of {} submissions are {wanted}", outgoing.len())
}

fn verdict_cells(judgement: &Judgement) -> Vec<comfy_table::Cell> {
    let totals = &judgement.totals;
    let said = judgement.tests.iter().find_map(|test| test.checker_message.clone());
    let said = judgement.message.clone().or(said).unwrap_or_default();
    let last_line = said.lines().last().unwrap_or_default();
    let score = judgement
        .score
        .map(|score| format!("  {score} points"))
        .unwrap_or_default();
    vec![
        table::verdict_cell(judgement.verdict),
        format!("{}/{}{score}", totals.passed, totals.tests).into(),
        plain::seconds(totals.cpu_ms).into(),
        plain::size(totals.max_memory_bytes).into(),
        plain::harmless(last_line).into(),
    ]
}

fn as_expected(submission: &Outgoing, judgement: &Judgement) -> bool {
    match &submission.expected {
        Some(expected) => expected.contains(&judgement.verdict),
        None => judgement.verdict == Verdict::Ac,
    }
}

fn expectation(submission: &Outgoing) -> String {
    match &submission.expected {
        Some(expected) => expected
            .iter()
            .map(|verdict| verdict.code())
            .collect::<Vec<_>>()
            .join(" or "),
        None => "any".to_owned(),
    }
}

fn refusal(rejection: &Rejection) -> anyhow::Error {
    match &rejection.field {
        Some(field) => anyhow!("rejected: {field}: {}", rejection.reason),
        None => anyhow!("rejected: {}", rejection.reason),
    }
}

fn entries(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let read = std::fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut paths: Vec<PathBuf> = read
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A Python file, or a directory with one.
fn is_python(path: &Path) -> bool {
    let source = |path: &Path| path.extension().is_some_and(|extension| extension == "py");
    source(path) || entries(path).is_ok_and(|inside| inside.iter().any(|path| source(path)))
}

fn key_value(argument: &str) -> Result<(String, String), String> {
    let (key, value) = argument.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
