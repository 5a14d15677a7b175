//! What `make demo` prints at its end, against a service, a worker and a queue of this test.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tokio::process::Command;

use crate::gateway::Gateway;
use crate::worker::Namespace;

/// Stands for compose, whose images this test does not build: it starts the program of this build with the arguments that
/// the container would have, in the directory that the container would see.
const COMPOSE: &str = r#"#!/usr/bin/env bash
set -euo pipefail
case $1 in
    ps) echo running ;;
    run)
        while [ "$1" != assize ]; do shift; done
        shift
        cd "$ASSIZE_FILES"
        exec "$PROGRAM" "$@"
        ;;
esac
"#;

/// The scripts of the demo in a directory of their own, with these settings.
fn lay(root: &Path, settings: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir(root.join("docker")).unwrap();
    for script in ["demo.sh", "assize.sh", "lib"] {
        symlink(here.join("docker").join(script), root.join("docker").join(script)).unwrap();
    }
    symlink(here.join("examples"), root.join("examples")).unwrap();
    fs::write(root.join("docker/compose.sh"), COMPOSE).unwrap();
    fs::set_permissions(root.join("docker/compose.sh"), Permissions::from_mode(0o755)).unwrap();
    fs::write(root.join(".env"), settings).unwrap();
}

/// Runs a line as a person would who has pasted it.
async fn run(root: &Path, line: &str, namespace: &Namespace) -> Output {
    let assize = namespace.assize();
    let assize = assize.as_std();
    let mut shell = Command::new("bash");
    shell
        .args(["-c", line])
        .current_dir(root)
        .envs(assize.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("PROGRAM", assize.get_program())
        .env("NO_PROXY", "*");
    let output = shell.output().await.unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    output
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_three_lines_of_the_demo_work_as_they_are_printed() {
    let namespace = Namespace::new().await;
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let tokens = root.join("tokens");
    let made = namespace
        .assize()
        .args(["token", "new", "operator", "--scope", "admin", "--file"])
        .arg(&tokens)
        .output();
    let token = String::from_utf8(made.await.unwrap().stdout).unwrap().trim().to_owned();
    let worker = namespace.ready_worker("demo", &[]).await;
    let settings = [("ASSIZE__SERVE__TOKEN_FILE", tokens.to_str().unwrap())];
    let gateway = Gateway::ready_with(&namespace, &settings).await;
    let port = gateway.address.rsplit(':').next().unwrap();
    lay(root, &format!("ASSIZE_HTTP_PORT={port}\nASSIZE_HTTP_TOKEN={token}\n"));

    let printed = run(root, ". docker/demo.sh && tell_more", &namespace).await;
    let printed = String::from_utf8(printed.stdout).unwrap();
    let lines: Vec<&str> = printed.lines().rev().take(3).collect();
    let [submit, page, curl] = lines[..] else {
        panic!("{printed}");
    };
    let ran: Value = serde_json::from_slice(&run(root, curl, &namespace).await.stdout).unwrap();
    assert_eq!(ran["runs"][0]["stdout"]["text"], "42\n", "{ran:#}");
    let (address, shown) = page.split_once("   log in with ").unwrap();
    assert_eq!(address, format!("http://{}/", gateway.address));
    let cookie = gateway.log_in(shown).await;
    assert_eq!(gateway.look("/page/board", &cookie).await, 200);
    let judged = run(root, submit, &namespace).await;
    let judged = String::from_utf8(judged.stdout).unwrap();
    assert!(judged.contains("AC"), "{judged}");
    worker.stop().await;
}
