//! Quotas of sites are counted in PostgreSQL: over every service and every restart, until the verdict is stored.

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// What a worker that knows of no open submissions leaves of one that it has answered.
const LEFT_OPEN: &str = "
    INSERT INTO gateway_open (submission_id, rejudge, site, bulk, charged)
    SELECT id, '00000000-0000-0000-0000-000000000000', site, false, false FROM gateway_submissions";

const TWO: &[(&str, &str)] = &[("ASSIZE__SERVE__MAX_IN_FLIGHT", "2")];

fn to_run(source: &str) -> Value {
    json!({ "source": source, "run": {} })
}

fn id_of(state: &Value) -> String {
    state["id"].as_str().unwrap().to_owned()
}

async fn execute(namespace: &Namespace, statements: &'static str) {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(statements).execute(&mut database).await.unwrap();
}

async fn places(gateway: &Gateway, ids: &[String]) -> Vec<Value> {
    let mut places = Vec::new();
    for id in ids {
        let (status, state) = gateway.read(&format!("/v1/submissions/{id}")).await;
        assert_eq!((status, &state["state"]), (200, &json!("queued")), "{state}");
        places.push(state["place"].clone());
    }
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_flight_is_counted_by_every_service_and_after_each_restart_until_it_has_its_answer() {
    let namespace = Namespace::new().await;
    // Queues are there from the first worker on.
    namespace.ready_worker("quotas-first", &[]).await.stop().await;
    let mut killed = Gateway::ready_with(&namespace, TWO).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let (status, accepted) = killed.post("/v1/submissions", &to_run("print(1)")).await;
        assert_eq!(status, 202, "{accepted}");
        ids.push(id_of(&accepted));
    }
    killed.process.kill().await.unwrap();
    let (one, other) = (
        Gateway::ready_with(&namespace, TWO).await,
        Gateway::ready_with(&namespace, TWO).await,
    );
    for service in [&one, &other] {
        let (status, refused) = service.post("/v1/submissions", &to_run("print(2)")).await;
        assert_eq!(
            (status, &refused["code"]),
            (429, &json!("too_many_requests")),
            "{refused}"
        );
    }
    let worker = namespace.ready_worker("quotas-late", &[]).await;
    for id in &ids {
        other.done(id).await;
    }
    // At once: the verdict that a client has seen is stored, and counts no longer.
    for _ in 0..3 {
        let (status, ran) = one.post("/v1/submissions?wait=50", &to_run("print(3)")).await;
        assert_eq!((status, &ran["state"]), (200, &json!("done")), "{ran}");
    }
    execute(&namespace, LEFT_OPEN).await;
    let (status, ran) = one.post("/v1/submissions?wait=50", &to_run("print(4)")).await;
    assert_eq!(
        status, 200,
        "what has its answer is closed before a site is refused for it: {ran}"
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_told_its_place_by_every_service() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("places-first", &[]).await.stop().await;
    let (one, other) = (Gateway::ready(&namespace).await, Gateway::ready(&namespace).await);
    let mut ids = Vec::new();
    for (place, service) in [&one, &other, &one].into_iter().enumerate() {
        let (_, accepted) = service.post("/v1/submissions", &to_run("print(1)")).await;
        assert_eq!(accepted["state"], "queued", "{accepted}");
        ids.push(id_of(&accepted));
        assert!(accepted["place"].as_u64().unwrap() <= place as u64, "{accepted}");
    }
    for service in [&one, &other] {
        eventually("the line is read", async || {
            places(service, &ids).await == [0, 1, 2].map(Value::from)
        })
        .await;
    }
    let worker = namespace.ready_worker("places-late", &[]).await;
    for id in &ids {
        assert_eq!(one.done(id).await["place"], Value::Null);
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cpu_seconds_that_one_service_has_let_through_are_counted_by_the_others() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("cpu", &[]).await;
    let quota = &[("ASSIZE__SERVE__CPU_SECONDS_PER_HOUR", "1")];
    let (one, other) = (
        Gateway::ready_with(&namespace, quota).await,
        Gateway::ready_with(&namespace, quota).await,
    );
    let free = Gateway::ready(&namespace).await;
    let burn = to_run("import time\nwhile time.process_time() < 1.1: pass");
    let (status, _burnt) = free.post("/v1/submissions?wait=50", &burn).await;
    assert_eq!(status, 200, "without a quota nothing is counted");
    let (status, burnt) = one.post("/v1/submissions?wait=50", &burn).await;
    assert_eq!((status, &burnt["state"]), (200, &json!("done")), "{burnt}");
    eventually("both services refuse what goes beyond the quota", async || {
        let mut refused = 0;
        for service in [&one, &other] {
            refused += u32::from(service.post("/v1/submissions", &to_run("print(1)")).await.0 == 429);
        }
        refused == 2
    })
    .await;
    worker.stop().await;
}
