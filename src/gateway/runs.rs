//! Programs that are run while the client waits.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::contract::{Answer, RunRequest};
use crate::gateway::api::Api;
use crate::gateway::body::JsonBody;
use crate::gateway::refusal::Refusal;
use crate::gateway::submissions::{answer, take};
use crate::gateway::token_file::Scope;
use crate::gateway::tokens::Site;
use crate::gateway::{Engine, Entry, Outcome};

/// `?wait=SECONDS`; without it as long as the service allows.
#[derive(Debug, Deserialize)]
pub(super) struct WaitForRun {
    #[serde(default = "as_long_as_allowed")]
    wait: f64,
}

fn as_long_as_allowed() -> f64 {
    f64::from(u32::MAX)
}

/// `POST /v1/run`.
pub(super) async fn run(
    State(api): State<Api>,
    site: Site,
    Query(WaitForRun { wait }): Query<WaitForRun>,
    body: JsonBody,
) -> Result<Response, Refusal> {
    site.require(Scope::Run)?;
    let request = RunRequest::read(&body.bytes)?.into_submission()?;
    drop(body);
    let entry = take(&api, &site, Ok(request), Uuid::now_v7()).await?;
    let waiting = CancelOnDrop {
        engine: Some(Arc::clone(&api.engine)),
        entry: Arc::clone(&entry),
    };
    let outcome = entry.wait(api.wait(wait)).await;
    waiting.disarm();
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
        _ => Ok(answer(&api, &entry)),
    }
}

/// A client that goes away while it waits wants no answer any more.
struct CancelOnDrop {
    engine: Option<Arc<dyn Engine>>,
    entry: Arc<Entry>,
}

impl CancelOnDrop {
    fn disarm(mut self) {
        self.engine = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        let Some(engine) = self.engine.take() else { return };
        let id = self.entry.id;
        tokio::spawn(async move {
            let reason = "its client went away".to_owned();
            if let Err(error) = engine.cancel(id, Some(reason)).await {
                tracing::debug!(submission.id = %id, %error, "a run that is not waited for cannot be cancelled");
            }
        });
    }
}
