//! One submission: handed in, looked at, cancelled.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::contract::{CallbackFormat, SubmissionRequest, read_as};
use crate::gateway::Entry;
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::dialect::hand_in::{begin_wait, check_length, hand_in, longest_wait, stops};
use crate::gateway::dialect::judge0::answer::fields_of;
use crate::gateway::dialect::judge0::fields::Ask;
use crate::gateway::dialect::judge0::request::Judge0Submission;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::admitted::Admitted;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// `POST /submissions`.
pub(super) async fn create(
    State(api): State<Api>,
    site: Site,
    Query(ask): Query<Ask>,
    request: Request,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    ask.check()?;
    let body = JsonBody::of(request, &api, &site).await?;
    check_length(&api, body.bytes.len())?;
    let (body, submission) = body.read(read_as::<Judge0Submission>).await?;
    let share = body.into_share();
    let request = submission.translate(&api, ask.is_base64())?;
    // Its clients do not ask again: they take every status but 3 for a failure of the program. What cannot be waited for is
    // refused, and can be sent again.
    let longest = longest_wait(&api, &request);
    let poll = ask.waits().then(|| begin_wait(&api, &site, longest)).transpose()?;
    let admitted = api.admit(&site, 1).await?;
    let entry = take_one(&api, &admitted, request).await?;
    drop((admitted, share));
    let Some(poll) = poll else {
        return Ok((StatusCode::CREATED, Json(json!({ "token": entry.id }))).into_response());
    };
    if poll.wait_for(&entry).await.is_none() && poll.is_cut_by_stop() {
        give_back(&api, &[entry], "the service stops before there is an answer").await;
        return Err(stops());
    }
    let answer = shown(&entry, &ask).unwrap_or_else(|refusal| {
        // The program has run, and its result can be asked for in another way.
        json!({ "token": entry.id, "error": refusal.into_document().detail })
    });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Takes back submissions whose tokens no client knows.
pub(super) async fn give_back(api: &Api, taken: &[Arc<Entry>], reason: &str) {
    for entry in taken {
        if let Err(error) = api.engine.forget_callback(entry.id).await {
            tracing::debug!(submission.id = %entry.id, %error, "a submission that is given back may be called back");
        }
        if let Err(error) = api.engine.cancel(entry.id, Some(reason.to_owned())).await {
            tracing::debug!(submission.id = %entry.id, %error, "a submission that is given back cannot be cancelled");
        }
    }
}

/// Hands it to the engine. Its token is a UUID of version 4, as Judge0's are, which clients check.
pub(super) async fn take_one(
    api: &Api,
    site: &Admitted<'_>,
    request: SubmissionRequest,
) -> Result<Arc<Entry>, Refusal> {
    hand_in(api, site, request, Uuid::new_v4(), CallbackFormat::Judge0).await
}

/// What is asked for of a submission.
pub(super) fn shown(entry: &Entry, ask: &Ask) -> Result<Value, Refusal> {
    Ok(ask.choose(fields_of(entry, ask.is_base64())?))
}

/// `GET /submissions/TOKEN`.
pub(super) async fn look(
    State(api): State<Api>,
    site: Site,
    Path(token): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Read)?;
    ask.check()?;
    let entry = find(&api, &site, &token).await?;
    Ok(Json(shown(&entry, &ask)?))
}

/// `DELETE /submissions/TOKEN`: what waits or runs is cancelled, and what has ended stays.
pub(super) async fn cancel(
    State(api): State<Api>,
    site: Site,
    Path(token): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Submit)?;
    let entry = find(&api, &site, &token).await?;
    api.engine.cancel(entry.id, None).await?;
    Ok(Json(shown(&entry, &ask)?))
}

/// The submission with this token.
pub(super) async fn find(api: &Api, site: &Site, token: &str) -> Result<Arc<Entry>, Refusal> {
    let missing = || {
        let detail = format!("there is no submission {token:?}");
        Refusal::new(StatusCode::NOT_FOUND, "not_found", detail)
    };
    let id = token.parse().map_err(|_no_uuid| missing())?;
    api.entry(site, id).await
}
