//! Callbacks of a standalone service.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use assize::config::Settings;
use serde_json::json;
use tempfile::TempDir;

use crate::callback_listener::{CallbackListener, Seen};
use crate::dialects::speaking;
use crate::document::conforms;
use crate::logged;
use crate::published_clients::{CLIENTS, python_with_clients};
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
        let secret = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        logged::keep_out(&secret);
        secret
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

#[tokio::test(flavor = "multi_thread")]
async fn a_judge0_client_is_called_back_in_its_own_way() {
    let key = Key::new();
    let service = speaking(calling_here(key.path())).await;
    let listener = CallbackListener::answering(|path, before| {
        Some(match (path, before) {
            ("/failing", 0) => "500 Internal Server Error",
            _ => "200 OK",
        })
    })
    .await;
    let config = service.get("/config_info").await.json(200);
    assert_eq!(config["enable_callbacks"], true);
    let request = |path: &str, expected: &str| {
        let url = listener.url(path);
        json!({ "source_code": "print(1)", "language_id": 71, "expected_output": expected, "callback_url": url })
    };
    let one = service
        .post("/submissions?wait=true", &request("/failing", "1"))
        .await
        .json(201);
    let batch = json!({ "submissions": [request("/wrong", "2"), { "language_id": 71 }] });
    let told = service.post("/submissions/batch", &batch).await.json(201);
    assert!(told[1]["source_code"].is_array(), "{told}");
    for (path, token, status, times) in [("/failing", &one["token"], 3, 2), ("/wrong", &told[0]["token"], 4, 1)] {
        eventually("the callback is taken", async || listener.seen(path).len() == times).await;
        let token = token.as_str().unwrap();
        let shown = service.get(&format!("/submissions/{token}?base64_encoded=true")).await;
        let shown = shown.json(200);
        assert_eq!(
            (&shown["status"]["id"], &shown["stdout"]),
            (&json!(status), &json!("MQo="))
        );
        for seen in listener.seen(path) {
            assert_eq!((seen.method.as_str(), seen.document()), ("PUT", shown.clone()));
            is_verified(&key.secret("local"), seen).await;
        }
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge0_batch_that_is_refused_is_called_back_about_nothing() {
    let key = Key::new();
    let service = speaking(|settings| {
        calling_here(key.path())(settings);
        settings.serve.max_callbacks = 1;
    })
    .await;
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let request = |path: &str| json!({ "source_code": "", "language_id": 71, "callback_url": listener.url(path) });
    let batch = json!({ "submissions": [request("/refused"), request("/refused")] });
    // Two at once are too many to be kept, and the room for the first is given back.
    assert_eq!(service.post("/submissions/batch", &batch).await.status, 503);
    eventually("there is room for another one", async || {
        service.post("/submissions", &request("/taken")).await.status == 201
    })
    .await;
    eventually("it is sent", async || listener.seen("/taken").len() == 1).await;
    assert!(listener.seen("/refused").is_empty());
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
    let without_key = speaking(|_settings| {}).await;
    let public_only = speaking(|settings| settings.serve.callback_key_file = key.path()).await;
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
        let request = json!({ "source_code": "print(1)", "language_id": 71, "callback_url": url });
        let refused = service.post("/submissions", &request).await.json(422);
        assert!(refused["callback_url"].is_array(), "{url}: {refused}");
    }
    without_key.stop().await;
    public_only.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_in_memory_are_bounded() {
    let key = Key::new();
    let service = Service::with(|settings| {
        calling_here(key.path())(settings);
        settings.serve.max_callbacks = 1;
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
