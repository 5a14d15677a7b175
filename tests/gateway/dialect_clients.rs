//! Published clients of other services, before a service that judges itself.

use std::path::Path;
use std::process::Command;

use assize::config::Dialect;

use crate::published_clients::{passes, python_with_clients};
use crate::service::Service;
use crate::token_files::Tokens;

#[tokio::test(flavor = "multi_thread")]
async fn the_judge0_sdk_runs_unchanged() {
    passes_before_a_judge("judge0_client.py", Dialect::Judge0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piston_client_runs_unchanged() {
    passes_before_a_judge("piston_client.py", Dialect::Piston).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_fusion_sdk_runs_unchanged() {
    passes_before_a_judge("sandbox_fusion_client.py", Dialect::SandboxFusion).await;
}

async fn passes_before_a_judge(program: &str, dialect: Dialect) {
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
    passes(program, &service.address.to_string(), &token).await;
    service.stop().await;
}

/// Where an interpreter has its packages.
fn packages_of(python: &Path) -> String {
    let asked = Command::new(python)
        .args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
        .output()
        .unwrap();
    String::from_utf8(asked.stdout).unwrap().trim().to_owned()
}
