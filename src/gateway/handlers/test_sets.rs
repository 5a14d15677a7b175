//! Test sets: uploaded once, and named by submissions.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::contract::{Rejected, Submission, TestSet, TestSetHash, TestSetInfo};
use crate::gateway::UploadedTestSet;
use crate::gateway::api::Api;
use crate::gateway::body::{BodyCap, json_body};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// `POST /v1/test-sets`.
pub(in crate::gateway) async fn upload_test_set(
    State(api): State<Api>,
    site: Site,
    request: Request,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    let body = json_body(request, &api, &site, cap(&api)).await?;
    let caps = api.caps;
    let (body, set) = body.read(move |bytes| TestSet::read(bytes, &caps)).await?;
    let set = Arc::new(set);
    let info = TestSetInfo {
        test_set: set.hash,
        tests: set.count() as u64,
        bytes: set.bytes as u64,
    };
    let uploaded = UploadedTestSet {
        site: Arc::clone(&site.name),
        set,
        content: body.bytes.clone(),
    };
    let status = match api.test_sets.keep(uploaded).await? {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(info)).into_response())
}

fn cap(api: &Api) -> BodyCap {
    let (of_set, of_body) = (api.test_set_bytes, api.serve.max_body_bytes);
    match of_set <= of_body {
        true => BodyCap {
            bytes: of_set,
            setting: "submission.max_test_set_bytes",
        },
        false => BodyCap {
            bytes: of_body,
            setting: "serve.max_body_bytes",
        },
    }
}

/// `GET /v1/test-sets/HASH`, and `HEAD`.
pub(in crate::gateway) async fn test_set(
    State(api): State<Api>,
    site: Site,
    Path(hash): Path<TestSetHash>,
) -> Result<Json<TestSetInfo>, Refusal> {
    site.require(Scope::Submit)?;
    let found = api.test_sets.find(Arc::clone(&site.name), hash).await?;
    found.map(|found| Json(found.info)).ok_or_else(|| no_test_set(hash))
}

/// `DELETE /v1/test-sets/HASH`.
pub(in crate::gateway) async fn remove_test_set(
    State(api): State<Api>,
    site: Site,
    Path(hash): Path<TestSetHash>,
) -> Result<StatusCode, Refusal> {
    site.require(Scope::Submit)?;
    match api.test_sets.remove(Arc::clone(&site.name), hash).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_test_set(hash)),
    }
}

fn no_test_set(hash: TestSetHash) -> Refusal {
    let detail = format!("this site has no test set {hash}, or it is not kept any longer; POST /v1/test-sets keeps it");
    Refusal::new(StatusCode::NOT_FOUND, "not_found", detail)
}

/// Looks for the test set that a submission names. A site names only what it has uploaded itself: one that has seen no more
/// than a hash would see the tests in a verdict.
pub(super) async fn give_test_set(api: &Api, site: &Site, submission: &mut Submission) -> Result<(), Refusal> {
    let Some(hash) = submission.test_set() else {
        return Ok(());
    };
    let found = api.test_sets.find(Arc::clone(&site.name), hash).await?;
    let found = found.ok_or_else(|| Rejected::unknown_test_set(submission, hash))?;
    match found.set {
        Some(set) => submission.take_test_set(set)?,
        // The worker has it.
        None => submission.check_test_set(found.kind)?,
    }
    Ok(())
}
