//! Clients of other services, as their authors published them: they run unchanged against a service that speaks their
//! dialect.

use std::path::{Path, PathBuf};
use std::process::Command;

use assize::config::Dialect;

use crate::python_environment::{python_with, text};
use crate::service::Service;
use crate::token_files::Tokens;

pub(crate) const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateway/clients");

const CLIENT_REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateway/clients/requirements.txt");

/// What is in the box of unit tests, which these boxes without walls do not have.
const PYTEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docker/pytest/requirements.txt");

#[tokio::test(flavor = "multi_thread")]
async fn the_judge0_sdk_runs_unchanged() {
    passes("judge0_client.py", Dialect::Judge0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piston_client_runs_unchanged() {
    passes("piston_client.py", Dialect::Piston).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_fusion_sdk_runs_unchanged() {
    passes("sandbox_fusion_client.py", Dialect::SandboxFusion).await;
}

/// Runs a program of a client to its end, with a token that it sends in its own way.
async fn passes(program: &str, dialect: Dialect) {
    let python = tokio::task::spawn_blocking(python_with_clients).await.unwrap();
    let tokens = Tokens::new();
    let token = tokens.token("site", &["run", "submit", "read"]);
    let path = tokens.path();
    let packages = packages_of(&python);
    let service = Service::with(|settings| {
        let language = settings.judge.default_language.clone();
        let python = settings.languages.get_mut(&language).unwrap();
        python.env.push(format!("PYTHONPATH={packages}"));
        settings.serve.dialects = vec![dialect.name().to_owned()];
        settings.serve.token_file = path;
    })
    .await;
    let mut client = Command::new(python);
    client
        .arg(format!("{CLIENTS}/{program}"))
        .arg(format!("http://{}", service.address))
        .arg(token)
        .env("NO_PROXY", "*");
    let output = tokio::task::spawn_blocking(move || client.output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "{program}: {}", text(&output));
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("passed"),
        "{}",
        text(&output)
    );
    service.stop().await;
}

/// An interpreter that has the clients.
pub(crate) fn python_with_clients() -> PathBuf {
    python_with("clients", &[CLIENT_REQUIREMENTS, PYTEST])
}

/// Where an interpreter has its packages.
fn packages_of(python: &Path) -> String {
    let asked = Command::new(python)
        .args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
        .output()
        .unwrap();
    String::from_utf8(asked.stdout).unwrap().trim().to_owned()
}
