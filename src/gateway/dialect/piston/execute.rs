//! A program is run while the client waits.

use axum::Json;
use axum::extract::{Request, State};
use serde_json::Value;

use crate::contract::read_as;
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::dialect::hand_in::{check_length, result_of, wait_for};
use crate::gateway::dialect::piston::answer::answer;
use crate::gateway::dialect::piston::request::Execute;
use crate::gateway::dialect::piston::runtimes::{listed_name, runtime};
use crate::gateway::dialect::versions::ANY;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// `POST /api/v2/execute`.
pub(super) async fn execute(State(api): State<Api>, site: Site, request: Request) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Run)?;
    let body = JsonBody::of(request, &api, &site).await?;
    let (body, request) = body.read(read_as::<Execute>).await?;
    check_length(&api, body.bytes.len())?;
    let share = body.into_share();
    let language = runtime(&api, &request.language, &request.version)?;
    let outcome = wait_for(&api, &site, request.translate(&language)?, share).await?;
    let mut document = answer(result_of(&outcome)?)?;
    document["language"] = listed_name(&language).into();
    document["version"] = language.version.as_deref().unwrap_or(ANY).into();
    Ok(Json(document))
}
