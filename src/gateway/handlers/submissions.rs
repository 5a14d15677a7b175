//! Submissions: handed in, looked at, waited for, cancelled.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::future::join_all;
use serde::Deserialize;
use uuid::Uuid;

use crate::contract::{
    BatchEntry, CallbackFormat, CallbackTarget, Rejected, RejectionCode, Requests, Stage, SubmissionRequest,
};
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::callbacks::check_callback;
use crate::gateway::handlers::test_sets::give_test_set;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::gateway::{Entry, Order};

/// Longest key of a request that may be sent twice, in bytes.
pub(in crate::gateway) const LONGEST_KEY: usize = 255;

/// Header of a request that may be sent twice.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// `?wait=SECONDS`.
#[derive(Debug, Deserialize)]
pub(in crate::gateway) struct Wait {
    #[serde(default)]
    wait: f64,
}

/// `POST /v1/submissions`.
pub(in crate::gateway) async fn submit(
    State(api): State<Api>,
    site: Site,
    Query(Wait { wait }): Query<Wait>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    let key = key_of(&headers)?;
    let body = JsonBody::of(request, &api).await?;
    let (requests, length) = (Requests::read(&body.bytes)?, body.bytes.len());
    // What is waited for holds no body.
    drop(body);
    match requests {
        Requests::One(request) => {
            check_length(length, &api)?;
            let entry = take(&api, &site, *request, id_for(&site, key, 0)).await?;
            let _ended = entry.wait(api.wait(wait)).await;
            Ok(answer(&api, &entry))
        }
        Requests::Many(requests) => many(&api, &site, requests, key, wait).await,
    }
}

async fn many(
    api: &Api,
    site: &Site,
    requests: Vec<Result<SubmissionRequest, Rejected>>,
    key: Option<&str>,
    wait: f64,
) -> Result<Response, Refusal> {
    let most = api.serve.max_batch;
    if requests.len() > most {
        let detail = format!(
            "{} submissions, at most {most} are allowed (serve.max_batch)",
            requests.len()
        );
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
    }
    api.check_in_flight(site, requests.len())?;
    let mut taken = Vec::with_capacity(requests.len());
    for (index, request) in requests.into_iter().enumerate() {
        taken.push(take(api, site, request, id_for(site, key, index)).await);
    }
    let wait = api.wait(wait);
    join_all(taken.iter().flatten().map(|entry| entry.wait(wait))).await;
    let entries: Vec<BatchEntry> = taken
        .into_iter()
        .map(|taken| match taken {
            Ok(entry) => BatchEntry::Accepted(Box::new(entry.state(api.engine.place(entry.id)))),
            Err(refusal) => BatchEntry::Refused(refusal.into_document()),
        })
        .collect();
    Ok((StatusCode::ACCEPTED, Json(entries)).into_response())
}

/// Hands one submission to the engine.
pub(in crate::gateway) async fn take(
    api: &Api,
    site: &Site,
    request: Result<SubmissionRequest, Rejected>,
    id: Uuid,
) -> Result<Arc<Entry>, Refusal> {
    take_for(api, site, request?, id, CallbackFormat::Standard).await
}

/// The same, whose callback has this form.
pub(in crate::gateway) async fn take_for(
    api: &Api,
    site: &Site,
    mut request: SubmissionRequest,
    id: Uuid,
    format: CallbackFormat,
) -> Result<Arc<Entry>, Refusal> {
    let callback = request.callback_url.take();
    let callback = callback.map(|url| CallbackTarget { url, format });
    let mut read = request.check(id, &api.default_language, &api.caps)?;
    check_callback(api, callback.as_ref())?;
    let language = api.languages.get(&read.submission.language);
    if !language.is_some_and(|language| language.offered) {
        return Err(unknown_language(api, read.submission.id, &read.submission.language));
    }
    api.check_in_flight(site, 1)?;
    give_test_set(api, site, &mut read.submission).await?;
    let order = Order {
        read,
        site: Arc::clone(&site.name),
        callback,
    };
    Ok(api.engine.submit(order).await?)
}

fn unknown_language(api: &Api, id: Uuid, language: &str) -> Refusal {
    let offered = api.languages.iter().filter(|(_, language)| language.offered);
    let known: Vec<&str> = offered.map(|(name, _)| name.as_str()).collect();
    let rejected = Rejected {
        id: Some(id),
        code: RejectionCode::UnknownLanguage,
        field: Some("language".to_owned()),
        reason: format!("{language:?} is not configured here; known are: {}", known.join(", ")),
    };
    rejected.shortened().into()
}

/// One submission may be no larger than in a message.
fn check_length(length: usize, api: &Api) -> Result<(), Refusal> {
    let most = api.caps.message_bytes;
    if length <= most {
        return Ok(());
    }
    let detail = format!("the body has {length} bytes, at most {most} are allowed (submission.max_message_bytes)");
    Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
}

pub(super) fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let usable = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let detail = "Idempotency-Key has to have 1 to 255 visible ASCII characters";
    usable
        .map(Some)
        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "schema", detail))
}

/// The id of a submission that has none. The same key of the same site gives the same one, so that a request that is sent
/// twice is one submission, whichever service gets it.
fn id_for(site: &Site, key: Option<&str>, index: usize) -> Uuid {
    match key {
        None => Uuid::now_v7(),
        Some(key) => uuid_of_key(site, &format!("{key}\n{index}")),
    }
}

/// The same key of the same site is the same UUID.
pub(super) fn uuid_of_key(site: &Site, key: &str) -> Uuid {
    let name = format!("assize:idempotency-key:{}\n{key}", site.name);
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}

/// 200 for what has ended, 202 for what has not.
pub(in crate::gateway) fn answer(api: &Api, entry: &Entry) -> Response {
    let state = entry.state(api.engine.place(entry.id));
    let status = match state.state {
        Stage::Queued | Stage::Running => StatusCode::ACCEPTED,
        Stage::Done | Stage::Rejected => StatusCode::OK,
    };
    let mut response = (status, Json(state)).into_response();
    if let Ok(place) = HeaderValue::from_str(&format!("/v1/submissions/{}", entry.id)) {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// `GET /v1/submissions/ID`.
pub(in crate::gateway) async fn look(
    State(api): State<Api>,
    site: Site,
    Path(id): Path<Uuid>,
    Query(Wait { wait }): Query<Wait>,
) -> Result<Response, Refusal> {
    site.require(Scope::Read)?;
    let entry = api.entry(&site, id).await?;
    let _ended = entry.wait(api.wait(wait)).await;
    let mut response = answer(&api, &entry);
    *response.status_mut() = StatusCode::OK;
    Ok(response)
}

/// `?reason=`.
#[derive(Debug, Deserialize)]
pub(in crate::gateway) struct Reason {
    reason: Option<String>,
}

/// Longest reason, in bytes.
const LONGEST_REASON: usize = 1000;

/// `DELETE /v1/submissions/ID`.
pub(in crate::gateway) async fn cancel(
    State(api): State<Api>,
    site: Site,
    Path(id): Path<Uuid>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    let entry = api.entry(&site, id).await?;
    if reason.as_ref().is_some_and(|reason| reason.len() > LONGEST_REASON) {
        let detail = format!("the reason has more than {LONGEST_REASON} bytes");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "too_large", detail));
    }
    let reason = reason.map(crate::contract::without_controls);
    if entry.outcome().is_none() {
        api.engine.cancel(id, reason).await?;
    }
    let mut response = answer(&api, &entry);
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}
