//! Submissions and problems of which not everything can be put into a box: they get their answer, and the worker judges
//! others all the while.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use assize::contract::{Judgement, Verdict};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::http::{address_of, readiness};
use crate::raw::{RawClient, header};
use crate::waiting::eventually;
use crate::worker::Namespace;

/// More than the space in the boxes of these tests.
const LARGE: usize = 256 << 10;

fn message(target: &Value, beside: &str) -> Value {
    let mut message = json!({
        "type": "assize.submission.v1",
        "id": Uuid::new_v4(),
        "language": "python3",
        "files": [{ "name": "main.py", "content": "print(input())" }, { "name": "words.txt", "content": beside }],
        "entry_point": "main.py",
    });
    let target = target.as_object().unwrap().clone();
    message.as_object_mut().unwrap().extend(target);
    message
}

/// A problem with a file beside submissions that is too large for their boxes.
fn laying(directory: &std::path::Path) {
    for (name, content) in [
        ("problem.yaml", "name: Laying\n"),
        ("data/secret/1.in", "1\n"),
        ("data/secret/1.ans", "1\n"),
        ("data/secret/1.files/table.txt", &"x".repeat(LARGE)),
    ] {
        let path = directory.join("laying").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_stays_fit_whatever_cannot_be_put_into_its_boxes() {
    let problems = tempfile::tempdir().unwrap();
    laying(problems.path());
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__SANDBOX__SCRATCH_BYTES", "131072"),
        ("ASSIZE__PROBLEMS__DIRECTORY", problems.path().to_str().unwrap()),
        ("ASSIZE__WORKER__SLOTS", "1"),
    ];
    let worker = namespace.ready_worker("fit", &settings).await;
    let address = address_of(&worker).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    let inline = json!({ "tests": [{ "input": "1\n", "answer": "1\n" }] });
    let of_problem = json!({ "problem": { "id": "laying" } });
    let sent = [
        (message(&inline, &"x".repeat(LARGE)), Verdict::Je),
        (message(&of_problem, ""), Verdict::Je),
        (message(&inline, ""), Verdict::Ac),
    ];
    for (message, _) in &sent {
        client.send(message.to_string().as_bytes(), "any").await;
    }
    let answers = Arc::new(Mutex::new(BTreeMap::new()));
    let kept = Arc::clone(&answers);
    let count = sent.len();
    let listening = tokio::spawn(async move {
        for _ in 0..count {
            let judgement: Judgement = serde_json::from_slice(&client.answer().await.data).unwrap();
            kept.lock().unwrap().insert(judgement.id.to_string(), judgement);
        }
        client
    });
    eventually("all are answered, and the host is well", async || {
        let (_status, readiness) = readiness(&address).await;
        assert_eq!(readiness["parts"]["host"]["ready"], true, "{readiness:#}");
        answers.lock().unwrap().len() == count
    })
    .await;
    for (message, expected) in &sent {
        let judgement = &answers.lock().unwrap()[message["id"].as_str().unwrap()];
        assert_eq!(judgement.verdict, *expected, "{judgement:#?}");
    }
    let client = listening.await.unwrap();
    for _ in 0..2 {
        let dead = client.take_dead_letter().await;
        assert!(
            header(&dead, "x-assize-reason").contains("No space left"),
            "{}",
            worker.log()
        );
    }
    worker.stop().await;
}
