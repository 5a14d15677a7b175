//! Many submissions in one request.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::{Data, read_as};
use crate::gateway::Entry;
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::dialect::first_of::FirstOf;
use crate::gateway::dialect::hand_in::{check_length as check_size, serialized_length};
use crate::gateway::dialect::judge0::about::LARGEST_BATCH;
use crate::gateway::dialect::judge0::fields::Ask;
use crate::gateway::dialect::judge0::in_its_words;
use crate::gateway::dialect::judge0::request::Judge0Submission;
use crate::gateway::dialect::judge0::submissions::{find, give_back, shown, take_one};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// Each submission is right or wrong by itself.
#[derive(Debug, Deserialize)]
struct Batch {
    #[serde(default)]
    submissions: FirstOf<Data, LARGEST_BATCH>,
}

/// `POST /submissions/batch`: a submission that is wrong does not keep the others from being run. Where there is no room for
/// one, none is taken, and the batch can be sent again as it is.
pub(super) async fn create(
    State(api): State<Api>,
    site: Site,
    Query(ask): Query<Ask>,
    request: Request,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    let body = JsonBody::of(request, &api, &site).await?;
    let own = api.clone();
    let (body, submissions) = body.read(move |bytes| read_batch(&own, bytes)).await?;
    let (own, share) = (api.clone(), body.into_share());
    // To its end, also when the client goes away meanwhile: it has no token to ask for a part of a batch.
    let taking = async move {
        let taken = take_all(&own, &site, submissions, ask.is_base64()).await;
        drop(share);
        taken
    };
    let Taken { answers, entries } = api.background().finished(taking).await??;
    let status = match entries.is_empty() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::CREATED,
    };
    Ok((status, Json(answers)).into_response())
}

/// What became of a batch.
#[derive(Default)]
struct Taken {
    answers: Vec<Value>,
    entries: Vec<Arc<Entry>>,
}

async fn take_all(
    api: &Api,
    site: &Site,
    submissions: Vec<Result<Judge0Submission, Refusal>>,
    is_base64: bool,
) -> Result<Taken, Refusal> {
    // What is no submission is none that is counted.
    let admitted = api.admit(site, submissions.iter().flatten().count()).await?;
    let mut taken = Taken::default();
    for submission in submissions {
        let translated = submission.and_then(|submission| submission.translate(api, is_base64));
        let handed_in = match translated {
            Ok(request) => take_one(api, &admitted, request).await,
            Err(refusal) => Err(refusal),
        };
        match handed_in {
            Ok(entry) => {
                taken.answers.push(json!({ "token": entry.id }));
                taken.entries.push(entry);
            }
            Err(refusal) if refusal.is_for_now() => {
                give_back(api, &taken.entries, "there was no room for the whole batch").await;
                return Err(refusal);
            }
            Err(refusal) => taken.answers.push(in_its_words(&refusal.into_document()).1),
        }
    }
    Ok(taken)
}

fn read_batch(api: &Api, body: &[u8]) -> Result<Vec<Result<Judge0Submission, Refusal>>, Refusal> {
    let Batch { submissions } = read_as(body)?;
    check_length(api, submissions.length)?;
    if submissions.length == 0 {
        let detail = "there should be at least one submission in a batch";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "schema", detail));
    }
    let read = |submission: Data| -> Result<Judge0Submission, Refusal> {
        check_size(api, submission.json().len())?;
        Ok(read_as::<Judge0Submission>(submission.json().as_bytes())?)
    };
    Ok(submissions.values.into_iter().map(read).collect())
}

/// `GET /submissions/batch?tokens=TOKEN,TOKEN`: `null` for each that is not known.
pub(super) async fn look(State(api): State<Api>, site: Site, Query(ask): Query<Ask>) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Read)?;
    ask.check()?;
    let tokens: Vec<&str> = ask.tokens.split(',').map(str::trim).collect();
    check_length(&api, tokens.len())?;
    let mut submissions = Vec::with_capacity(tokens.len());
    let mut length = 0;
    for token in tokens {
        let submission = match find(&api, &site, token).await {
            Ok(entry) => shown(&entry, &ask)?,
            Err(refusal) if refusal.is_not_found() => Value::Null,
            Err(refusal) => return Err(refusal),
        };
        length += serialized_length(&submission);
        check_answer(&api, length)?;
        submissions.push(submission);
    }
    Ok(Json(json!({ "submissions": submissions })))
}

/// An answer is no larger than a request may be.
fn check_answer(api: &Api, length: usize) -> Result<(), Refusal> {
    let most = api.serve.max_body_bytes;
    if length <= most {
        return Ok(());
    }
    let detail =
        format!("the answer has more than {most} bytes (serve.max_body_bytes); ask for fewer submissions or fields");
    Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
}

fn check_length(api: &Api, length: usize) -> Result<(), Refusal> {
    let most = api.serve.max_batch.min(LARGEST_BATCH);
    if length <= most {
        return Ok(());
    }
    let detail = format!("number of submissions in a batch should be at most {most}");
    Err(Refusal::new(StatusCode::BAD_REQUEST, "too_large", detail))
}
