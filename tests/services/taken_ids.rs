//! An id that came over RabbitMQ and over HTTP: it belongs to who was first, and no site has anything of what is another's.

use assize::broker::SubmitClient;
use assize::contract::{Rejection, RejectionCode, SubmissionMessage, Verdict};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::callback_listener::CallbackListener;
use crate::callbacks::{Calling, over};
use crate::cancelling::endless;
use crate::flow::{to_sum, verdict};
use crate::gateway::{Gateway, RIGHT, id_of};
use crate::http::judges;
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// What no site may ever be told of what came over RabbitMQ.
const SECRET: &str = "ada-of-rabbitmq";

fn over_rabbitmq(source: &str) -> SubmissionMessage {
    let mut message = to_sum(source);
    message.metadata.insert("user".to_owned(), SECRET.into());
    message
}

/// A submission of a site under an id.
fn of_a_site(id: Uuid, url: &str) -> Value {
    json!({ "id": id, "source": "print()", "tests": [{ "input": "" }], "callback_url": url })
}

/// Asks for everything that a site can ask of a submission, which is not there for it.
async fn has_nothing(gateway: &Gateway, id: Uuid) {
    let path = format!("/v1/submissions/{id}");
    for (method, path) in [
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/rejudge")),
        ("GET", format!("{path}/events")),
    ] {
        let (status, told) = gateway.send(method, &path, "").await;
        assert_eq!(status, 404, "{method} {path}: {told}");
    }
    let (_, listed) = gateway.read("/v1/submissions").await;
    assert_eq!(listed["submissions"], json!([]), "{listed:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_over_rabbitmq_is_taken_by_no_site_that_knows_its_id() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("taken", &[("ASSIZE__WORKER__SLOTS", "1")]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let gateway = calling.ready(&namespace).await;
    let judged = over_rabbitmq(RIGHT);
    client.send(&judged).await.unwrap();
    let first = verdict(&mut client).await.0;
    let running = endless();
    client.send(&running).await.unwrap();
    judges(&worker).await;
    for id in [judged.id, running.id] {
        let (status, refused) = gateway
            .post("/v1/submissions", &of_a_site(id, &listener.url("/")))
            .await;
        assert_eq!((status, &refused["code"]), (409, &json!("id_conflict")), "{refused}");
        has_nothing(&gateway, id).await;
    }
    let stored = namespace.store().await.find(judged.id).await.unwrap();
    assert_eq!(stored, Some(first.clone()), "its verdict counts");

    // Who knows the content as well has handed in the same.
    let same = json!({ "id": judged.id, "source": RIGHT, "problem": { "id": "sum" } });
    let (status, told) = gateway.post("/v1/submissions?wait=50", &same).await;
    assert_eq!((status, &told["verdict"]["verdict"]), (200, &json!("AC")), "{told}");
    crate::cancelling::cancel(&namespace, &[&running.id.to_string()]).await;
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Cancelled);
    client.send(&judged).await.unwrap();
    assert_eq!(verdict(&mut client).await.0, first);
    assert_eq!((over(&namespace).await, listener.seen("/").len()), ((0, 0), 0));
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_in_the_queue_is_not_cancelled_by_a_site_that_takes_its_id_and_what_a_site_has_is_not_taken() {
    let namespace = Namespace::new().await;
    namespace.ready_worker("waiting", &[]).await.stop().await;
    let gateway = Gateway::ready(&namespace).await;
    let mut raw = RawClient::connect(&namespace.broker).await;
    let waits = over_rabbitmq(RIGHT);
    raw.send(&serde_json::to_vec(&waits).unwrap(), "waits").await;
    let mut request = of_a_site(waits.id, "");
    request.as_object_mut().unwrap().remove("callback_url");
    let (status, accepted) = gateway.post("/v1/submissions", &request).await;
    assert_eq!(status, 202, "no table knows the other one: {accepted}");
    let again = gateway.post("/v1/submissions", &request).await;
    assert_eq!(again.0, 202, "it is known by now, and the same: {again:?}");
    let path = format!("/v1/submissions/{}", waits.id);
    assert_eq!(gateway.send("DELETE", &path, "").await.0, 202);

    let worker = namespace.ready_worker("waiting", &[]).await;
    let rejection: Rejection = serde_json::from_slice(&raw.answer().await.data).unwrap();
    assert_eq!(
        (rejection.id, rejection.code),
        (Some(waits.id), RejectionCode::IdConflict)
    );
    let done = gateway.done(&waits.id.to_string()).await;
    assert_eq!(done["verdict"]["verdict"], "CANCELLED", "{done:#}");
    // An id that was accepted is judged as usual, once more as well.
    let mut request = of_a_site(Uuid::new_v4(), "");
    request.as_object_mut().unwrap().remove("callback_url");
    let (_, done) = gateway.post_as("key", "/v1/submissions?wait=50", &request).await;
    assert_eq!(done["verdict"]["verdict"], "AC", "{done:#}");
    let path = format!("/v1/submissions/{}", id_of(&done));
    assert_eq!(
        gateway.post_as("key", "/v1/submissions", &request).await,
        (200, done.clone())
    );
    let (_, again) = gateway.post(&format!("{path}/rejudge"), &json!(null)).await;
    eventually("it is judged once more", async || {
        gateway.read(&path).await.1["verdict"]["rejudge"] == again["rejudge"]
    })
    .await;
    worker.stop().await;
}

/// What a site has handed in under one id, under another one that a worker takes at the same moment.
async fn accepted_at_once(namespace: &Namespace, from: Uuid, to: Uuid) {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    for statement in [
        "INSERT INTO gateway_submissions
             (id, site, fingerprint, message, language, metadata, metadata_pairs, published_at)
         SELECT $2, site, fingerprint, replace(message::text, $1::text, $2::text)::json, language, metadata,
             metadata_pairs, published_at FROM gateway_submissions WHERE id = $1",
        "INSERT INTO gateway_open (submission_id, rejudge, site, bulk, charged)
         SELECT $2, rejudge, site, bulk, charged FROM gateway_open WHERE submission_id = $1",
        "INSERT INTO gateway_callbacks (submission_id, url, callback_site)
         SELECT $2, url, callback_site FROM gateway_callbacks WHERE submission_id = $1",
    ] {
        let made = sqlx::query(statement).bind(from).bind(to).execute(&mut database).await;
        assert_eq!(made.unwrap().rows_affected(), 1, "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_a_worker_takes_while_a_site_hands_it_in_has_no_answer_for_the_site_but_a_rejection() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("at-once", &[]).await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let judged = over_rabbitmq(RIGHT);
    client.send(&judged).await.unwrap();
    let first = verdict(&mut client).await.0;
    worker.stop().await;
    let calling = Calling::new();
    let listener = CallbackListener::answering(|_path, _before| Some("200 OK")).await;
    let gateway = calling.ready(&namespace).await;
    let other = Uuid::new_v4();
    let (status, accepted) = gateway
        .post("/v1/submissions", &of_a_site(other, &listener.url("/")))
        .await;
    assert_eq!(status, 202, "{accepted}");
    let mut raw = RawClient::connect(&namespace.broker).await;
    let message = raw.take(&namespace.broker.queue).await.data;
    accepted_at_once(&namespace, other, judged.id).await;

    let path = format!("/v1/submissions/{}", judged.id);
    let (status, refused) = gateway.post(&format!("{path}/rejudge"), &json!(null)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("id_conflict")), "{refused}");
    for (method, path) in [
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("GET", "/v1/submissions".to_owned()),
        ("GET", format!("/page{}", &path[3..])),
        ("GET", "/page/submissions".to_owned()),
    ] {
        let (status, told) = gateway.send(method, &path, "").await;
        // A page lists the verdicts for which it can be filtered.
        let hides = |word: &str| !told.contains(word) || word == "\"AC\"" && path.starts_with("/page");
        assert!(
            status == 200 && hides("\"AC\"") && hides(SECRET) && hides("at-once"),
            "{method} {path}: {told}"
        );
    }
    let worker = namespace.ready_worker("at-once", &[]).await;
    let message = String::from_utf8(message)
        .unwrap()
        .replace(&other.to_string(), &judged.id.to_string());
    raw.send(message.as_bytes(), "site").await;
    let rejection: Rejection = serde_json::from_slice(&raw.answer().await.data).unwrap();
    assert_eq!(rejection.code, RejectionCode::IdConflict);
    let told = gateway.done(&judged.id.to_string()).await;
    assert_eq!(told["rejection"]["code"], "id_conflict", "{told:#}");
    eventually("the rejection is sent", async || over(&namespace).await == (1, 1)).await;
    assert_eq!(listener.seen("/")[0].document()["data"], told);
    client.send(&judged).await.unwrap();
    assert_eq!(verdict(&mut client).await.0, first, "its verdict counts");
    worker.stop().await;
}
