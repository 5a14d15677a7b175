//! A translated request goes the way of every submission, and may be waited for.

use std::io;
use std::sync::Arc;

use axum::http::StatusCode;
use serde::Serialize;
use uuid::Uuid;

use crate::contract::{Answer, CallbackFormat, RunReport, RunResult, RunStatus, SubmissionRequest, Verdict};
use crate::gateway::api::Api;
use crate::gateway::handlers::submissions::{take_for, take_to_wait};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::admitted::Admitted;
use crate::gateway::sites::tokens::Site;
use crate::gateway::{Entry, Outcome};

/// Hands a submission to the engine, which may be no larger than a message: a translation can be larger than the body.
pub(super) async fn hand_in(
    api: &Api,
    site: &Admitted<'_>,
    request: SubmissionRequest,
    id: Uuid,
    format: CallbackFormat,
) -> Result<Arc<Entry>, Refusal> {
    check_length(api, serialized_length(&request))?;
    take_for(api, site, request, id, format).await
}

/// Refuses what is larger than a message. To be asked before anything of a request is copied.
pub(super) fn check_length(api: &Api, length: usize) -> Result<(), Refusal> {
    let most = api.caps.message_bytes;
    if length <= most {
        return Ok(());
    }
    let detail =
        format!("the submission has {length} bytes, at most {most} are allowed (submission.max_message_bytes)");
    Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
}

/// Bytes of a document, which is not kept.
pub(super) fn serialized_length(document: &impl Serialize) -> usize {
    let mut counted = Counted(0);
    serde_json::to_writer(&mut counted, document).map_or(usize::MAX, |()| counted.0)
}

struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What became of a submission that the client waits for. One that takes longer than a client may wait is cancelled, and one
/// that could not be waited for is refused: these clients know no other answer.
pub(super) async fn wait_for(api: &Api, site: &Site, request: SubmissionRequest) -> Result<Arc<Outcome>, Refusal> {
    let longest = api.longest_wait();
    let poll = api.begin_wait(site, longest.as_secs_f64());
    poll.check(site)?;
    let admitted = api.admit(site, 1).await?;
    check_length(api, serialized_length(&request))?;
    let waiting = take_to_wait(api, &admitted, request, Uuid::now_v7()).await?;
    drop(admitted);
    let entry = waiting.entry();
    let Some(outcome) = poll.wait_for(&entry).await else {
        let detail = match api.stopping().is_cancelled() {
            true => "the service stops before there is an answer; send it again in a while".to_owned(),
            false => format!("there is no answer after {longest:?} (serve.max_wait_ms); send it again in a while"),
        };
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).after(1));
    };
    waiting.disarm();
    Ok(outcome)
}

/// The result of a program that was run, or why there is none.
pub(super) fn result_of(outcome: &Outcome) -> Result<&RunResult, Refusal> {
    let answer = answer_of(outcome)?;
    match answer {
        Answer::Result(result) => Ok(result),
        Answer::Verdict(_) => Err(no_answer("the program was judged instead of run")),
    }
}

/// The run that decides: the first that did not end well, else the last. A program that does not compile has none.
pub(super) fn decisive(result: &RunResult) -> Option<&RunReport> {
    let failed = result.runs.iter().find(|run| run.status != RunStatus::Ok);
    failed.or(result.runs.last())
}

/// The answer, unless it is a failure of the judge and tells nothing about the program.
pub(super) fn answer_of(outcome: &Outcome) -> Result<&Answer, Refusal> {
    let answer = match outcome {
        Outcome::Answer(answer) => answer,
        Outcome::Rejected(rejection) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Refusal::new(status, rejection.code.name(), &*rejection.reason));
        }
    };
    let message = match answer {
        Answer::Verdict(judgement) => judgement.message.as_deref(),
        Answer::Result(result) => result.message.as_deref(),
    };
    match answer.verdict() {
        Verdict::Je => Err(no_answer(message.unwrap_or("the judge failed"))),
        Verdict::Cancelled => Err(no_answer(message.unwrap_or("it was cancelled"))),
        _ => Ok(answer),
    }
}

/// The refusal in place of an answer where the judge failed.
pub(super) fn no_answer(why: &str) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, JUDGE_ERROR, why)
}

/// Code of a refusal that stands for the judge's own failure.
pub(super) const JUDGE_ERROR: &str = "judge_error";
