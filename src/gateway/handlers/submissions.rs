//! Submissions: handed in, looked at, waited for, cancelled.

use std::ops::ControlFlow;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::future::join_all;
use serde::Deserialize;
use tokio::task::{JoinError, spawn_blocking};
use uuid::Uuid;

use crate::config::{check_endings, not_configured};
use crate::contract::{
    BatchEntry, CallbackFormat, CallbackTarget, ReadSubmission, Rejected, RejectionCode, Requests, Stage, Submission,
    SubmissionRequest, SubmissionState,
};
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::body::memory::BodyShare;
use crate::gateway::callbacks::check_callback;
use crate::gateway::handlers::cancel_on_drop::CancelOnDrop;
use crate::gateway::handlers::keys::{id_for, ids_for};
use crate::gateway::handlers::test_sets::give_test_set;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::admitted::Admitted;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::gateway::{EngineError, Entry, Order};

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
    let body = JsonBody::of(request, &api, &site).await?;
    let (most, caps) = (api.serve.max_batch, api.caps);
    let (body, requests) = body.read(move |bytes| Requests::read(bytes, most, &caps)).await?;
    // Until it is handed in, copies of it are in memory. What is waited for holds none.
    let share = body.into_share();
    match requests {
        Requests::One(request) => {
            let request = (*request)?;
            let id = id_for(&api, &site, key).await?;
            let before = taken_before(&api, &site, named([(&request, id)], key));
            let admitted = api.admit_but_for(&site, 1, before).await?;
            let entry = take(&api, &admitted, request, id).await?;
            drop((admitted, share));
            let _ended = api.begin_wait(&site, wait).wait_for(&entry).await;
            Ok(answer(&api, &entry).await)
        }
        Requests::Many(requests) => {
            let ids = ids_for(&api, &site, key, requests.len()).await?;
            let before = named(submissions_of(&requests, &ids), key);
            let requests = requests.into_iter().zip(ids).collect();
            let taken = take_many(&api, &site, requests, before, share).await?;
            many(&api, &site, taken, wait).await
        }
        Requests::TooMany(length) => {
            let detail = format!("{length} submissions, at most {most} are allowed (serve.max_batch)");
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail))
        }
    }
}

/// What is no submission is none that is counted.
fn submissions_of<'a>(
    requests: &'a [Result<SubmissionRequest, Rejected>],
    ids: &'a [Uuid],
) -> impl Iterator<Item = (&'a SubmissionRequest, Uuid)> {
    let submissions = requests.iter().zip(ids);
    submissions.filter_map(|(request, id)| Some((request.as_ref().ok()?, *id)))
}

/// Hands all of them in, also when the client goes away meanwhile: it is not told which were, and would not look for them.
/// Those that it knows by these ids may have been handed in before.
async fn take_many(
    api: &Api,
    site: &Site,
    requests: Vec<(Result<SubmissionRequest, Rejected>, Uuid)>,
    known: Vec<Uuid>,
    share: Option<BodyShare>,
) -> Result<Vec<Result<Arc<Entry>, Refusal>>, Refusal> {
    let (own, site) = (api.clone(), site.clone());
    let taking = async move {
        let count = requests.iter().filter(|(request, _id)| request.is_ok()).count();
        let before = taken_before(&own, &site, known);
        let admitted = own.admit_but_for(&site, count, before).await?;
        let mut taken = Vec::with_capacity(requests.len());
        for (request, id) in requests {
            taken.push(match request {
                Ok(request) => take(&own, &admitted, request, id).await,
                Err(rejected) => Err(rejected.into()),
            });
        }
        drop(share);
        Ok(taken)
    };
    api.background().finished(taking).await?
}

async fn many(api: &Api, site: &Site, taken: Vec<Result<Arc<Entry>, Refusal>>, wait: f64) -> Result<Response, Refusal> {
    let poll = api.begin_wait(site, wait);
    join_all(taken.iter().flatten().map(|entry| poll.wait_for(entry))).await;
    drop(poll);
    let mut entries = Vec::with_capacity(taken.len());
    for taken in taken {
        entries.push(match taken {
            Ok(entry) => BatchEntry::Accepted(Box::new(state_of(api, &entry).await)),
            Err(refusal) => BatchEntry::Refused(refusal.into_document()),
        });
    }
    Ok((StatusCode::ACCEPTED, Json(entries)).into_response())
}

/// A submission as it is now, with its place where it waits.
pub(in crate::gateway) async fn state_of(api: &Api, entry: &Entry) -> SubmissionState {
    entry.state(api.engine.place(entry).await)
}

/// Hands one submission to the engine.
pub(in crate::gateway) async fn take(
    api: &Api,
    site: &Admitted<'_>,
    request: SubmissionRequest,
    id: Uuid,
) -> Result<Arc<Entry>, Refusal> {
    take_for(api, site, request, id, CallbackFormat::Standard).await
}

/// The same, whose callback has this form.
pub(in crate::gateway) async fn take_for(
    api: &Api,
    site: &Admitted<'_>,
    request: SubmissionRequest,
    id: Uuid,
    format: CallbackFormat,
) -> Result<Arc<Entry>, Refusal> {
    let order = match order_of(api, site, request, id, format).await? {
        ControlFlow::Continue(order) => order,
        ControlFlow::Break(before) => return Ok(before),
    };
    // It is stored before it is sent: one that is stored only would count as in flight, and no worker would judge it.
    let engine = Arc::clone(&api.engine);
    let submitting = async move { engine.submit(order).await };
    Ok(api.background().finished(submitting).await??)
}

/// The same for a client that waits for the answer. Without the client it is cancelled, from the moment that it is handed
/// over.
pub(in crate::gateway) async fn take_to_wait(
    api: &Api,
    site: &Admitted<'_>,
    request: SubmissionRequest,
    id: Uuid,
) -> Result<CancelOnDrop, Refusal> {
    match order_of(api, site, request, id, CallbackFormat::Standard).await? {
        ControlFlow::Continue(order) => Ok(hand_over(api, order).await?),
        ControlFlow::Break(before) => Ok(CancelOnDrop::new(api, &before)),
    }
}

/// Hands over what a client waits for.
pub(in crate::gateway) async fn hand_over(api: &Api, order: Order) -> Result<CancelOnDrop, EngineError> {
    let own = api.clone();
    // What this returns is dropped when no client waits for it any more.
    let submitting = async move {
        let entry = own.engine.submit(order).await?;
        Ok::<_, EngineError>(CancelOnDrop::new(&own, &entry))
    };
    api.background().finished(submitting).await?
}

/// What the engine is given; or the submission, where it is known and could not be handed in now.
pub(in crate::gateway) async fn order_of(
    api: &Api,
    site: &Admitted<'_>,
    mut request: SubmissionRequest,
    id: Uuid,
    format: CallbackFormat,
) -> Result<ControlFlow<Arc<Entry>, Order>, Refusal> {
    check_ending(api, &request, id)?;
    let callback = request.callback_url.take();
    let callback = callback.map(|url| CallbackTarget { url, format });
    let mut read = check(api, request, id).await?;
    if let Err(refusal) = give_what_it_needs(api, site, &mut read.submission, callback.as_ref()).await {
        let before = api.engine.taken_before(&read.submission, &site.name).await?;
        return before.map(ControlFlow::Break).ok_or(refusal);
    }
    Ok(ControlFlow::Continue(Order {
        read,
        site: Arc::clone(&site.name),
        callback,
        is_charged: site.is_charged(),
        place: site.place(),
    }))
}

/// Megabytes take a while to check, in which a thread of the runtime would serve no other request.
async fn check(api: &Api, request: SubmissionRequest, id: Uuid) -> Result<ReadSubmission, Refusal> {
    let (language, caps) = (api.default_language.clone(), api.caps);
    let checking = spawn_blocking(move || request.check(id, &language, &caps));
    let ended = |error: JoinError| EngineError::Unavailable(format!("the submission could not be checked: {error}"));
    Ok(checking.await.map_err(ended)??)
}

/// Refuses what could not be judged or answered now; a submission that is known has its answer all the same.
async fn give_what_it_needs(
    api: &Api,
    site: &Site,
    submission: &mut Submission,
    callback: Option<&CallbackTarget>,
) -> Result<(), Refusal> {
    check_callback(api, callback)?;
    let language = api.languages.get(&submission.language);
    if !language.is_some_and(|language| language.offered) {
        let reason = not_configured(&submission.language, &api.languages);
        return Err(unknown_language(submission.id, reason).into());
    }
    give_test_set(api, site, submission).await
}

/// What names no language is not in the usual one where its files say otherwise.
fn check_ending(api: &Api, request: &SubmissionRequest, id: Uuid) -> Result<(), Rejected> {
    if request.language.is_some() {
        return Ok(());
    }
    let names: Vec<&str> = match &request.entry_point {
        Some(started) => vec![started],
        None => request.files.iter().flatten().map(|file| file.name.as_str()).collect(),
    };
    check_endings(&names, &api.languages, &api.default_language)
        .map_err(|reason| unknown_language(request.id.unwrap_or(id), reason))
}

fn unknown_language(id: Uuid, reason: String) -> Rejected {
    let rejected = Rejected {
        id: Some(id),
        code: RejectionCode::UnknownLanguage,
        field: Some("language".to_owned()),
        reason,
    };
    rejected.shortened()
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

/// The ids by which the client knows its submissions. One that is drawn here was never handed in before.
fn named<'a>(requests: impl IntoIterator<Item = (&'a SubmissionRequest, Uuid)>, key: Option<&str>) -> Vec<Uuid> {
    let named = requests
        .into_iter()
        .map(|(request, id)| request.id.or(key.map(|_key| id)));
    named.flatten().collect()
}

/// How many of these the site has handed in before.
async fn taken_before(api: &Api, site: &Site, ids: Vec<Uuid>) -> Result<usize, EngineError> {
    match ids.is_empty() {
        true => Ok(0),
        false => api.engine.count_taken(ids, Arc::clone(&site.name)).await,
    }
}

/// 200 for what has ended, 202 for what has not.
pub(in crate::gateway) async fn answer(api: &Api, entry: &Entry) -> Response {
    let state = state_of(api, entry).await;
    let status = match state.state {
        Stage::Queued | Stage::Compiling | Stage::Running => StatusCode::ACCEPTED,
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
    let poll = api.begin_wait(&site, wait);
    if entry.outcome().is_none() {
        poll.check(&site)?;
    }
    let _ended = poll.wait_for(&entry).await;
    drop(poll);
    let mut response = answer(&api, &entry).await;
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
    // What has its answer may be judged once more at this moment.
    let is_under_way = api.engine.cancel(id, reason).await?;
    let mut response = answer(&api, &entry).await;
    *response.status_mut() = match is_under_way {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    };
    Ok(response)
}
