//! Rejections of submissions that came over HTTP, which the worker stores.

use assize::contract::{Metadata, Rejected, Rejection, RejectionCode};
use assize::store::{Claim, OpenedAgain, Store, Wanted};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, over, to_call};
use crate::dead_letters::said;
use crate::gateway::id_of;
use crate::quotas::{accept, again, first, open_again};
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// A worker that lets nothing wait for its problem, and takes small programs only.
const STRICT: &[(&str, &str)] = &[
    ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "0"),
    ("ASSIZE__SUBMISSION__MAX_SOURCE_BYTES", "1000"),
];

/// The site of a service without tokens.
const SITE: &str = "local";

fn large_to_call(url: &str) -> Value {
    let mut large = to_call(url);
    large["source"] = json!(format!("print(1)  {}", "#".repeat(2000)));
    large
}

async fn open(namespace: &Namespace) -> usize {
    let store = namespace.store().await;
    let open = store.count_open(SITE, 10).await.unwrap();
    store.close().await;
    open
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_outlives_the_service_that_accepted_the_submission() {
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let unknown =
        json!({ "source": "", "problem": { "id": "none" }, "callback_url": listener.url("/unknown_problem") });
    let large = large_to_call(&listener.url("/too_large"));
    for (code, submission) in [("unknown_problem", unknown), ("too_large", large)] {
        let namespace = Namespace::new().await;
        let calling = Calling::new();
        // A service that knows no problem accepts each of them.
        let nothing = tempfile::tempdir().unwrap();
        let bare = [("ASSIZE__PROBLEMS__DIRECTORY", nothing.path().to_str().unwrap())];
        namespace.ready_worker("rejecting-first", &[]).await.stop().await;
        let mut one = calling.ready_with(&namespace, &bare).await;
        let (status, accepted) = one.post("/v1/submissions", &submission).await;
        assert_eq!(status, 202, "{accepted}");
        one.process.kill().await.unwrap();

        let worker = namespace.ready_worker("rejecting", STRICT).await;
        let two = calling.ready_with(&namespace, &bare).await;
        let rejected = two.done(&id_of(&accepted)).await;
        assert_eq!(
            (&rejected["state"], &rejected["rejection"]["code"]),
            (&json!("rejected"), &json!(code)),
            "{rejected:#}"
        );
        eventually("it is called back", async || over(&namespace).await == (1, 1)).await;
        let seen = listener.seen(&format!("/{code}"));
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!(seen[0].document()["data"], rejected);
        assert_eq!(open(&namespace).await, 0, "{code}: it is in flight no longer");
        worker.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_to_judge_once_more_that_is_rejected_without_a_lease_is_answered_with_what_counts() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let worker = namespace.ready_worker("rejecting-again", &[]).await;
    let gateway = calling.ready(&namespace).await;
    let large = large_to_call(&listener.url("/"));
    let (_, done) = gateway.post("/v1/submissions?wait=50", &large).await;
    assert_eq!(done["verdict"]["verdict"], "AC", "{done:#}");
    eventually("the verdict is sent", async || over(&namespace).await == (1, 1)).await;
    worker.stop().await;

    let id = id_of(&done);
    let (status, again) = gateway
        .post(&format!("/v1/submissions/{id}/rejudge"), &json!(null))
        .await;
    assert_eq!((status, open(&namespace).await), (202, 1), "{again}");
    let worker = namespace.ready_worker("rejecting-again", STRICT).await;
    eventually("what counts is sent", async || listener.seen("/").len() == 2).await;
    eventually("it is over", async || over(&namespace).await == (1, 1)).await;
    let [first, second] = [0, 1].map(|number| listener.seen("/")[number].clone());
    assert_eq!(first.id(), second.id(), "the verdict is the same");
    assert_eq!(second.document()["data"], gateway.done(&id).await);
    assert_eq!(open(&namespace).await, 0, "it is in flight no longer");
    worker.stop().await;

    let worker = namespace.ready_worker("rejecting-again", &[]).await;
    let (told, code) = said(&namespace, "rejected", &["requeue", &id]).await;
    assert_eq!(code, 0, "{told}");
    eventually(
        "the verdict of its message is sent, once that was sent again",
        async || listener.seen("/").len() == 3,
    )
    .await;
    eventually("it is over", async || over(&namespace).await == (1, 1)).await;
    let third = listener.seen("/")[2].document();
    assert_eq!(third["data"]["verdict"]["rejudge"], again["rejudge"], "{third:#}");
    assert_eq!(third["data"], gateway.done(&id).await);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_message_with_the_same_id_that_is_rejected_changes_nothing_of_the_one_that_was_accepted() {
    let namespace = Namespace::new().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    namespace.ready_worker("second-first", &[]).await.stop().await;
    let gateway = calling.ready(&namespace).await;
    let (status, accepted) = gateway.post("/v1/submissions", &to_call(&listener.url("/"))).await;
    assert_eq!(status, 202, "{accepted}");
    let id = id_of(&accepted);
    let mut raw = RawClient::connect(&namespace.broker).await;
    let held = raw.hold(&namespace.broker.queue).await;

    let worker = namespace.ready_worker("second", &[]).await;
    let mut second: Value = serde_json::from_slice(&held.data).unwrap();
    second["language"] = json!("python3\0");
    raw.send(second.to_string().as_bytes(), "second").await;
    let rejection: Rejection = serde_json::from_slice(&raw.answer().await.data).unwrap();
    assert_eq!(
        (rejection.id.unwrap().to_string(), rejection.code),
        (id.clone(), RejectionCode::Schema)
    );
    let state = gateway.read(&format!("/v1/submissions/{id}")).await.1;
    assert_eq!(
        (&state["state"], open(&namespace).await),
        (&json!("queued"), 1),
        "{state}"
    );

    raw.give_back(held).await;
    let done = gateway.done(&id).await;
    assert_eq!(done["verdict"]["verdict"], "AC", "{done:#}");
    eventually("it is called back", async || over(&namespace).await == (1, 1)).await;
    let mut other: Value = second;
    other["language"] = json!("python3");
    other["files"][0]["content"] = json!("print(2)");
    raw.send(other.to_string().as_bytes(), "other").await;
    let rejection: Rejection = serde_json::from_slice(&raw.answer().await.data).unwrap();
    assert_eq!(rejection.code, RejectionCode::IdConflict);
    assert_eq!(gateway.done(&id).await, done);
    assert_eq!((over(&namespace).await, listener.seen("/").len()), ((1, 1), 1));
    worker.stop().await;
}

pub(crate) fn rejection(id: Uuid, reason: &str) -> Rejection {
    let rejected = Rejected {
        id: Some(id),
        code: RejectionCode::UnknownLanguage,
        field: None,
        reason: reason.to_owned(),
    };
    rejected.into_rejection("w")
}

/// Why the submission is rejected, as every service says it.
async fn reason(store: &Store, id: Uuid) -> Option<String> {
    let row = store.gateway_rows(&[id]).await.unwrap().remove(0).unwrap();
    row.rejection.map(|rejection| rejection.reason)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_rejection_stays_and_a_worker_that_has_lost_its_lease_stores_none() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let [id, lost] = [Uuid::now_v7(), Uuid::now_v7()];
    accept(&store, id).await;
    for said in ["first", "second"] {
        store.reject(first(id), &rejection(id, said)).await.unwrap();
    }
    assert_eq!(reason(&store, id).await.as_deref(), Some("first"));

    accept(&store, lost).await;
    let wanted = Wanted {
        request: first(lost),
        language: "python3",
        problem: None,
        fingerprint: None,
        file: None,
        metadata: &Metadata::default(),
    };
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    for (is_lost, reason_then) in [(true, None), (false, Some("no worker has it"))] {
        let Claim::Ours(lease) = store.claim(&wanted, "w").await.unwrap() else {
            panic!("it could not be claimed");
        };
        if is_lost {
            let ended = "UPDATE attempts SET ended_at = now(), outcome = 'lost' WHERE ended_at IS NULL";
            database.execute(ended).await.unwrap();
        }
        let is_stored = lease.reject(&rejection(lost, "no worker has it")).await.unwrap();
        assert_eq!(is_stored, !is_lost);
        assert_eq!(reason(&store, lost).await.as_deref(), reason_then);
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_that_a_service_hears_of_ends_the_wait_for_its_own_request_only() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let open = async || store.count_open("a", 10).await.unwrap();
    let [id, one, other] = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    accept(&store, id).await;
    store.published(id).await.unwrap();
    for request in [one, other] {
        assert_eq!(open_again(&store, again(id, request)).await, OpenedAgain::ToPublish);
    }
    assert_eq!(open().await, 3);
    store.reject(again(id, one), &rejection(id, "once more")).await.unwrap();
    assert_eq!((open().await, reason(&store, id).await), (2, None));
    for said in ["first", "second"] {
        store.reject(first(id), &rejection(id, said)).await.unwrap();
        assert_eq!((open().await, reason(&store, id).await.as_deref()), (1, Some("first")));
    }

    // A service accepts it again, since it was not told that the broker has it.
    let judged = Uuid::now_v7();
    accept(&store, judged).await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let known = "UPDATE gateway_submissions SET rejection = '{}' WHERE rejection IS NULL";
    database.execute(known).await.unwrap();
    let before = open().await;
    store.reject(first(judged), &rejection(judged, "late")).await.unwrap();
    assert_eq!(open().await, before, "what is not stored ends nothing");
    store.close().await;
}
