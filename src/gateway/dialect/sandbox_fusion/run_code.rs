//! `POST /run_code`: a program is run while the client waits.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Request, State};
use serde::Deserialize;
use serde_json::Value;

use crate::contract::{
    Answer, FetchFile, FileMessage, RunInputMessage, RunMessage, RunStatus, SubmissionRequest, read_as,
};
use crate::gateway::Outcome;
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::dialect::hand_in::{
    JUDGE_ERROR, answer_of, check_length, decisive, no_answer, result_of, wait_for_turn,
};
use crate::gateway::dialect::lenient::Number;
use crate::gateway::dialect::sandbox_fusion::exec_info::{Ended, exec_info, files_of, not_compiled, sandbox_error};
use crate::gateway::dialect::sandbox_fusion::{language_of, limits_of, pytest};
use crate::gateway::dialect::shown::text;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// How long a program may run where nothing is said, in seconds, as for SandboxFusion.
const USUAL_TIMEOUT: f64 = 10.0;

/// A program that is to be run. What is not named here is passed over: nothing is compiled.
#[derive(Debug, Clone, Deserialize)]
struct RunCode {
    code: String,
    language: String,
    stdin: Option<String>,
    #[serde(default)]
    run_timeout: Number,
    #[serde(default, rename = "memory_limit_MB")]
    memory_limit_mb: Number,
    #[serde(default)]
    files: BTreeMap<String, Option<String>>,
    #[serde(default)]
    fetch_files: Vec<String>,
}

pub(super) async fn run_code(State(api): State<Api>, site: Site, request: Request) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Run)?;
    let body = JsonBody::of(request, &api, &site).await?;
    let (body, request) = body.read(read_as::<RunCode>).await?;
    check_length(&api, body.bytes.len())?;
    let is_pytest = request.language == pytest::PYTEST;
    let request = request.translate(&api)?;
    let outcome = wait_for_turn(&api, &site, request, (body.into_share(), 0)).await?;
    match is_pytest {
        true => answer_of_tests(&outcome),
        false => answer(&outcome),
    }
    .map(Json)
}

impl RunCode {
    fn translate(self, api: &Api) -> Result<SubmissionRequest, Refusal> {
        let limits = limits_of(self.run_timeout, USUAL_TIMEOUT, self.memory_limit_mb);
        if self.language == pytest::PYTEST {
            return Ok(SubmissionRequest {
                limits,
                ..pytest::translate(self.code, self.files)?
            });
        }
        let files = self.files.into_iter().filter_map(|(name, content)| {
            Some(FileMessage {
                name,
                content: None,
                content_base64: Some(content?),
            })
        });
        let input = RunInputMessage {
            stdin: self.stdin,
            files: files.collect(),
            ..RunInputMessage::default()
        };
        let fetch = self
            .fetch_files
            .into_iter()
            .map(|path| FetchFile { path, max_bytes: None });
        Ok(SubmissionRequest {
            language: Some(language_of(api, &self.language)?),
            source: Some(self.code),
            run: Some(RunMessage {
                inputs: Some(vec![input]),
                fetch: fetch.collect(),
                ..RunMessage::default()
            }),
            limits,
            ..SubmissionRequest::default()
        })
    }
}

/// A failure of the judge is what SandboxFusion calls an error of the sandbox.
fn failure(refusal: Refusal) -> Result<Value, Refusal> {
    let document = refusal.as_document();
    match document.code == JUDGE_ERROR {
        true => Ok(sandbox_error(&document.detail)),
        false => Err(refusal),
    }
}

fn answer_of_tests(outcome: &Outcome) -> Result<Value, Refusal> {
    match answer_of(outcome) {
        Ok(Answer::Verdict(judgement)) => Ok(pytest::answer(judgement)),
        Ok(Answer::Result(_)) => Err(no_answer("the program was run instead of tested")),
        Err(refusal) => failure(refusal),
    }
}

fn answer(outcome: &Outcome) -> Result<Value, Refusal> {
    let result = match result_of(outcome) {
        Ok(result) => result,
        Err(refusal) => return failure(refusal),
    };
    let Some(run) = decisive(result).filter(|_| result.status != RunStatus::Ce) else {
        return Ok(not_compiled(result.message.as_deref().unwrap_or_default()));
    };
    let mut document = exec_info(Ended::from(run), &text(&run.stdout), &text(&run.stderr));
    document["files"] = files_of(run);
    Ok(document)
}
