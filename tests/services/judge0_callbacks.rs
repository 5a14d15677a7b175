//! Callbacks of submissions that came in Judge0's dialect.

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, over};
use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Programs, with the status of Judge0 that each ends with; what is expected is "1".
const ENDS: [(u8, &str); 11] = [
    (3, "print(1)"),
    (4, "print(2)"),
    (5, "while True: pass"),
    (6, "def"),
    (7, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"),
    (8, "while True: print('x' * 4096)"),
    (9, "import os, signal; os.kill(os.getpid(), signal.SIGFPE)"),
    (10, "import os; os.abort()"),
    (11, "raise SystemExit(3)"),
    (12, "import os, signal; os.kill(os.getpid(), signal.SIGUSR1)"),
    // Cancelled while it runs.
    (13, "import time; time.sleep(600)"),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_status_is_sent_to_a_judge0_client_until_it_is_taken() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|path, before| {
        Some(match (path, before) {
            ("/3", 0 | 1) => "500 Internal Server Error",
            _ => "200 OK",
        })
    })
    .await;
    let worker = namespace.ready_worker("judge0-callbacks", &[]).await;
    let gateway = calling.ready(&namespace).await;
    let submissions: Vec<Value> = ENDS
        .iter()
        .map(|(status, source)| to_call(&listener, *status, source))
        .collect();
    let batch = json!({ "submissions": submissions });
    let (status, told) = gateway.post("/submissions/batch", &batch).await;
    assert_eq!(status, 201, "{told}");
    let tokens: Vec<&str> = told.as_array().unwrap().iter().map(token_of).collect();
    cancel(&gateway, tokens[ENDS.len() - 1]).await;

    eventually("all callbacks are over", async || {
        end_long_pauses(&namespace).await;
        over(&namespace).await == (11, 11)
    })
    .await;
    for ((status, source), token) in ENDS.iter().zip(tokens) {
        let (_, shown) = gateway.read(&format!("/submissions/{token}?base64_encoded=true")).await;
        assert_eq!(shown["status"]["id"], *status, "{source}: {shown:#}");
        let seen = listener.seen(&format!("/{status}"));
        assert_eq!(seen.len(), if *status == 3 { 3 } else { 1 }, "{source}");
        for seen in seen {
            assert_eq!(
                (seen.method.as_str(), seen.document()),
                ("PUT", shown.clone()),
                "{source}"
            );
        }
    }
    worker.stop().await;
}

fn to_call(listener: &CallbackListener, status: u8, source: &str) -> Value {
    json!({
        "source_code": source,
        "language_id": 71,
        "expected_output": "1",
        "cpu_time_limit": 1,
        "wall_time_limit": if status == 13 { 100 } else { 10 },
        "callback_url": listener.url(&format!("/{status}")),
    })
}

fn token_of(told: &Value) -> &str {
    told["token"].as_str().unwrap()
}

async fn cancel(gateway: &Gateway, token: &str) {
    let path = format!("/submissions/{token}");
    eventually("the program runs", async || {
        gateway.read(&path).await.1["status"]["id"] == 2
    })
    .await;
    let (status, told) = gateway.send("DELETE", &path, "").await;
    assert_eq!(status, 200, "{told}");
}

/// A callback that has failed more than once waits for minutes.
async fn end_long_pauses(namespace: &Namespace) {
    let mut connection = PgConnection::connect(&namespace.database).await.unwrap();
    let query = "UPDATE gateway_callbacks SET due_at = clock_timestamp()
                 WHERE ended_at IS NULL AND due_at > clock_timestamp() + interval '1 minute'";
    sqlx::query(query).execute(&mut connection).await.unwrap();
}
