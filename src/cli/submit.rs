//! `assize submit`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::Args;
use serde_json::json;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::broker::{Reply, SubmitClient, SubmitError};
use crate::cli::live::Live;
use crate::cli::outgoing::{Examples, Outgoing, Wishes};
use crate::cli::overview::{self, Answer, Answers};
use crate::cli::{Failure, exit_code, plain, print, report, runtime};
use crate::config::Settings;
use crate::contract::ProblemRef;

/// Send submissions to RabbitMQ, and wait for their verdicts
///
/// The exit code is 0 when every verdict is AC (with --examples: as expected), 1 when not, 2 for wrong usage and for a
/// rejected submission, 3 for JE and every other failure of ours. Without --wait it is 0 when RabbitMQ has taken them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize submit main.py --problem sum --wait
  assize submit first.py second.py --problem sum --wait --timeout 60
  assize submit main.py --problem sum --metadata course=cs101 --json
  assize submit main.py --problem sum --id 018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f --rejudge --bulk
  assize submit --examples examples --wait")]
pub(super) struct Submit {
    /// Source files, or directories with source files; each is a submission of its own
    #[arg(value_name = "FILE_OR_DIR", required_unless_present = "examples")]
    submissions: Vec<PathBuf>,

    /// Id of the problem
    #[arg(long, value_name = "ID", required_unless_present = "examples")]
    problem: Option<String>,

    /// Revision of the problem; without it the newest
    #[arg(long, value_name = "REVISION", conflicts_with = "examples")]
    revision: Option<String>,

    /// Send every Python submission of the problem packages in this directory; their folders say what is expected
    #[arg(long, value_name = "DIR", conflicts_with_all = ["submissions", "problem"])]
    examples: Option<PathBuf>,

    /// Language of the submissions
    #[arg(long, default_value = "python3", conflicts_with = "examples")]
    language: String,

    /// File of a submission to start; without it main.py, else the only source file
    #[arg(long, value_name = "NAME", conflicts_with = "examples")]
    entry_point: Option<String>,

    /// Id of the submission, when there is one only; a known id gets its known verdict [default: a new UUIDv7]
    #[arg(long, value_name = "UUID", conflicts_with = "examples")]
    id: Option<Uuid>,

    /// Judge once more, whatever was decided before; the same UUID again is the same wish [default: a new UUIDv7]
    #[arg(long, value_name = "UUID", requires = "id", num_args = 0..=1, default_missing_value = "new", value_parser = wish)]
    rejudge: Option<Uuid>,

    /// Let them wait behind others, as rejudgings should
    #[arg(long)]
    bulk: bool,

    /// Free data that the verdict carries back; can be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    metadata: Vec<(String, String)>,

    /// Wait for the verdicts
    #[arg(long)]
    wait: bool,

    /// Give up waiting after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300, requires = "wait")]
    timeout: u64,

    /// Print what comes back as JSON, a document per submission, and nothing else
    #[arg(long)]
    json: bool,
}

impl Submit {
    pub(super) fn run(self, settings: &Settings) -> Result<ExitCode, Failure> {
        let outgoing = self.outgoing(settings).map_err(Failure::Usage)?;
        runtime()?.block_on(self.send(settings, &outgoing))
    }

    async fn send(&self, settings: &Settings, outgoing: &[Outgoing]) -> Result<ExitCode, Failure> {
        let mut client = SubmitClient::connect(&settings.broker).await.map_err(Failure::ours)?;
        for submission in outgoing {
            let sent = if self.bulk {
                client.send_in_bulk(&submission.message).await
            } else {
                client.send(&submission.message).await
            };
            sent.map_err(Failure::ours)?;
        }
        if !self.wait {
            client.close().await;
            self.say_sent(outgoing)?;
            return Ok(ExitCode::SUCCESS);
        }
        let live = Live::start("waiting for a worker", self.json);
        let deadline = Instant::now() + Duration::from_secs(self.timeout);
        let mut answers = Answers::new();
        let ended = timeout_at(deadline, collect(&mut client, outgoing, &live, &mut answers)).await;
        live.finish();
        client.close().await;
        let code = self.show(outgoing, &answers)?;
        match ended {
            Ok(Ok(())) => Ok(code),
            Ok(Err(error)) => Err(Failure::ours(error)),
            Err(_elapsed) => Err(Failure::ours(self.waited_in_vain(outgoing.len() - answers.len()))),
        }
    }

    fn outgoing(&self, settings: &Settings) -> anyhow::Result<Vec<Outgoing>> {
        let wishes = Wishes {
            language: self.language.clone(),
            entry_point: self.entry_point.clone(),
            metadata: self
                .metadata
                .iter()
                .map(|(key, value)| (key.clone(), json!(value)))
                .collect(),
        };
        if let Some(directory) = &self.examples {
            let Examples { submissions, skipped } = Examples::below(directory, &wishes, settings)?;
            for skipped in skipped {
                anstream::eprintln!("skipped, it is not Python: {}", plain::harmless(&skipped));
            }
            return Ok(submissions);
        }
        let wanted = ProblemRef {
            id: self.problem.clone().context("name the problem with --problem")?,
            revision: self.revision.clone(),
        };
        let read = |path: &PathBuf| Outgoing::read(path, wanted.clone(), &wishes, settings);
        let mut outgoing: Vec<Outgoing> = self.submissions.iter().map(read).collect::<Result<_, _>>()?;
        match (self.id, &mut outgoing[..]) {
            (None, _) => {}
            (Some(id), [only]) => {
                only.message.id = id;
                only.message.rejudge = self.rejudge;
            }
            (Some(_), _) => anyhow::bail!("--id belongs to one submission, {} are given", self.submissions.len()),
        }
        Ok(outgoing)
    }

    fn say_sent(&self, outgoing: &[Outgoing]) -> Result<(), Failure> {
        for Outgoing { shown, message, .. } in outgoing {
            if self.json {
                print::json(&json!({ "id": message.id }))?;
            } else {
                print::text(&format!("sent {} as {}", plain::harmless(shown), message.id))?;
            }
        }
        Ok(())
    }

    fn show(&self, outgoing: &[Outgoing], answers: &Answers) -> Result<ExitCode, Failure> {
        if let ([only], None) = (outgoing, &self.examples) {
            return self.show_one(answers.get(&only.message.id));
        }
        if self.json {
            for submission in outgoing {
                match answers.get(&submission.message.id) {
                    Some(Answer::Verdict(judgement)) => print::json(judgement)?,
                    Some(Answer::Rejection(rejection)) => print::json(rejection)?,
                    None => {}
                }
            }
        } else {
            let table = overview::render(outgoing, answers, self.examples.is_some(), print::width());
            print::text(&table)?;
        }
        Ok(overview::exit_code(outgoing, answers))
    }

    fn show_one(&self, answer: Option<&Answer>) -> Result<ExitCode, Failure> {
        match answer {
            Some(Answer::Verdict(judgement)) => {
                report::show(judgement, self.json)?;
                Ok(exit_code(judgement.verdict))
            }
            Some(Answer::Rejection(rejection)) => {
                if self.json {
                    print::json(rejection)?;
                }
                Err(Failure::Usage(overview::refusal(rejection)))
            }
            None => Ok(ExitCode::from(3)),
        }
    }

    fn waited_in_vain(&self, missing: usize) -> anyhow::Error {
        let what = if missing == 1 {
            "a verdict".to_owned()
        } else {
            format!("{missing} verdicts")
        };
        anyhow!("{what} did not come within {} s; is a worker running?", self.timeout)
    }
}

/// Waits until every submission is answered, or for ever.
async fn collect(
    client: &mut SubmitClient,
    outgoing: &[Outgoing],
    live: &Live,
    answers: &mut Answers,
) -> Result<(), SubmitError> {
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
    Ok(())
}

fn wish(argument: &str) -> Result<Uuid, uuid::Error> {
    match argument {
        "new" => Ok(Uuid::now_v7()),
        given => given.parse(),
    }
}

fn key_value(argument: &str) -> Result<(String, String), String> {
    let (key, value) = argument.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
