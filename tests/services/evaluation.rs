//! `assize eval` with the workers of a queue.

use serde_json::Value;

use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn workers_judge_the_candidates_of_a_data_set() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("evaluated", &[]).await;
    let directory = tempfile::tempdir().unwrap();
    let mut command = namespace.assize();
    command
        .args([
            "eval",
            "docs/examples/eval/tasks.jsonl",
            "--queue",
            "--json",
            "--cpu",
            "2",
        ])
        .args(["--candidates", "docs/examples/eval/candidates.jsonl", "--results"])
        .arg(directory.path().join("results.jsonl"));
    let output = command.output().await.unwrap();
    worker.stop().await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let counts = ["passed", "failed", "no_answer"].map(|name| summary[name].as_u64().unwrap());
    assert_eq!(counts, [9, 5, 0], "{summary:#}");
}
