//! What there is: languages, problems, and how the service is.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::contract::{LanguageInfo, ProblemInfo, ProblemList, QueueState, ServiceStatus, WorkerState};
use crate::gateway::QueueFigure;
use crate::gateway::api::Api;
use crate::gateway::openapi;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::nearest::did_you_mean;
use crate::store::WorkerRow;

/// `GET /v1/languages`.
pub(in crate::gateway) async fn languages(
    State(api): State<Api>,
    site: Site,
) -> Result<Json<Vec<LanguageInfo>>, Refusal> {
    site.require(Scope::Read)?;
    let offered = api.languages.iter().filter(|(_, language)| language.offered);
    let languages = offered.map(|(name, language)| LanguageInfo {
        name: name.clone(),
        default: *name == api.default_language,
        extensions: language.extensions.clone(),
        entry_point: language.entry_point.clone(),
        environment: language.environment.clone(),
        versions: api.catalog.versions(&language.environment),
        libraries: language.libraries.clone(),
    });
    Ok(Json(languages.collect()))
}

/// `GET /v1/problems`.
pub(in crate::gateway) async fn problems(State(api): State<Api>, site: Site) -> Result<Json<ProblemList>, Refusal> {
    site.require(Scope::Read)?;
    let problems = api.catalog.problems().await?;
    Ok(Json(ProblemList { problems }))
}

/// `GET /v1/problems/ID`.
pub(in crate::gateway) async fn problem(
    State(api): State<Api>,
    site: Site,
    Path(id): Path<String>,
) -> Result<Json<ProblemInfo>, Refusal> {
    site.require(Scope::Read)?;
    find_problem(&api, &id).await.map(Json)
}

/// A problem that there is.
pub(in crate::gateway) async fn find_problem(api: &Api, id: &str) -> Result<ProblemInfo, Refusal> {
    if let Some(found) = api.catalog.problem(id.to_owned()).await? {
        return Ok(found);
    }
    let others = api.catalog.problems().await.unwrap_or_default();
    let meant = did_you_mean(id, others.iter().filter(|other| *other != id));
    let detail = format!("there is no problem {id:?}{meant}");
    Err(Refusal::new(StatusCode::NOT_FOUND, "not_found", detail))
}

/// `GET /v1/status`. Queues and workers are shown who sees every site, as on the board of the page.
pub(in crate::gateway) async fn status(State(api): State<Api>, site: Site) -> Result<Json<ServiceStatus>, Refusal> {
    site.require(Scope::Read)?;
    let mut status = api.engine.status().await?;
    if site.may(Scope::ReadAll) && api.records.has_fleet() {
        let fleet = api.fleet().await;
        status.queues = fleet.queues.iter().map(queue_state).collect();
        status.workers = fleet.workers.iter().map(worker_state).collect();
    }
    Ok(Json(status))
}

fn queue_state(queue: &QueueFigure) -> QueueState {
    QueueState {
        name: queue.name.clone(),
        purpose: queue.purpose.to_owned(),
        waiting: queue.waiting.map(u64::from),
        consumers: queue.consumers.map(u64::from),
    }
}

fn worker_state(worker: &WorkerRow) -> WorkerState {
    WorkerState {
        id: worker.id.clone(),
        version: worker.version.clone(),
        ready: worker.is_ready(),
        slots: worker.slots,
        running: worker.in_hand,
        silent_s: worker.silent_s,
        waited_s: worker.waited_s,
        trouble: worker.trouble.clone(),
    }
}

/// `GET /v1/openapi.json`.
pub(in crate::gateway) async fn document() -> Json<serde_json::Value> {
    Json(openapi())
}

/// `GET /readyz`.
pub(in crate::gateway) async fn ready(State(api): State<Api>) -> Result<&'static str, Refusal> {
    api.engine.ready().await?;
    Ok("ready\n")
}

/// `GET /healthz`.
pub(in crate::gateway) async fn healthy() -> &'static str {
    "ok\n"
}
