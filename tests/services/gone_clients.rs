//! Clients that disconnect while the service does what they have asked for.

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, over, to_call};
use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Nothing is stored of what is handed in.
const HELD: &str = "LOCK TABLE gateway_open IN SHARE MODE";

/// Statements that wait for that, of which PostgreSQL shows the first 1,024 bytes (`track_activity_query_size`).
const WAITING: &str = "
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND (query LIKE '%INSERT INTO gateway_open%' OR query LIKE '%INSERT INTO gateway_submissions%')";

/// Sends a request, and disconnects while what it asks for is being stored.
async fn post_and_go(namespace: &Namespace, gateway: &Gateway, path: &str, body: &Value) {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let mut watching = PgConnection::connect(&namespace.database).await.unwrap();
    let (host, body) = (&gateway.address, body.to_string());
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut client = TcpStream::connect(host).await.unwrap();
    let mut holding = database.begin().await.unwrap();
    sqlx::raw_sql(HELD).execute(&mut *holding).await.unwrap();
    client.write_all(request.as_bytes()).await.unwrap();
    eventually("it is being stored", async || {
        let waiting: i64 = sqlx::query_scalar(WAITING).fetch_one(&mut watching).await.unwrap();
        waiting > 0
    })
    .await;
    drop(client);
    // By the time that it answers this, the service knows that its client is gone.
    assert_eq!(gateway.get("/healthz").await.0, 200);
    holding.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_stored_is_sent_and_answered_though_its_client_goes_away() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let worker = namespace.ready_worker("gone-clients", &[]).await;
    let gateway = calling.ready(&namespace).await;
    let id = Uuid::new_v4();
    let mut handed_in = to_call(&listener.url("/"));
    handed_in["id"] = json!(id);
    post_and_go(&namespace, &gateway, "/v1/submissions", &handed_in).await;
    eventually("its verdict is sent", async || over(&namespace).await == (1, 1)).await;

    let path = format!("/v1/submissions/{id}/rejudge");
    post_and_go(&namespace, &gateway, &path, &json!(null)).await;
    eventually("the second verdict is sent", async || listener.seen("/").len() == 2).await;
    let done = gateway.done(&id.to_string()).await;
    assert_eq!(done["verdict"]["attempt"], 2, "{done}");
    assert_eq!(listener.seen("/")[1].document()["data"], done);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_client_goes_away_while_it_is_being_stored_is_cancelled() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("gone-runs", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let endless = json!({ "source": "import time\ntime.sleep(600)", "limits": { "wall_ms": 100_000 } });
    post_and_go(&namespace, &gateway, "/v1/run", &endless).await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    eventually("it is cancelled", async || {
        let verdicts = sqlx::query_scalar("SELECT verdict FROM verdicts");
        let verdicts: Vec<String> = verdicts.fetch_all(&mut database).await.unwrap();
        verdicts == ["CANCELLED"]
    })
    .await;
    worker.stop().await;
}
