//! Callbacks that are kept in PostgreSQL, while services die.

use std::fs;

use assize::webhook::CallbackKey;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

use crate::callback_listener::CallbackListener;
use crate::gateway::Gateway;
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::{Namespace, WorkerProcess};

/// What callbacks are signed with.
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Settings of services that call this host, and do not wait for long.
pub(crate) struct Calling {
    directory: tempfile::TempDir,
}

impl Calling {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("key"), KEY).unwrap();
        Self { directory }
    }

    /// The secret of a service without tokens, as a site is told it.
    pub(crate) fn secret(&self) -> String {
        let key = CallbackKey::read(&self.directory.path().join("key")).unwrap();
        key.secret_of("local").text()
    }

    pub(crate) async fn ready(&self, namespace: &Namespace) -> Gateway {
        self.ready_with(namespace, &[]).await
    }

    /// One with further settings.
    pub(crate) async fn ready_with(&self, namespace: &Namespace, more: &[(&str, &str)]) -> Gateway {
        let key = self.directory.path().join("key");
        let mut settings = vec![
            ("ASSIZE__SERVE__CALLBACK_KEY_FILE", key.to_str().unwrap()),
            ("ASSIZE__SERVE__CALLBACK_NETWORKS", "127.0.0.0/8"),
            ("ASSIZE__SERVE__CALLBACK_TIMEOUT_MS", "2000"),
            ("ASSIZE__SERVE__DIALECTS", "judge0"),
        ];
        settings.extend(more);
        let gateway = Gateway::ready_with(namespace, &settings).await;
        gateway.keeps(&self.secret());
        gateway.keeps(KEY);
        gateway
    }
}

/// Under which status the state of a submission comes that was handed in: it may have ended before that is answered.
fn status_of(state: &Value) -> u16 {
    match state["state"].as_str() {
        Some("queued" | "compiling" | "running") => 202,
        Some("done" | "rejected") => 200,
        _ => panic!("this is no state: {state}"),
    }
}

pub(crate) fn to_call(url: &str) -> Value {
    json!({ "source": "print(1)", "tests": [{ "input": "", "answer": "1" }], "callback_url": url })
}

/// Callbacks that are over, and how many of them were taken.
pub(crate) async fn over(namespace: &Namespace) -> (i64, i64) {
    let mut connection = PgConnection::connect(&namespace.database).await.unwrap();
    let query = "SELECT count(*), count(*) FILTER (WHERE delivered) FROM gateway_callbacks WHERE ended_at IS NOT NULL";
    sqlx::query_as(query).fetch_one(&mut connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_outlives_the_services_that_die_before_and_while_it_is_sent() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    // The first try is taken and not answered.
    let listener = CallbackListener::answering(|_path, before| (before > 0).then_some("204 No Content")).await;
    // A worker declares the queues, and is away while the submission is accepted.
    let worker = namespace.ready_worker("callbacks-first", &[]).await;
    worker.stop().await;
    let mut one = calling.ready(&namespace).await;
    let (status, accepted) = one.post("/v1/submissions", &to_call(&listener.url("/"))).await;
    assert_eq!(status, 202, "{accepted}");
    one.process.kill().await.unwrap();

    let worker = namespace.ready_worker("callbacks", &[]).await;
    let mut two = calling.ready(&namespace).await;
    eventually("the callback is tried", async || listener.seen("/").len() == 1).await;
    two.process.kill().await.unwrap();

    let three = calling.ready(&namespace).await;
    eventually("it is tried by another service", async || {
        over(&namespace).await == (1, 1)
    })
    .await;
    let done = three.done(accepted["id"].as_str().unwrap()).await;
    let seen = listener.seen("/");
    assert!(seen.len() >= 2, "{seen:?}");
    for seen in seen {
        assert_eq!(seen.id(), done["verdict"]["verdict_id"], "each try has the same id");
        assert_eq!(seen.document()["data"], done);
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn services_beside_each_other_share_callbacks_and_410_ends_one() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener =
        CallbackListener::answering(|path, _before| Some(if path == "/gone" { "410 Gone" } else { "200 OK" })).await;
    let worker = namespace
        .ready_worker("callbacks-shared", &[("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0")])
        .await;
    let services = [calling.ready(&namespace).await, calling.ready(&namespace).await];
    let batch: Vec<Value> = (0..8)
        .map(|number| to_call(&listener.url(&format!("/{number}"))))
        .collect();
    let (status, _accepted) = services[0].post("/v1/submissions", &json!(batch)).await;
    assert_eq!(status, 202);
    let (status, accepted) = services[1]
        .post("/v1/submissions", &to_call(&listener.url("/gone")))
        .await;
    assert_eq!(status, status_of(&accepted), "{accepted}");
    let unknown = json!({ "source": "", "problem": { "id": "none" }, "callback_url": listener.url("/rejected") });
    // A service that knows the problems refuses it at once.
    let nothing = tempfile::tempdir().unwrap();
    let bare = [("ASSIZE__PROBLEMS__DIRECTORY", nothing.path().to_str().unwrap())];
    let without_problems = calling.ready_with(&namespace, &bare).await;
    let (status, accepted) = without_problems.post("/v1/submissions", &unknown).await;
    assert_eq!(status, status_of(&accepted), "{accepted}");
    eventually("all callbacks are over", async || over(&namespace).await == (10, 9)).await;
    for number in 0..8 {
        assert_eq!(listener.seen(&format!("/{number}")).len(), 1);
    }
    assert_eq!(listener.seen("/gone").len(), 1);
    let rejected = listener.seen("/rejected")[0].document();
    assert_eq!(rejected["type"], "submission.rejected");
    assert_eq!(rejected["data"]["rejection"]["code"], "unknown_problem", "{rejected:#}");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_is_judged_once_more_is_answered_once_more() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let worker = namespace.ready_worker("callbacks-again", &[]).await;
    let gateway = calling.ready(&namespace).await;
    let (status, done) = gateway
        .post("/v1/submissions?wait=50", &to_call(&listener.url("/")))
        .await;
    assert_eq!(status, 200, "{done}");
    eventually("the first verdict is sent", async || over(&namespace).await == (1, 1)).await;

    let path = format!("/v1/submissions/{}/rejudge", done["id"].as_str().unwrap());
    let (status, again) = gateway.post(&path, &json!(null)).await;
    assert_eq!(status, 202, "{again}");
    eventually("the second verdict is sent", async || listener.seen("/").len() == 2).await;
    let seen = listener.seen("/");
    let [first, second] = [&seen[0], &seen[1]].map(|seen| seen.document()["data"]["verdict"].clone());
    assert_eq!(
        (&first["rejudge"], &second["rejudge"]),
        (&json!(null), &again["rejudge"])
    );
    assert_ne!(seen[0].id(), seen[1].id(), "each verdict has an id of its own");
    eventually("it is over", async || over(&namespace).await == (1, 1)).await;
    worker.stop().await;
}

/// As if the service had died that sent the last request to judge once more, before it had noted that.
const UNNOTED: &str = "
    UPDATE gateway_open SET unsent_since = clock_timestamp();
    UPDATE gateway_callbacks SET rejudge = NULL, delivered = true, ended_at = clock_timestamp()";

/// A worker has the last request to judge once more in hand.
const TAKEN: &str = "
    INSERT INTO attempts (submission_id, number, worker, holder, started_at, lease_until, rejudge)
    SELECT submission_id, 7, 'w', gen_random_uuid(), now(), now() + interval '1 hour', rejudge FROM gateway_open";

const GIVEN_BACK: &str = "UPDATE attempts SET ended_at = now(), outcome = 'given_back' WHERE ended_at IS NULL";

/// The last request to judge once more is not waited for any longer.
const EXPIRED: &str = "UPDATE gateway_open SET in_flight = false";

/// The last request to judge once more is not wanted any longer.
const CANCELLED: &str =
    "INSERT INTO cancellations (submission_id, rejudge) SELECT submission_id, rejudge FROM gateway_open";

/// As if the site that is called had not taken the callback at the first try.
const PUT_OFF: &str = "UPDATE gateway_callbacks SET tries = 1, due_at = clock_timestamp() + interval '1 hour'";

const DUE: &str = "UPDATE gateway_callbacks SET due_at = clock_timestamp()";

async fn execute(namespace: &Namespace, statements: &'static str) {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(statements).execute(&mut database).await.unwrap();
}

/// A worker, a service, and a submission whose first verdict was sent to its address.
async fn called_back(
    namespace: &Namespace,
    calling: &Calling,
    listener: &CallbackListener,
    worker: &str,
) -> (WorkerProcess, Gateway, Value) {
    let worker = namespace.ready_worker(worker, &[]).await;
    let gateway = calling.ready(namespace).await;
    let to_call = to_call(&listener.url("/"));
    let (_, done) = gateway.post("/v1/submissions?wait=50", &to_call).await;
    eventually("the first verdict is sent", async || over(namespace).await == (1, 1)).await;
    (worker, gateway, done)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_judge_once_more_that_is_sent_again_is_answered_though_its_service_died_behind_the_message() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let (mut worker, gateway, done) = called_back(&namespace, &calling, &listener, "callbacks-unnoted").await;
    let path = format!("/v1/submissions/{}/rejudge", done["id"].as_str().unwrap());
    let mut answered = vec![json!(null)];
    for is_under_way in [true, false] {
        worker.stop().await;
        let key = format!("key-{is_under_way}");
        let (status, asked) = gateway.post_as(&key, &path, &json!(null)).await;
        assert_eq!(status, 202, "{asked}");
        execute(&namespace, UNNOTED).await;
        if is_under_way {
            execute(&namespace, TAKEN).await;
            assert_eq!(gateway.post_as(&key, &path, &json!(null)).await, (202, asked.clone()));
            execute(&namespace, GIVEN_BACK).await;
        }
        worker = namespace.ready_worker("callbacks-unnoted", &[]).await;
        let judged = format!("/v1/submissions/{}", done["id"].as_str().unwrap());
        eventually("it is judged once more", async || {
            gateway.read(&judged).await.1["verdict"]["rejudge"] == asked["rejudge"]
        })
        .await;
        assert_eq!(gateway.post_as(&key, &path, &json!(null)).await, (202, asked.clone()));
        answered.push(asked["rejudge"].clone());
        eventually("its verdict is sent", async || {
            let seen = listener.seen("/");
            let seen = seen
                .iter()
                .map(|seen| seen.document()["data"]["verdict"]["rejudge"].clone());
            seen.eq(answered.iter().cloned())
        })
        .await;
        eventually("it is over", async || over(&namespace).await == (1, 1)).await;
        assert_eq!(gateway.post_as(&key, &path, &json!(null)).await, (202, asked));
        assert_eq!(over(&namespace).await, (1, 1), "it is sent once");
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_judge_once_more_that_is_sent_again_leaves_the_callback_to_a_later_one() {
    for is_waited_for in [true, false] {
        earlier_leaves_it_to_later(is_waited_for).await;
    }
}

async fn earlier_leaves_it_to_later(is_waited_for: bool) {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let (worker, gateway, done) = called_back(&namespace, &calling, &listener, "callbacks-later").await;
    let path = format!("/v1/submissions/{}/rejudge", done["id"].as_str().unwrap());
    assert_eq!(gateway.post_as("earlier", &path, &json!(null)).await.0, 202);
    eventually("the second verdict is sent", async || listener.seen("/").len() == 2).await;
    eventually("it is over", async || over(&namespace).await == (1, 1)).await;
    worker.stop().await;

    let (_, later) = gateway.post_as("later", &path, &json!(null)).await;
    if !is_waited_for {
        execute(&namespace, EXPIRED).await;
    }
    assert_eq!(gateway.post_as("earlier", &path, &json!(null)).await.0, 202);
    let worker = namespace.ready_worker("callbacks-later", &[]).await;
    eventually("the third verdict is sent", async || listener.seen("/").len() == 3).await;
    let third = listener.seen("/")[2].document();
    assert_eq!(third["data"]["verdict"]["rejudge"], later["rejudge"]);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_judge_once_more_that_is_cancelled_is_answered_with_the_verdict_that_still_counts() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let (worker, gateway, done) = called_back(&namespace, &calling, &listener, "callbacks-cancelled").await;
    let id = done["id"].as_str().unwrap();
    let path = format!("/v1/submissions/{id}/rejudge");
    let (_, earlier) = gateway.post_as("earlier", &path, &json!(null)).await;
    eventually("the second verdict is sent", async || listener.seen("/").len() == 2).await;
    eventually("it is over", async || over(&namespace).await == (1, 1)).await;
    worker.stop().await;

    assert_eq!(gateway.post_as("cancelled", &path, &json!(null)).await.0, 202);
    execute(&namespace, CANCELLED).await;
    let worker = namespace.ready_worker("callbacks-cancelled", &[]).await;
    eventually("what counts is sent", async || listener.seen("/").len() == 3).await;
    eventually("it is over", async || over(&namespace).await == (1, 1)).await;
    let third = listener.seen("/")[2].document();
    assert_eq!(third["data"], gateway.done(id).await);
    assert_eq!(third["data"]["verdict"]["rejudge"], earlier["rejudge"]);
    for key in ["earlier", "cancelled"] {
        assert_eq!(gateway.post_as(key, &path, &json!(null)).await.0, 202);
        assert_eq!(over(&namespace).await, (1, 1), "{key}: nothing is sent once more");
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_request_is_judged_behind_a_later_one_the_callback_of_the_later_one_tells_what_counts() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let (worker, gateway, done) = called_back(&namespace, &calling, &listener, "callbacks-overtaken").await;
    worker.stop().await;
    let id = done["id"].as_str().unwrap();
    let path = format!("/v1/submissions/{id}/rejudge");
    let (_, earlier) = gateway.post(&path, &json!(null)).await;
    let raw = RawClient::connect(&namespace.broker).await;
    let held = raw.hold(&namespace.broker.queue).await;
    let (_, later) = gateway.post(&path, &json!(null)).await;
    execute(&namespace, PUT_OFF).await;
    let worker = namespace.ready_worker("callbacks-overtaken", &[]).await;
    let counts = async |asked: &Value| {
        let (_, state) = gateway.read(&format!("/v1/submissions/{id}")).await;
        state["verdict"]["rejudge"] == asked["rejudge"]
    };
    eventually("the later one is judged", async || counts(&later).await).await;
    raw.give_back(held).await;
    eventually("the earlier one is judged behind it", async || counts(&earlier).await).await;

    execute(&namespace, DUE).await;
    eventually("what counts is sent", async || over(&namespace).await == (1, 1)).await;
    let seen = listener.seen("/");
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[1].document()["data"], gateway.done(id).await);
    assert_eq!(seen[1].document()["data"]["verdict"]["rejudge"], earlier["rejudge"]);
    worker.stop().await;
}
