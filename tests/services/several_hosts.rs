//! Several nodes of the broker and several hosts of the database, of which one of each answers.

use serde_json::json;

use crate::gateway::Gateway;
use crate::own::free_port;
use crate::services::{Services, amqp_url};
use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_and_a_service_use_the_node_and_the_host_that_answer() {
    let services = Services::get().await;
    let port = services.postgres_port;
    let database = services.database().await;
    let several = database.replace(&format!(":{port}/"), &format!(":{},127.0.0.1:{port}/", free_port()));
    let mut namespace = Namespace::of(services.amqp_url(), several);
    namespace.broker.urls = vec![amqp_url(free_port()), services.amqp_url(), amqp_url(free_port())];
    let worker = namespace.ready_worker("several", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let right = json!({
        "source": "print(sum(map(int, input().split())))",
        "problem": { "id": "sum" },
    });
    let (status, waited) = gateway.post("/v1/submissions?wait=50", &right).await;
    assert_eq!(
        (status, &waited["verdict"]["verdict"]),
        (200, &json!("AC")),
        "{waited:#}"
    );
    worker.stop().await;
}
