//! `assize dead`, with messages that died for real.

use assize::broker::SubmitClient;
use assize::contract::ProblemRef;
use serde_json::Value;

use crate::flow::to_sum;
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Above the limit that a quorum queue has by itself from RabbitMQ 4.0 on.
const OFTEN: usize = 22;

/// What the command says, and its exit code.
async fn dead(namespace: &Namespace, arguments: &[&str]) -> (String, i32) {
    let output = namespace.assize().arg("dead").args(arguments).output().await.unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (said, output.status.code().unwrap())
}

async fn listed(namespace: &Namespace) -> Vec<Value> {
    let (said, code) = dead(namespace, &["list", "--json"]).await;
    assert_eq!(code, 0, "{said}");
    serde_json::from_str(&said).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_seen_tried_again_and_thrown_away_and_none_is_lost_by_looking() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("dead-letters", &[]).await;
    assert_eq!(
        dead(&namespace, &["list"]).await,
        ("there are no dead letters\n".to_owned(), 0)
    );

    let mut message = to_sum("print(1)");
    message.problem = Some(ProblemRef {
        id: "nowhere".to_owned(),
        revision: None,
    });
    let client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&message).await.unwrap();
    eventually("the first", async || listed(&namespace).await.len() == 1).await;
    RawClient::connect(&namespace.broker)
        .await
        .send(b"\x1b[2J no JSON \xff", "x")
        .await;
    eventually("the second", async || listed(&namespace).await.len() == 2).await;
    for _ in 0..OFTEN {
        assert_eq!(listed(&namespace).await.len(), 2);
    }
    let letters = listed(&namespace).await;
    let id = message.id.to_string();
    assert_eq!(letters[0]["id"], id.as_str(), "the oldest comes first");
    assert!(
        letters[0]["reason"].as_str().unwrap().contains("nowhere"),
        "{letters:?}"
    );
    assert_eq!(letters[0]["worker"], worker.id.as_str());
    let nameless = letters[1]["id"].as_str().unwrap();
    assert!(nameless.starts_with("sha256-"), "{nameless}");

    let (table, _) = dead(&namespace, &["list"]).await;
    assert!(table.contains(&id) && table.contains(nameless), "{table}");
    let (shown, _) = dead(&namespace, &["show", nameless]).await;
    assert!(
        shown.contains(r"\x1b[2J no JSON") && !shown.contains('\u{1b}'),
        "{shown:?}"
    );

    let (said, code) = dead(&namespace, &["requeue", &id]).await;
    assert_eq!(code, 0, "{said}");
    let died_again = async || {
        let letters = listed(&namespace).await;
        letters
            .iter()
            .any(|letter| letter["id"] == id.as_str() && letter["history"][0].is_string())
    };
    eventually("it died again, and its history is kept", died_again).await;

    let (said, code) = dead(&namespace, &["drop", "--all"]).await;
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("2 dead letters") && said.contains("--yes"), "{said}");
    let (said, code) = dead(&namespace, &["drop", nameless, "--yes"]).await;
    assert_eq!((said.trim(), code), ("1 dead letter thrown away", 0));
    assert_eq!(listed(&namespace).await.len(), 1);
    let (said, code) = dead(&namespace, &["drop", nameless, "--yes"]).await;
    assert_eq!((said.trim(), code), ("no dead letter was thrown away", 1));
    let (said, code) = dead(&namespace, &["show", nameless]).await;
    assert_eq!(code, 2, "{said}");
    worker.stop().await;
}
