//! Submissions that are judged once more.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use crate::contract::RejudgeAccepted;
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::submissions::{key_of, uuid_of_key};
use crate::gateway::token_file::Scope;
use crate::gateway::tokens::Site;

/// `POST /v1/submissions/ID/rejudge`.
pub(super) async fn rejudge(
    State(api): State<Api>,
    site: Site,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    let request = match key_of(&headers)? {
        Some(key) => uuid_of_key(&site, &format!("rejudge\n{id}\n{key}")),
        None => Uuid::now_v7(),
    };
    let entry = api.entry(&site, id).await?;
    api.engine.rejudge(entry.id, request).await?;
    let accepted = RejudgeAccepted { id, rejudge: request };
    Ok((StatusCode::ACCEPTED, Json(accepted)).into_response())
}
