//! Programs that are only run, through the queue.

use assize::broker::{Reply, SubmitClient};
use assize::contract::{Answer, RunInputMessage, RunMessage, RunResult, RunStatus, SourceFile, SubmissionMessage};
use uuid::Uuid;

use crate::raw::RawClient;
use crate::worker::Namespace;

fn to_run(source: &str, stdin: &[&str]) -> SubmissionMessage {
    let file = SourceFile {
        name: "main.py".to_owned(),
        content: source.as_bytes().to_vec(),
    };
    let input = |text: &&str| RunInputMessage {
        stdin: Some((*text).to_owned()),
        ..RunInputMessage::default()
    };
    let run = RunMessage {
        inputs: Some(stdin.iter().map(input).collect()),
        ..RunMessage::default()
    };
    SubmissionMessage::to_run(Uuid::new_v4(), "python3", vec![file], run)
}

async fn result(client: &mut SubmitClient) -> RunResult {
    loop {
        match client.next().await.unwrap() {
            Reply::Progress(_) => {}
            Reply::Result(result) => return *result,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_answered_with_a_result_that_is_published_and_stored_once() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("run", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let message = to_run("print(int(input()) * 2)\nraise SystemExit(0)", &["21", "x", "4"]);
    client.send(&message).await.unwrap();
    let first = result(&mut client).await;
    let printed: Vec<_> = first
        .runs
        .iter()
        .map(|run| (run.status, run.stdout.text.as_deref()))
        .collect();
    assert_eq!(
        printed,
        [
            (RunStatus::Ok, Some("42\n")),
            (RunStatus::Rte, Some("")),
            (RunStatus::Ok, Some("8\n")),
        ]
    );
    assert!(first.runs[1].stderr.text.as_deref().unwrap().contains("ValueError"));
    assert_eq!((first.status, first.attempt), (RunStatus::Rte, Some(1)));

    let stored = namespace.store().await.find_answer(message.id).await.unwrap();
    assert_eq!(stored, Some(Answer::Result(first.clone())));
    let announced = RawClient::connect(&namespace.broker)
        .await
        .take(&namespace.broker.verdict_queue)
        .await;
    assert_eq!(announced.routing_key.as_str(), "result.python3.RTE");
    assert_eq!(serde_json::from_slice::<RunResult>(&announced.data).unwrap(), first);

    client.send(&message).await.unwrap();
    assert_eq!(result(&mut client).await, first, "the same id has the same result");
    worker.stop().await;
}
