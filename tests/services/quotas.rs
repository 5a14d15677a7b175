//! Quotas of sites are counted in PostgreSQL: over every service and every restart, until the verdict is stored.

use std::time::Duration;

use assize::contract::{self, CallbackTarget, Fingerprint, Metadata, Rejected, RejectionCode, Request};
use assize::store::{Accepted, NewSubmission, OpenRequest, OpenedAgain, Store};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::flow::to_sum;
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

fn fingerprint() -> Fingerprint {
    let message = serde_json::to_vec(&to_sum("print(1)")).unwrap();
    let caps = assize::config::load(None).unwrap().submission.caps();
    contract::parse(&message, &caps).unwrap().fingerprint()
}

/// What becomes of a submission that this site hands in.
pub(crate) async fn accept(store: &Store, id: Uuid) -> Accepted {
    accept_calling(store, id, None).await
}

/// The same of one whose answer is to be sent there.
pub(crate) async fn accept_calling(store: &Store, id: Uuid, callback: Option<&CallbackTarget>) -> Accepted {
    let new = NewSubmission {
        id,
        site: "a",
        fingerprint: fingerprint(),
        message: "{}",
        language: "python3",
        problem: None,
        file: None,
        metadata: &Metadata::default(),
        callback,
        traceparent: None,
        sets_retention: false,
        is_charged: true,
    };
    store.accept(new).await.unwrap()
}

pub(crate) fn first(submission: Uuid) -> Request {
    Request {
        submission,
        rejudge: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_and_is_sent_again_counts_until_it_is_answered() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let open = async || store.count_open("a", 10).await.unwrap();
    let (id, rejected) = (Uuid::now_v7(), Uuid::now_v7());
    for _ in 0..3 {
        assert_eq!(accept(&store, id).await, Accepted::ToPublish);
        assert_eq!(open().await, 1);
        store.close_unsent(first(id)).await.unwrap();
        assert_eq!(open().await, 0);
    }
    assert_eq!(accept(&store, id).await, Accepted::ToPublish);
    store.published(id).await.unwrap();
    assert_eq!((accept(&store, id).await, open().await), (Accepted::Before, 1));

    assert_eq!(accept(&store, rejected).await, Accepted::ToPublish);
    let rejection = Rejected {
        id: Some(rejected),
        code: RejectionCode::UnknownLanguage,
        field: None,
        reason: "no worker has it".to_owned(),
    };
    let rejection = rejection.into_rejection("w");
    store.reject(first(rejected), &rejection).await.unwrap();
    assert_eq!(accept(&store, rejected).await, Accepted::ToPublish);
    assert_eq!(open().await, 1, "what has been answered is not waited for");
}

const CANCELLED: &str = "
    INSERT INTO cancellations (submission_id, rejudge, asked_at)
    SELECT submission_id, rejudge, now() - interval '11 minutes' FROM gateway_open LIMIT 1";

const WAITS_FOR_LONG: &str = "UPDATE gateway_open SET since = now() - interval '25 hours'";

/// Each of these changes a submission that waits, so that it is in flight no longer.
const NO_LONGER: [&str; 2] = [CANCELLED, WAITS_FOR_LONG];

/// How long a submission without an answer is in flight.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A worker has one of those that wait in hand.
const HELD: &str = "
    WITH held AS (SELECT submission_id FROM gateway_open LIMIT 1),
         taken AS (INSERT INTO submissions (id, language) SELECT submission_id, 'python3' FROM held)
    INSERT INTO attempts (submission_id, number, worker, holder, started_at, lease_until)
    SELECT submission_id, 1, 'w', gen_random_uuid(), now(), now() + interval '1 hour' FROM held";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cancelled_dropped_or_lost_is_in_flight_no_longer() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let open = async || store.count_open("a", 10).await.unwrap();
    let close = async || store.close_answered(Some("a"), DAY).await.unwrap();
    for statement in NO_LONGER {
        assert_eq!((close().await, open().await), (0, 0));
        let id = Uuid::now_v7();
        accept(&store, id).await;
        store.published(id).await.unwrap();
        assert_eq!((close().await, open().await), (0, 1));
        execute(&namespace, statement).await;
        assert_eq!((close().await, open().await), (1, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_worker_has_in_hand_is_in_flight_though_it_was_cancelled_and_a_copy_was_dropped() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let open = async || store.count_open("a", 10).await.unwrap();
    let close = async || store.close_answered(None, DAY).await.unwrap();
    let id = Uuid::now_v7();
    accept(&store, id).await;
    store.published(id).await.unwrap();
    for statement in [HELD, CANCELLED] {
        execute(&namespace, statement).await;
        assert_eq!((close().await, open().await), (0, 1));
    }
    assert_eq!((store.close_dropped(&[first(id)]).await.unwrap(), open().await), (0, 1));
    execute(
        &namespace,
        "UPDATE attempts SET ended_at = now(), outcome = 'given_back'",
    )
    .await;
    assert_eq!((close().await, open().await), (1, 0));
}

pub(crate) fn again(submission: Uuid, rejudge: Uuid) -> Request {
    Request {
        submission,
        rejudge: Some(rejudge),
    }
}

/// What becomes of a request of this site to judge once more.
pub(crate) async fn open_again(store: &Store, request: Request) -> OpenedAgain {
    let open = OpenRequest {
        request,
        site: "a",
        is_bulk: false,
        is_charged: true,
    };
    store.open_again(open).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_judge_once_more_is_sent_once_and_each_is_dropped_by_itself() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let (id, [one, other]) = (Uuid::now_v7(), [1, 2].map(Uuid::from_u128));
    let open = async || store.count_open("a", 10).await.unwrap();
    let asked = async || store.count_asked_again(&[id], one).await.unwrap();
    accept(&store, id).await;
    store.published(id).await.unwrap();
    for _ in 0..2 {
        assert_eq!(open_again(&store, again(id, one)).await, OpenedAgain::ToPublish);
        assert_eq!(open_again(&store, again(id, one)).await, OpenedAgain::BeingSent);
        assert_eq!((asked().await, open().await), (1, 2));
        store.close_unsent(again(id, one)).await.unwrap();
        assert_eq!((asked().await, open().await), (0, 1), "it could not be sent");
    }
    assert_eq!(open_again(&store, again(id, one)).await, OpenedAgain::ToPublish);
    execute(
        &namespace,
        "UPDATE gateway_open SET unsent_since = unsent_since - interval '1 minute'",
    )
    .await;
    assert_eq!(
        open_again(&store, again(id, one)).await,
        OpenedAgain::ToPublish,
        "who sent it has died"
    );
    store.sent_again(id, one, None).await.unwrap();
    assert_eq!(open_again(&store, again(id, one)).await, OpenedAgain::Before);

    assert_eq!(open_again(&store, again(id, other)).await, OpenedAgain::ToPublish);
    assert_eq!(
        (open().await, store.close_dropped(&[again(id, other)]).await.unwrap()),
        (3, 1)
    );
    assert_eq!((open().await, store.close_dropped(&[first(id)]).await.unwrap()), (2, 1));
    assert_eq!((asked().await, open().await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_waited_for_no_longer_is_charged_once_it_has_its_answer() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    namespace.ready_worker("expired-first", &[]).await.stop().await;
    let quota = [("ASSIZE__SERVE__CPU_SECONDS_PER_HOUR", "3600")];
    let gateway = Gateway::ready_with(&namespace, &quota).await;
    let burn = to_run("import time\nwhile time.process_time() < 1.1: pass");
    let (status, accepted) = gateway.post("/v1/submissions", &burn).await;
    assert_eq!(status, 202, "{accepted}");
    execute(&namespace, WAITS_FOR_LONG).await;
    let site = "local";
    store.close_answered(Some(site), DAY).await.unwrap();
    assert_eq!(store.count_open(site, 10).await.unwrap(), 0);
    assert!(store.waiting_line(10).await.unwrap().is_empty());
    let worker = namespace.ready_worker("expired-late", &[]).await;
    gateway.done(&id_of(&accepted)).await;
    let used = store.cpu_used(site).await.unwrap();
    assert!(used.iter().map(|minute| minute.cpu_ms).sum::<u64>() > 1000, "{used:?}");
    worker.stop().await;
}
