//! Submissions that many clients cancel at once over HTTP.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::gateway::{Gateway, id_of};
use crate::proxy::Door;
use crate::services::{Services, amqp_url};
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Submissions that are cancelled at once.
const CANCELLED: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn however_many_submissions_are_cancelled_a_service_opens_no_further_connection_to_the_broker() {
    let services = Services::get().await;
    let mut amqp = Door::closed(services.amqp_port).await;
    amqp.open().await;
    let direct = Namespace::new().await;
    // A worker that declares the queues, and takes what is cancelled once there is one again.
    direct.ready_worker("cancelled-first", &[]).await.stop().await;
    let mut through = direct.clone();
    through.broker.url = amqp_url(amqp.port);
    let gateway = Gateway::ready(&through).await;
    let endless = json!({ "source": "import time\ntime.sleep(600)", "run": {}, "limits": { "wall_ms": 100_000 } });
    let (status, taken) = gateway
        .post("/v1/submissions", &Value::from(vec![endless; CANCELLED]))
        .await;
    assert_eq!(status, 202, "{taken}");
    let paths: Vec<String> = taken
        .as_array()
        .unwrap()
        .iter()
        .map(|state| format!("/v1/submissions/{}", id_of(state)))
        .collect();
    let before = amqp.connections();
    let opened = amqp.opened();
    let answers = join_all(paths.iter().map(|path| gateway.send("DELETE", path, ""))).await;
    for (status, told) in answers {
        assert_eq!(status, 202, "{told}");
    }
    assert_eq!(
        (amqp.connections(), amqp.opened()),
        (before, opened),
        "that of the submissions is used"
    );

    let worker = direct.ready_worker("cancelled", &[]).await;
    for path in &paths {
        eventually("it is cancelled", async || {
            let (_, state) = gateway.read(path).await;
            state["result"]["status"] == "CANCELLED"
        })
        .await;
    }
    worker.stop().await;
}
