//! How far a submission has come, and how the service is, as clients of HTTP are told it.

use serde_json::{Value, json};

use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// A compiler that takes its time.
const SLOW_CHECK: &[(&str, &str)] = &[
    ("ASSIZE__LANGUAGES__PYTHON3__STARTUP", "exec"),
    (
        "ASSIZE__LANGUAGES__PYTHON3__COMPILE",
        r#"["/usr/bin/python3", "-I", "-c", "import time; time.sleep(3)", "{sources}"]"#,
    ),
];

fn id_of(state: &Value) -> String {
    state["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_told_while_its_program_is_compiled() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("compiling", SLOW_CHECK).await;
    let gateway = Gateway::ready(&namespace).await;
    let slow = json!({ "source": "import time\ntime.sleep(1)", "run": {} });
    let (_, accepted) = gateway.post("/v1/submissions", &slow).await;
    let path = format!("/v1/submissions/{}", id_of(&accepted));
    for stage in ["compiling", "running", "done"] {
        eventually(stage, async || gateway.read(&path).await.1["state"] == stage).await;
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_names_every_queue_and_every_worker_and_counts_all_that_waits() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("status", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let right = json!({ "source": "print(sum(map(int, input().split())))", "problem": { "id": "sum" } });
    gateway.post("/v1/submissions?wait=50", &right).await;
    let status = async || {
        let (status, document) = gateway.read("/v1/status").await;
        assert_eq!(status, 200, "{document}");
        document
    };
    eventually("the worker has said how it is", async || {
        let document = status().await;
        let known = document["workers"]
            .as_array()
            .and_then(|workers| workers.first().cloned());
        known.is_some_and(|known| known["id"] == *worker.id && known["ready"] == true && known["slots"] != 0)
    })
    .await;
    let document = status().await;
    let queue = |purpose: &str| {
        let queues = document["queues"].as_array().unwrap();
        queues.iter().find(|queue| queue["purpose"] == purpose).unwrap().clone()
    };
    let work = queue("work");
    assert_eq!(
        (&work["name"], &work["waiting"]),
        (&json!(namespace.broker.queue), &json!(0))
    );
    assert_ne!(work["consumers"], 0);
    assert_eq!(queue("bulk")["name"], *namespace.broker.bulk_queue);
    worker.stop().await;

    let (code, again) = gateway.post("/v1/problems/sum/rejudge", &json!(null)).await;
    assert_eq!((code, &again["submissions"]), (202, &json!(1)), "{again}");
    gateway.post("/v1/submissions", &right).await;
    eventually("what may wait behind others waits, too", async || {
        status().await["queued"] == 2
    })
    .await;
}
