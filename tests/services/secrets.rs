//! Whatever a service logs, at the most talkative level there is, holds no token, no password and no key.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::callback_listener::CallbackListener;
use crate::callbacks::Calling;
use crate::gateway::Gateway;
use crate::http::say;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Sends a program with this header, and says with which status it was answered.
async fn send(gateway: &Gateway, path: &str, header: &str, body: &str) -> String {
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{header}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        gateway.address,
        body.len()
    );
    let answer = say(&gateway.address, request.as_bytes()).await;
    answer.split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_line_holds_a_token_or_a_password_wherever_a_client_puts_it() {
    let (namespace, calling, directory) = (Namespace::new().await, Calling::new(), tempfile::tempdir().unwrap());
    let worker = namespace.ready_worker("secrets", &[]).await;
    let tokens = directory.path().join("tokens");
    let made = namespace
        .assize()
        .args(["token", "new", "site", "--scope", "admin", "--file"])
        .arg(&tokens)
        .output();
    let token = String::from_utf8(made.await.unwrap().stdout).unwrap().trim().to_owned();
    let settings = [
        ("ASSIZE__SERVE__TOKEN_FILE", tokens.to_str().unwrap()),
        ("ASSIZE__SERVE__DIALECTS", "judge0,piston,sandbox_fusion"),
    ];
    let gateway = calling.ready_with(&namespace, &settings).await;
    let basic = STANDARD.encode(format!("any:{token}"));
    for secret in [&token, &basic] {
        gateway.keeps(secret);
    }
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let url = listener.url("/done");
    let ours = json!({ "source": "print(1)", "run": {}, "callback_url": url }).to_string();
    let judge0 = json!({ "source_code": "print(1)", "language_id": 71 }).to_string();
    let fusion = json!({ "code": "print(1)", "language": "python" }).to_string();
    for (path, header, body, status) in [
        (
            "/v1/submissions",
            format!("authorization: Bearer {token}"),
            &ours,
            "202",
        ),
        ("/submissions", format!("x-auth-token: {token}"), &judge0, "201"),
        ("/run_code", format!("authorization: Basic {basic}"), &fusion, "200"),
        // Refused, each in another place.
        (
            "/v1/submissions",
            format!("authorization: Bearer {token}"),
            &judge0,
            "400",
        ),
        ("/v1/nowhere", format!("authorization: Bearer {token}"), &ours, "404"),
        ("/v1/run", format!("x-auth-token: {token}"), &fusion, "401"),
    ] {
        assert_eq!(send(&gateway, path, &header, body).await, status, "{path}");
    }
    let cookie = gateway.log_in(&token).await;
    assert_eq!(gateway.look("/page/board", &cookie).await, 200);
    eventually("the callback has come", async || !listener.seen("/done").is_empty()).await;

    fs::write(&tokens, format!("{token} is no line\n")).unwrap();
    eventually("the wrong line is named by its number", async || {
        gateway.look("/page/board", &cookie).await;
        gateway.has_logged("the tokens are those that were read before")
    })
    .await;
    worker.stop().await;
    gateway.stop().await;
}
