//! SandboxFusion: programs that are run, and answers of language models that are judged against tests.

mod cases;
mod evaluate;
mod exec_info;
mod extract;
mod program;
mod pytest;
mod row;
mod run_code;
mod tests;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};

use crate::contract::{ErrorDocument, RequestedLimits};
use crate::gateway::api::Api;
use crate::gateway::dialect::lenient::Number;
use crate::gateway::dialect::refused::{sentence, status_of};
use crate::gateway::dialect::versions::offered;
use crate::gateway::refusal::Refusal;

/// What clients call the language that is taken where none is named.
const PYTHON: &str = "python";

/// Most characters of a name that are quoted in a refusal.
const MOST_SHOWN: usize = 60;

pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/run_code", post(run_code::run_code))
        .route("/submit", post(evaluate::evaluate))
        .route("/common_evaluate", post(evaluate::evaluate))
        .route("/common_evaluate_batch", post(evaluate::evaluate))
}

/// A service that is busy has no answer in time: clients ask again after this status alone.
pub(super) fn in_its_words(document: &ErrorDocument) -> (StatusCode, Value) {
    let status = match status_of(document) {
        StatusCode::SERVICE_UNAVAILABLE => StatusCode::GATEWAY_TIMEOUT,
        status => status,
    };
    (status, json!({ "detail": sentence(document) }))
}

/// The language of this service that is meant.
fn language_of(api: &Api, name: &str) -> Result<String, Refusal> {
    if name == PYTHON {
        return Ok(api.default_language.clone());
    }
    let of_name = offered(api).into_iter().find(|language| language.name == name);
    of_name.map(|language| language.name).ok_or_else(|| {
        let shown: String = name.chars().take(MOST_SHOWN).collect();
        let detail = format!("the language {shown:?} is not supported here; {PYTHON} is");
        let mut refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_language", detail);
        refusal.name_field(Some("language".to_owned()));
        refusal
    })
}

/// Limits of a program that may run for so many seconds, or as long as is `usual` here, and use so many MiB.
fn limits_of(run_timeout: Number, usual: f64, memory_mib: Number) -> RequestedLimits {
    let ms = run_timeout.times(1000.0).filter(|ms| *ms > 0);
    let ms = ms.or(Number(Some(usual)).times(1000.0));
    RequestedLimits {
        cpu_ms: ms,
        wall_ms: ms,
        memory_bytes: memory_mib.times(1024.0 * 1024.0).filter(|bytes| *bytes > 0),
        ..RequestedLimits::default()
    }
}
