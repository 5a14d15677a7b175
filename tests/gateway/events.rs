//! What happens to a submission, while it happens.

use serde_json::json;

use crate::document::conforms;
use crate::service::Service;

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_each_test_and_ends_with_the_verdict_and_can_be_taken_up_again() {
    let service = Service::start().await;
    let source = "import time\ntime.sleep(0.2)\nprint(sum(map(int, input().split())))";
    let request = json!({ "source": source, "problem": { "id": "sum" } });
    let state = service.post("/v1/submissions", &request).await.json(202);
    let path = format!("/v1/submissions/{}/events", state["id"].as_str().unwrap());
    let events = service.client().events(&path).await;
    let names: Vec<&str> = events.iter().map(|(_id, name, _document)| name.as_str()).collect();
    let states = names.iter().take_while(|name| **name == "state").count();
    let stages = ["queued", "compiling", "running"];
    let told = events[..states].iter().map(|(_id, _name, document)| {
        let stage = document["state"].as_str().unwrap();
        stages.iter().position(|known| *known == stage).unwrap()
    });
    let told: Vec<usize> = told.collect();
    assert!(
        !told.is_empty() && told.is_sorted_by(|one, next| one < next),
        "{told:?}"
    );
    assert_eq!(names[states..], [vec!["progress"; 7], vec!["verdict"]].concat());
    for (_id, name, document) in &events {
        let schema = match name.as_str() {
            "state" => "SubmissionState",
            "progress" => "Progress",
            _ => "Judgement",
        };
        conforms(schema, document);
    }
    let ids = |events: &[(String, String, serde_json::Value)]| -> Vec<String> {
        let progress = events.iter().filter(|(_id, name, _document)| name == "progress");
        progress.map(|(id, _name, _document)| id.clone()).collect()
    };
    assert_eq!(ids(&events), ["1", "2", "3", "4", "5", "6", "7"]);

    let again = service.client().with("last-event-id", "5").events(&path).await;
    assert_eq!(ids(&again), ["6", "7"]);
    assert_eq!(again.last(), events.last());
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_its_stream_with_a_result() {
    let service = Service::start().await;
    let request = json!({ "source": "print(1)", "run": { "inputs": [{}, {}] } });
    let state = service.post("/v1/submissions", &request).await.json(202);
    let path = format!("/v1/submissions/{}/events", state["id"].as_str().unwrap());
    let (_id, name, document) = service.client().events(&path).await.pop().unwrap();
    assert_eq!(name, "result");
    conforms("RunResult", &document);
    service.stop().await;
}
