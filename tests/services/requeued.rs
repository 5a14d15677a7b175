//! Messages that an operator sends to the queue again, and the callbacks of their submissions.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, over};
use crate::dead_letters::{broken_problem, listed, said};
use crate::gateway::{RIGHT, id_of};
use crate::waiting::eventually;
use crate::worker::Namespace;

/// The problem `sum` under this name.
fn add_problem(directory: &Path, name: &str) {
    let sum = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sum");
    let copied = Command::new("cp")
        .arg("-rT")
        .arg(sum)
        .arg(directory.join(name))
        .status();
    assert!(copied.unwrap().success());
}

/// What is kept of a submission to this problem, why, and what its first callback says.
const KEPT: [(&str, &str, &str); 2] = [
    ("broken", "dead", "submission.done"),
    ("late", "rejected", "submission.rejected"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_or_rejected_is_called_back_again_once_its_message_was_sent_again_and_judged() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let problems = broken_problem();
    let settings = [
        ("ASSIZE__PROBLEMS__DIRECTORY", problems.path().to_str().unwrap()),
        ("ASSIZE__BROKER__MAX_ATTEMPTS", "1"),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0"),
    ];
    let worker = namespace.ready_worker("requeued", &settings).await;
    // A service that knows no problem accepts each of them.
    let nothing = tempfile::tempdir().unwrap();
    let bare = [("ASSIZE__PROBLEMS__DIRECTORY", nothing.path().to_str().unwrap())];
    let gateway = calling.ready_with(&namespace, &bare).await;
    let mut ids = Vec::new();
    for (problem, command, kind) in KEPT {
        let url = listener.url(&format!("/{problem}"));
        let submission = json!({ "source": RIGHT, "problem": { "id": problem }, "callback_url": url });
        let (_, ended) = gateway.post("/v1/submissions?wait=50", &submission).await;
        eventually("it is kept", async || listed(&namespace, command).await.len() == 1).await;
        ids.push(id_of(&ended));
        eventually("it is called back", async || {
            listener.seen(&format!("/{problem}")).len() == 1
        })
        .await;
        assert_eq!(listener.seen(&format!("/{problem}"))[0].document()["type"], kind);
    }
    eventually("both callbacks are over", async || over(&namespace).await == (2, 2)).await;
    worker.stop().await;

    std::fs::remove_dir_all(problems.path().join("broken")).unwrap();
    for (problem, ..) in KEPT {
        add_problem(problems.path(), problem);
    }
    let worker = namespace.ready_worker("requeued", &settings).await;
    for ((problem, command, _kind), id) in KEPT.into_iter().zip(&ids) {
        let (told, code) = said(&namespace, command, &["requeue", id]).await;
        assert_eq!(code, 0, "{told}");
        eventually("its verdict is sent", async || {
            listener.seen(&format!("/{problem}")).len() == 2
        })
        .await;
        let seen = listener.seen(&format!("/{problem}"));
        let second = seen[1].document();
        assert_eq!(second["type"], "submission.done", "{second:#}");
        assert_eq!(second["data"]["verdict"]["verdict"], "AC", "{second:#}");
        assert_ne!(seen[0].id(), seen[1].id(), "each answer has an id of its own");
        assert_eq!(second["data"], gateway.done(id).await, "the rejection has given way");
    }
    eventually("both callbacks are over", async || over(&namespace).await == (2, 2)).await;
    worker.stop().await;
}
