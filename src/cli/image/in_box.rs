//! A program of ours in a box of an image, under the limits and the profile that submissions run under.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use uuid::Uuid;

use crate::cli::Failure;
use crate::config::{JudgingSettings, LanguageSettings, Startup, SubmissionSettings};
use crate::contract::{
    RequestedLimits, RunInputMessage, RunMessage, RunReport, RunStatus, SourceFile, SubmissionMessage, parse,
};
use crate::judge::{Attempt, Judge, JudgeFailure, JudgeOptions};
use crate::problem::ProblemStore;
use crate::sandbox::{Pool, claim_cpus};

/// What the language and the environment are called there.
const TRIED: &str = "image-build";

/// An image, and how a program is started in it.
#[derive(Debug)]
pub(super) struct TriedImage<'a> {
    pub(super) image: &'a str,
    pub(super) language: &'a LanguageSettings,
    pub(super) settings: &'a JudgingSettings,
    pub(super) accepted: &'a SubmissionSettings,
}

impl TriedImage<'_> {
    /// What became of the program.
    pub(super) async fn run(&self, program: &str, arguments: Vec<String>) -> Result<RunReport, Failure> {
        let reports = self.run_each(program, vec![arguments]).await?;
        let report = reports.into_iter().next();
        report.context("a run has no report").map_err(Failure::Ours)
    }

    /// How often a program can be run by one call of `run_each`.
    pub(super) fn most_runs(&self) -> usize {
        self.accepted.caps().tests.max(1)
    }

    /// What became of the program with each of these arguments: every run is a process of its own, with its own limits.
    pub(super) async fn run_each(&self, program: &str, arguments: Vec<Vec<String>>) -> Result<Vec<RunReport>, Failure> {
        let wanted = arguments.len();
        let settings = self.settings();
        let message = message(program, arguments, settings.run.max_output_bytes);
        let body = serde_json::to_vec(&message).map_err(Failure::ours)?;
        let submission = parse(&body, &self.accepted.caps()).map_err(Failure::ours)?;
        let cpus = claim_cpus(&settings.sandbox, 1).map_err(Failure::usage)?;
        let slots = cpus.shares.slots.clone();
        let pool = Pool::open(&settings.sandbox, &settings.worker.id, slots, 0).await;
        let pool = Arc::new(pool.map_err(Failure::ours)?);
        let judge = Judge::new(JudgeOptions::from(settings), Arc::clone(&pool), ProblemStore::empty());
        let answered = judge.answer(&submission, &Attempt::now(), &|_progress| {}).await;
        pool.close().await;
        let answer = match answered {
            Ok(answer) => answer,
            Err(JudgeFailure::Rejected(rejected)) => return Err(Failure::ours(rejected)),
            Err(JudgeFailure::Error(error)) => {
                let error = anyhow!("{}", error.with_remedy());
                return Err(Failure::Ours(error.context(format!("cannot try {}", self.image))));
            }
        };
        let result = answer
            .into_result()
            .context("a run was answered with a verdict")
            .map_err(Failure::Ours)?;
        let message = result.message.unwrap_or_default();
        if result.runs.len() != wanted {
            return Err(Failure::Ours(anyhow!("{} ran no program: {message}", self.image)));
        }
        Ok(result.runs)
    }

    /// Those that hold, for boxes of this image by Docker. The interpreter is started anew: it is looked at, and not
    /// what it was before.
    fn settings(&self) -> JudgingSettings {
        let mut settings = self.settings.clone();
        "docker".clone_into(&mut settings.sandbox.backend);
        settings
            .sandbox
            .docker
            .images
            .insert(TRIED.to_owned(), self.image.to_owned());
        let language = LanguageSettings {
            environment: TRIED.to_owned(),
            startup: Startup::Exec,
            compile: Vec::new(),
            offered: true,
            ..self.language.clone()
        };
        settings.languages.insert(TRIED.to_owned(), language);
        settings
    }
}

fn message(program: &str, arguments: Vec<Vec<String>>, output_bytes: u64) -> SubmissionMessage {
    let file = SourceFile {
        name: "assize_image.py".to_owned(),
        content: program.as_bytes().to_vec(),
    };
    let input = |args| RunInputMessage {
        name: None,
        stdin: None,
        stdin_base64: None,
        args,
        files: Vec::new(),
    };
    let run = RunMessage {
        inputs: Some(arguments.into_iter().map(input).collect()),
        ..RunMessage::default()
    };
    let mut message = SubmissionMessage::to_run(Uuid::now_v7(), TRIED, vec![file], run);
    message.limits = RequestedLimits {
        output_bytes: Some(output_bytes),
        ..RequestedLimits::default()
    };
    message
}

/// What it printed, where it ended well.
#[expect(
    clippy::disallowed_methods,
    reason = "what the program in the box prints is no message of the contract"
)]
pub(super) fn printed<T: serde::de::DeserializeOwned>(report: &RunReport) -> Result<T, Failure> {
    if report.status != RunStatus::Ok {
        let reason = report
            .message
            .clone()
            .unwrap_or_else(|| report.stderr.text.clone().unwrap_or_default());
        return Err(Failure::Ours(anyhow!(
            "the program in the box ended with {}: {reason}",
            report.status.code()
        )));
    }
    let text = report.stdout.text.clone().unwrap_or_default();
    serde_json::from_str(&text)
        .with_context(|| format!("the program in the box printed {text:?}"))
        .map_err(Failure::Ours)
}
