//! Callbacks of a standalone service.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use assize::config::Settings;
use serde_json::json;
use tempfile::TempDir;

use crate::callback_listener::{CallbackListener, Seen};
use crate::dialect_clients::{CLIENTS, python_with_clients};
use crate::document::conforms;
use crate::service::Service;
use crate::waiting::eventually;

/// A key to sign with.
struct Key(TempDir);

impl Key {
    fn new() -> Self {
        let key = Self(tempfile::tempdir().unwrap());
        std::fs::write(key.path(), "0123456789abcdef0123456789abcdef").unwrap();
        key
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("key")
    }

    /// As a site is told it.
    fn secret(&self, site: &str) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_assize"))
            .args(["token", "callback-secret", site])
            .env("ASSIZE__SERVE__CALLBACK_KEY_FILE", self.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

fn calling_here(key: PathBuf) -> impl FnOnce(&mut Settings) {
    move |settings: &mut Settings| {
        settings.serve.callback_key_file = key;
        settings.serve.callback_networks = vec!["127.0.0.0/8".to_owned()];
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_sent_signed_until_it_is_taken() {
    let key = Key::new();
    let service = Service::with(calling_here(key.path())).await;
    let listener = CallbackListener::answering(|path, before| {
        Some(match (path, before) {
            ("/moved", 0) => "302 Found\r\nlocation: /elsewhere",
            _ if before == 0 => "500 Internal Server Error",
            _ => "200 OK",
        })
    })
    .await;
    let judged = json!({ "source": "print(1)", "tests": [{ "input": "", "answer": "1" }] });
    let mut ids = Vec::new();
    for path in ["/failing", "/moved"] {
        let mut request = judged.clone();
        request["callback_url"] = json!(listener.url(path));
        let state = service.post("/v1/submissions", &request).await.json(202);
        ids.push((path, state["id"].as_str().unwrap().to_owned()));
    }
    for (path, id) in ids {
        let state = service.done(&id).await;
        eventually("the callback is sent again", async || listener.seen(path).len() == 2).await;
        for seen in listener.seen(path) {
            assert_eq!(seen.id(), state["verdict"]["verdict_id"]);
            let event = seen.document();
            conforms("CallbackEvent", &event);
            assert_eq!((&event["type"], &event["data"]), (&json!("submission.done"), &state));
            is_verified(&key.secret("local"), seen).await;
        }
    }
    assert!(listener.seen("/elsewhere").is_empty(), "a redirect was followed");
    service.stop().await;
}

async fn is_verified(secret: &str, seen: Seen) {
    let python = tokio::task::spawn_blocking(python_with_clients).await.unwrap();
    let mut program = Command::new(python)
        .args([&format!("{CLIENTS}/verify_webhook.py"), secret])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let callback = json!({ "headers": seen.headers, "body": seen.body }).to_string();
    program.stdin.take().unwrap().write_all(callback.as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("passed"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_may_not_be_called_is_refused() {
    let key = Key::new();
    let without_key = Service::start().await;
    let public_only = Service::with(|settings| settings.serve.callback_key_file = key.path()).await;
    for (service, url) in [
        (&without_key, "https://example.com/"),
        (&public_only, "example.com"),
        (&public_only, "ftp://example.com/"),
        (&public_only, "https://user:password@example.com/"),
        (&public_only, "http://127.0.0.1:1/"),
        (&public_only, "http://2130706433/"),
        (&public_only, "http://[::1]/"),
        (&public_only, "http://[::ffff:10.0.0.1]/"),
        (&public_only, "http://169.254.169.254/latest/meta-data/"),
    ] {
        let request = json!({ "source": "print(1)", "run": {}, "callback_url": url });
        let refused = service.post("/v1/submissions", &request).await.refused(422);
        assert_eq!(refused, ("callback_url".to_owned(), "callback_url".to_owned()), "{url}");
    }
    without_key.stop().await;
    public_only.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_in_memory_are_bounded() {
    let key = Key::new();
    let service = Service::with(|settings| {
        calling_here(key.path())(settings);
        settings.serve.callbacks_kept = 1;
    })
    .await;
    let listener = CallbackListener::answering(|_path, _before| None).await;
    let request = json!({ "source": "print(1)", "run": {}, "callback_url": listener.url("/") });
    service.post("/v1/submissions", &request).await.json(202);
    let refused = service.post("/v1/submissions", &request).await;
    assert_eq!(refused.refused(503).0, "unavailable");
    assert!(!refused.header("retry-after").is_empty());
    service.stop().await;
}
