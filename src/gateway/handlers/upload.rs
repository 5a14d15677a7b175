//! Packages of problems that are put, as zip archives.
//!
//! While an archive comes it takes up room on the disk, which is counted, and a site sends only so many at once. What is
//! unpacked and read takes up more, so that is one at a time, and goes on whether or not the client still waits.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use futures::StreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use crate::contract::KeptProblem;
use crate::gateway::api::Api;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::gateway::sites::uploads::Upload;
use crate::gateway::{EngineError, PackageSender};

/// `PUT /v1/problems/ID`.
pub(in crate::gateway) async fn put_problem(
    State(api): State<Api>,
    site: Site,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<KeptProblem>, Refusal> {
    site.require(Scope::Problems)?;
    check_kind(&request)?;
    let sender = PackageSender {
        site: Arc::clone(&site.name),
        may_replace_all: site.may(Scope::Admin),
    };
    // What could not be kept is refused before it comes.
    let file = api.catalog.package_file(id.clone(), sender.clone()).await?;
    let most = api.package_bytes;
    let declared_bytes = request.body().size_hint().exact().unwrap_or(most);
    let upload = api.uploads().begin(&site, declared_bytes.min(most))?;
    let archive = received(&api, request.into_body(), file).await?;
    let keeping = api.background().spawn(keep(api.clone(), id, sender, archive, upload));
    let ended = |ended| EngineError::Unavailable(format!("the package was not looked at to the end: {ended}"));
    Ok(Json(keeping.await.map_err(ended)??))
}

/// Runs as a task of its own: when the client disconnects, its work goes on, and stays counted for it.
async fn keep(
    api: Api,
    id: String,
    sender: PackageSender,
    archive: File,
    upload: Upload,
) -> Result<KeptProblem, EngineError> {
    let alone = api.uploads().alone().await;
    let kept = api.catalog.keep_package(id, sender, archive).await;
    drop((alone, upload));
    kept
}

fn check_kind(request: &Request) -> Result<(), Refusal> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/zip")) {
        return Ok(());
    }
    let detail = "the body has to be a zip archive and say so: Content-Type: application/zip";
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail))
}

/// The whole body, in a file. As long as many bodies of the largest size may take, it may take.
async fn received(api: &Api, body: Body, file: File) -> Result<File, Refusal> {
    let bodies = api.package_bytes.div_ceil(api.serve.max_body_bytes.max(1) as u64);
    let allowed = Duration::from_millis(api.serve.body_timeout_ms.saturating_mul(bodies.max(1)));
    match timeout(allowed, write(api, body, file)).await {
        Ok(written) => written,
        Err(_elapsed) => {
            let detail = format!("the body did not come within {allowed:?} (serve.body_timeout_ms)");
            Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail))
        }
    }
}

async fn write(api: &Api, body: Body, file: File) -> Result<File, Refusal> {
    let most = api.package_bytes;
    let mut file = tokio::fs::File::from_std(file);
    let mut left = most;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| {
            let detail = format!("the body ended before it was whole: {error}");
            Refusal::new(StatusCode::BAD_REQUEST, "package", detail)
        })?;
        left = left.checked_sub(piece.len() as u64).ok_or_else(|| {
            let detail = format!("the archive has more than {most} bytes (problems.archive_bytes)");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
        })?;
        if let Err(error) = file.write_all(&piece).await {
            return Err(not_stored(api, error).await);
        }
    }
    match file.flush().await {
        Ok(()) => Ok(file.into_std().await),
        Err(error) => Err(not_stored(api, error).await),
    }
}

/// A body comes once. On a full disk there is room when its client sends it again.
async fn not_stored(api: &Api, error: io::Error) -> Refusal {
    if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        api.catalog.clear_cache().await;
    }
    let detail = format!("the archive cannot be written to problems.cache_directory: {error}");
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).after(5)
}
