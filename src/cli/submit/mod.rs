//! `assize submit`

mod overview;
mod request;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use serde_json::json;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::broker::{Reply, SubmitClient, SubmitError};
use crate::cli::id::id;
use crate::cli::output::escape::escape_line;
use crate::cli::output::verdict;
use crate::cli::program::languages::Languages;
use crate::cli::program::processes::Processes;
use crate::cli::program::sources;
use crate::cli::progress::ProgressLine;
use crate::cli::submit::overview::{Answer, Answers};
use crate::cli::submit::request::{Examples, Request, SharedFields, shorten};
use crate::cli::{Failure, exit_code, print, runtime};
use crate::config::{BrokerSettings, Settings, SubmissionSettings};
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
  assize submit --examples examples --wait
  assize submit --examples examples/sum examples/guess --wait")]
pub(super) struct Submit {
    /// Source files, or directories with source files, each a submission of its own; - reads one file from standard input
    #[arg(value_name = "FILE_OR_DIR", required_unless_present = "examples")]
    submissions: Vec<PathBuf>,

    /// Id of the problem
    #[arg(long, value_name = "ID", required_unless_present_any = ["examples", "tests"])]
    problem: Option<String>,

    /// Tests instead of a problem: an array in JSON or a test on each line, such as calls of functions; a module of unit
    /// tests, or a directory of such
    #[arg(long, value_name = "FILE", conflicts_with_all = ["problem", "revision", "examples"])]
    tests: Option<PathBuf>,

    /// Which processes calls are made in: one for each, forks of one that has imported the program, or one for all
    #[arg(long, value_enum, value_name = "PROCESSES", requires = "tests")]
    processes: Option<Processes>,

    /// Revision of the problem; without it the newest
    #[arg(long, value_name = "REVISION", conflicts_with = "examples")]
    revision: Option<String>,

    /// Send every submission whose language is offered of these problem packages, or of those in these directories; folders
    /// say what is expected
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with_all = ["submissions", "problem"])]
    examples: Vec<PathBuf>,

    /// Language of the submissions [default: judge.default_language of the settings]
    #[arg(long, value_name = "LANGUAGE", conflicts_with = "examples")]
    language: Option<String>,

    /// File of a submission to start; without it main.py, else the only source file
    #[arg(long, value_name = "NAME", conflicts_with = "examples")]
    entry_point: Option<String>,

    /// Id of the submission, when there is one only; a known id gets its known verdict [default: a new UUIDv7]
    #[arg(long, value_name = "UUID", conflicts_with = "examples", value_parser = id)]
    id: Option<Uuid>,

    /// Judge once more, whatever was decided before; the same UUID again is the same request [default: a new UUIDv7]
    #[arg(long, value_name = "UUID", requires = "id", num_args = 0..=1, default_missing_value = "new", value_parser = rejudge_request)]
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
    pub(super) fn run(self, settings: Settings) -> Result<ExitCode, Failure> {
        let languages = Languages {
            table: &settings.languages,
            default: &settings.judge.default_language,
            preferred: None,
            answers: false,
        };
        let requests = self.requests(&settings.submission, languages).map_err(Failure::Usage)?;
        runtime()?.block_on(self.send(&settings.broker, &requests))
    }

    async fn send(&self, settings: &BrokerSettings, requests: &[Request]) -> Result<ExitCode, Failure> {
        let mut client = SubmitClient::connect(settings).await.map_err(Failure::ours)?;
        for submission in requests {
            let sent = if self.bulk {
                client.send_in_bulk(&submission.message).await
            } else {
                client.send(&submission.message).await
            };
            sent.map_err(Failure::ours)?;
        }
        if !self.wait {
            client.close().await;
            self.print_sent(requests)?;
            return Ok(ExitCode::SUCCESS);
        }
        let progress_line = ProgressLine::start("waiting for a worker", self.json);
        let deadline = Instant::now() + Duration::from_secs(self.timeout);
        let mut answers = Answers::new();
        let ended = timeout_at(deadline, collect(&mut client, requests, &progress_line, &mut answers)).await;
        progress_line.finish();
        client.close().await;
        let code = self.show(requests, &answers)?;
        match ended {
            Ok(Ok(())) => Ok(code),
            Ok(Err(error)) => Err(Failure::ours(error)),
            Err(_elapsed) => Err(Failure::ours(self.missing_answers(requests.len() - answers.len()))),
        }
    }

    fn requests(&self, settings: &SubmissionSettings, languages: Languages<'_>) -> anyhow::Result<Vec<Request>> {
        let shared = SharedFields {
            language: self.language.as_deref().unwrap_or(languages.default).to_owned(),
            entry_point: self.entry_point.clone(),
            metadata: self
                .metadata
                .iter()
                .map(|(key, value)| (key.clone(), json!(value)))
                .collect(),
        };
        if !self.examples.is_empty() {
            return self.example_requests(&shared, languages, settings);
        }
        let wanted = ProblemRef {
            id: self.problem.clone().unwrap_or_default(),
            revision: self.revision.clone(),
        };
        let read = |path: &PathBuf| {
            let request = Request::read(path, wanted.clone(), &shared, settings)?;
            let names = request.message.files.iter().map(|file| file.name.as_str());
            languages.of_program(self.language.as_deref(), names, self.entry_point.as_deref())?;
            Ok(request)
        };
        let mut requests: Vec<Request> = self.submissions.iter().map(read).collect::<anyhow::Result<_>>()?;
        shorten(&mut requests);
        if let Some(path) = &self.tests {
            let tests = sources::tests(path, settings)?;
            for request in &mut requests {
                tests.clone().put_into(&mut request.message);
                if let Some(processes) = self.processes {
                    processes.put_into(&mut request.message);
                }
            }
        }
        match (self.id, &mut requests[..]) {
            (None, _) => {}
            (Some(id), [only]) => {
                only.message.id = id;
                only.message.rejudge = self.rejudge;
            }
            (Some(_), _) => anyhow::bail!("--id belongs to one submission, {} are given", self.submissions.len()),
        }
        Ok(requests)
    }

    fn example_requests(
        &self,
        shared: &SharedFields,
        languages: Languages<'_>,
        settings: &SubmissionSettings,
    ) -> anyhow::Result<Vec<Request>> {
        let mut requests = Vec::new();
        for directory in &self.examples {
            let Examples { submissions, skipped } = Examples::below(directory, shared, languages, settings)?;
            for skipped in skipped {
                anstream::eprintln!("skipped: {}", escape_line(&skipped));
            }
            requests.extend(submissions);
        }
        Ok(requests)
    }

    fn print_sent(&self, requests: &[Request]) -> Result<(), Failure> {
        for Request { shown, message, .. } in requests {
            if self.json {
                print::json(&json!({ "id": message.id }))?;
            } else {
                print::text(&format!("sent {} as {}", escape_line(shown), message.id))?;
            }
        }
        Ok(())
    }

    fn show(&self, requests: &[Request], answers: &Answers) -> Result<ExitCode, Failure> {
        if let ([only], []) = (requests, &self.examples[..]) {
            return self.show_one(answers.get(&only.message.id));
        }
        if self.json {
            for submission in requests {
                match answers.get(&submission.message.id) {
                    Some(Answer::Verdict(judgement)) => print::json(judgement)?,
                    Some(Answer::Rejection(rejection)) => print::json(rejection)?,
                    None => {}
                }
            }
        } else {
            let table = overview::render(requests, answers, !self.examples.is_empty(), print::width());
            print::text(&table)?;
        }
        Ok(overview::exit_code(requests, answers))
    }

    fn show_one(&self, answer: Option<&Answer>) -> Result<ExitCode, Failure> {
        match answer {
            Some(Answer::Verdict(judgement)) => {
                verdict::show(judgement, self.json)?;
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

    fn missing_answers(&self, missing: usize) -> anyhow::Error {
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
    requests: &[Request],
    progress_line: &ProgressLine,
    answers: &mut Answers,
) -> Result<(), SubmitError> {
    while answers.len() < requests.len() {
        let (id, answer) = match client.next().await? {
            Reply::Progress(progress) => {
                if requests.len() == 1 {
                    progress_line.show(&progress);
                }
                continue;
            }
            Reply::Verdict(judgement) => (Some(judgement.id), Answer::Verdict(judgement)),
            // Nothing was sent that is only to be run.
            Reply::Result(_) => continue,
            Reply::Rejection(rejection) => (rejection.id, Answer::Rejection(rejection)),
        };
        if let Some(id) = id.filter(|id| requests.iter().any(|submission| submission.message.id == *id)) {
            answers.insert(id, answer);
        }
        if requests.len() > 1 {
            progress_line.count(answers.len(), requests.len(), "judging");
        }
    }
    Ok(())
}

fn rejudge_request(argument: &str) -> Result<Uuid, String> {
    match argument {
        "new" => Ok(Uuid::now_v7()),
        given => id(given),
    }
}

fn key_value(argument: &str) -> Result<(String, String), String> {
    let (key, value) = argument.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
