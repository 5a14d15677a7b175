//! Findings about a submission are published as a message, stored as a row and logged.

use assize::broker::SubmitClient;
use assize::contract::{SecurityEvent, SecurityKind, Verdict};
use lapin::options::{QueueBindOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use sqlx::{Connection as _, PgConnection, Row as _};

use crate::flow::{to_sum, verdict};
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn an_attack_is_published_stored_and_logged_with_who_sent_it() {
    let namespace = Namespace::new().await;
    let worker = namespace
        .ready_worker("watched", &[("ASSIZE__LOG__FORMAT", "json")])
        .await;
    let raw = RawClient::connect(&namespace.broker).await;
    let alerts = format!("alerts.{}", namespace.broker.queue);
    let (options, table) = (QueueDeclareOptions::default(), FieldTable::default());
    raw.channel
        .queue_declare(alerts.as_str().into(), options, table)
        .await
        .unwrap();
    raw.channel
        .queue_bind(
            alerts.as_str().into(),
            namespace.broker.verdict_exchange.as_str().into(),
            "security.alert.#".into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await
        .unwrap();

    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let mut message = to_sum("import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)");
    message.metadata.insert("user".to_owned(), "mallory".into());
    client.send(&message).await.unwrap();
    let (judgement, _) = verdict(&mut client).await;
    assert_eq!(judgement.verdict, Verdict::Sv);

    let alert = raw.take(&alerts).await;
    let event: SecurityEvent = serde_json::from_slice(&alert.data).unwrap();
    assert_eq!(alert.routing_key.as_str(), "security.alert.forbidden_call");
    assert_eq!(event.submission, message.id);
    assert_eq!(event.finding.kind, SecurityKind::ForbiddenCall);
    assert_eq!(event.metadata["user"], "mallory");
    assert_eq!(
        alert.properties.message_id().as_ref().unwrap().as_str(),
        event.id.to_string()
    );

    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let row = sqlx::query(
        "SELECT id, kind, severity, document->'metadata'->>'user' FROM security_events WHERE submission_id = $1",
    )
    .bind(message.id)
    .fetch_one(&mut database)
    .await
    .unwrap();
    assert_eq!(row.get::<uuid::Uuid, _>(0), event.id);
    assert_eq!(row.get::<String, _>(1), "forbidden_call");
    assert_eq!(row.get::<String, _>(2), "alert");
    assert_eq!(row.get::<String, _>(3), "mallory");

    eventually("a log line", async || {
        worker.log().lines().any(|line| {
            line.contains("\"target\":\"assize::security\"")
                && line.contains("mallory")
                && line.contains("forbidden_call")
        })
    })
    .await;
    worker.stop().await;
}
