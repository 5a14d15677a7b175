//! Clients of other services, as their authors published them: they run unchanged against a service that speaks their
//! dialect.

use std::path::PathBuf;
use std::process::Command;

use crate::python_environment::{python_with, text};

/// Programs that use these clients.
pub(crate) const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateway/clients");

const CLIENT_REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateway/clients/requirements.txt");

/// What is in the box of unit tests, which boxes without walls do not have.
const PYTEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docker/pytest/requirements.txt");

/// An interpreter that has the clients.
pub(crate) fn python_with_clients() -> PathBuf {
    python_with("clients", &[CLIENT_REQUIREMENTS, PYTEST])
}

/// Runs a program of a client to its end, with a token that it sends in its own way to the service at this address.
pub(crate) async fn passes(program: &str, address: &str, token: &str) {
    let python = tokio::task::spawn_blocking(python_with_clients).await.unwrap();
    let mut client = Command::new(python);
    client
        .arg(format!("{CLIENTS}/{program}"))
        .arg(format!("http://{address}"))
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
}
