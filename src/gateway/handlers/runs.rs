//! Programs that are run while the client waits.

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::contract::{Answer, RunRequest};
use crate::gateway::Outcome;
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::handlers::submissions::{answer, take_to_wait};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// `?wait=SECONDS`; without it as long as the service allows.
#[derive(Debug, Deserialize)]
pub(in crate::gateway) struct WaitForRun {
    #[serde(default = "as_long_as_allowed")]
    wait: f64,
}

fn as_long_as_allowed() -> f64 {
    f64::from(u32::MAX)
}

/// `POST /v1/run`.
pub(in crate::gateway) async fn run(
    State(api): State<Api>,
    site: Site,
    Query(WaitForRun { wait }): Query<WaitForRun>,
    request: Request,
) -> Result<Response, Refusal> {
    site.require(Scope::Run)?;
    let body = JsonBody::of(request, &api, &site).await?;
    let caps = api.caps;
    let read = move |bytes: &[u8]| RunRequest::read(bytes, &caps)?.into_submission();
    let (body, request) = body.read(read).await?;
    let share = body.into_share();
    let admitted = api.admit(&site, 1).await?;
    let waiting = take_to_wait(&api, &admitted, request, Uuid::now_v7()).await?;
    drop((admitted, share));
    let entry = waiting.entry();
    let mut outcome = api.begin_wait(&site, wait).wait_for(&entry).await;
    waiting.disarm();
    if outcome.is_none() {
        let unfinished = answer(&api, &entry).await;
        // It may have ended while its state was looked up.
        outcome = entry.outcome();
        if outcome.is_none() || unfinished.status() == StatusCode::ACCEPTED {
            return Ok(unfinished);
        }
    }
    match outcome.as_deref() {
        Some(Outcome::Answer(Answer::Result(result))) => Ok((StatusCode::OK, Json(result)).into_response()),
        Some(Outcome::Rejected(rejection)) => {
            let mut refusal = Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                rejection.code.name(),
                &*rejection.reason,
            );
            refusal.name_field(rejection.field.clone());
            Err(refusal)
        }
        _ => Ok(answer(&api, &entry).await),
    }
}
