//! Clients of other services, as their authors published them: they run unchanged against a service that speaks their
//! dialect.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use assize::config::Dialect;

use crate::plain_processes::PYTHON;
use crate::service::Service;
use crate::token_files::Tokens;

pub(crate) const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateway/clients");

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

/// An interpreter that has the clients, in the versions that are pinned. They are fetched once, from PyPI.
pub(crate) fn python_with_clients() -> PathBuf {
    static READY: OnceLock<PathBuf> = OnceLock::new();
    let ready = READY.get_or_init(|| {
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients");
        let requirements = [format!("{CLIENTS}/requirements.txt"), PYTEST.to_owned()];
        let wanted: String = requirements
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .collect();
        let python = venv.join("bin/python");
        let installed = venv.join("installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
            return python;
        }
        if venv.exists() {
            fs::remove_dir_all(&venv).unwrap();
        }
        succeed(
            Command::new(PYTHON).args(["-m", "venv"]).arg(&venv),
            "a virtual environment cannot be made; Debian has it in python3-venv",
        );
        succeed(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(["--only-binary", ":all:", "--require-hashes"])
                .args(requirements.iter().flat_map(|file| ["--requirement", file])),
            "the clients cannot be installed; this test needs PyPI once",
        );
        fs::write(&installed, wanted).unwrap();
        python
    });
    ready.clone()
}

/// Where an interpreter has its packages.
fn packages_of(python: &Path) -> String {
    let asked = Command::new(python)
        .args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
        .output()
        .unwrap();
    String::from_utf8(asked.stdout).unwrap().trim().to_owned()
}

fn succeed(command: &mut Command, otherwise: &str) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{otherwise}: {}", text(&output));
}

fn text(output: &Output) -> String {
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{}\n{stdout}\n{stderr}", output.status)
}
