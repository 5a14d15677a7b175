//! What there is: languages, problems, and how the service is.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::contract::{LanguageInfo, ProblemInfo, ProblemList, ServiceStatus};
use crate::gateway::api::Api;
use crate::gateway::openapi;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

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
pub(super) async fn find_problem(api: &Api, id: &str) -> Result<ProblemInfo, Refusal> {
    let found = api.catalog.problem(id.to_owned()).await?;
    let missing = || {
        Refusal::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("there is no problem {id:?}"),
        )
    };
    found.ok_or_else(missing)
}

/// `GET /v1/status`.
pub(in crate::gateway) async fn status(State(api): State<Api>, site: Site) -> Result<Json<ServiceStatus>, Refusal> {
    site.require(Scope::Read)?;
    Ok(Json(api.engine.status().await?))
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
