//! Requests that are made up from the `OpenAPI` document.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::property_requests_asked::PropertyRequests;
use crate::runs_everything::runs_everything;
use crate::service::Service;
use crate::token_files::Tokens;

/// What a standalone service never does: it keeps no programs.
const NEVER_SERVED: &str = "POST /v1/submissions/{id}/rejudge";

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_random_are_answered_as_the_document_says() {
    let (tokens, storage) = (Tokens::new(), tempfile::tempdir().unwrap());
    let token = tokens.token("site", &["run", "submit", "read", "read-all", "problems", "admin"]);
    let (path, directory): (PathBuf, PathBuf) = (tokens.path(), storage.path().to_owned());
    let service = Service::with(|settings| {
        settings.serve.token_file = path;
        settings.problems.url = format!("file://{}", directory.join("problems").display());
        settings.problems.cache_directory = directory.join("cache");
        fs::create_dir_all(directory.join("problems")).unwrap();
    })
    .await;
    let asked = PropertyRequests {
        address: service.address.to_string(),
        token,
        random: if runs_everything() { 100 } else { 10 },
    };
    let never_served = tokio::task::spawn_blocking(move || asked.are_answered_as_the_document_says());
    assert_eq!(never_served.await.unwrap(), BTreeSet::from([NEVER_SERVED.to_owned()]));
    service.stop().await;
}
