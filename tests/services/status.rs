//! `assize status` with queues, workers and a database that are there for real.

use std::process::Stdio;

use assize::broker::SubmitClient;
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::flow::{to_sum, verdict};
use crate::raw::RawClient;
use crate::waiting::eventually;
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

const ONE_SLOT: (&str, &str) = ("ASSIZE__WORKER__SLOTS", "1");

/// The document, and the exit code.
async fn status(namespace: &Namespace) -> (Value, i32) {
    let output = namespace.assize().args(["status", "--json"]).output().await.unwrap();
    let document = serde_json::from_slice(&output.stdout).unwrap();
    (document, output.status.code().unwrap())
}

async fn on_screen(namespace: &Namespace) -> String {
    let output = namespace.assize().arg("status").output().await.unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// How the worker with this name is; nothing where it is unknown.
async fn state_of(namespace: &Namespace, id: &str) -> String {
    let (document, _code) = status(namespace).await;
    let workers = document["workers"].as_array().unwrap();
    let found = workers.iter().find(|worker| worker["id"] == id);
    found.map_or("", |worker| worker["state"].as_str().unwrap()).to_owned()
}

async fn change(namespace: &Namespace, statement: &'static str, worker: &str) {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::query(statement)
        .bind(worker)
        .execute(&mut database)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn status_shows_what_waits_who_judges_and_what_a_killed_worker_left() {
    let namespace = Namespace::unmigrated().await;
    let (document, code) = status(&namespace).await;
    assert_eq!(
        (code, &document["queues"][0]["waiting"]),
        (3, &Value::Null),
        "{document}"
    );
    assert!(
        document["errors"][0].as_str().unwrap().contains("start a worker"),
        "{document}"
    );

    let worker = namespace.ready_worker("shown", &[ONE_SLOT]).await;
    eventually("it says that it is ready", async || {
        state_of(&namespace, &worker.id).await == "ready"
    })
    .await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    client.send(&to_sum(RIGHT)).await.unwrap();
    verdict(&mut client).await;
    let raw = RawClient::connect(&namespace.broker).await;
    raw.send(b"no JSON", "x").await;
    let rejected = async || {
        let (document, _code) = status(&namespace).await;
        let queues = document["queues"].as_array().unwrap();
        let waiting = |purpose| queues.iter().find(|queue| queue["purpose"] == purpose).unwrap()["waiting"] == 1;
        waiting("rejected") && document["totals"]["dead_letters"] == 0
    };
    eventually("the rejected message is no dead letter", rejected).await;
    raw.put_dead_letter(b"given up").await;
    let given_up = async || status(&namespace).await.0["totals"]["dead_letters"] == 1;
    eventually("the dead letter is counted", given_up).await;
    let (document, code) = status(&namespace).await;
    let totals = &document["totals"];
    assert_eq!(
        (code, &totals["slots"], &totals["judged"]),
        (0, &1.into(), &1.into()),
        "{document}"
    );
    assert!(totals["mean_s"].as_f64().unwrap() > 0.0, "{document}");

    let mut killed = namespace.worker("killed", &[ONE_SLOT]);
    eventually("it is known", async || {
        !state_of(&namespace, &killed.id).await.is_empty()
    })
    .await;
    killed.kill().await;
    let for_an_hour = "UPDATE workers SET seen_at = seen_at - interval '1 hour' WHERE id = $1";
    change(&namespace, for_an_hour, &killed.id).await;
    assert_eq!(state_of(&namespace, &killed.id).await, "silent");
    let sick = "INSERT INTO workers (id, version, started_at, slots, in_hand, trouble)
                VALUES ($1, '0.0.0', now(), 4, 0, E'host: \\x1b[2J no disk')";
    change(&namespace, sick, "sick").await;
    let shown = on_screen(&namespace).await;
    assert!(
        shown.contains(r"host: \x1b[2J no disk") && !shown.contains('\u{1b}'),
        "{shown:?}"
    );
    assert!(shown.contains("1 of 3 workers are ready"), "{shown}");
    assert!(shown.contains("assize dead list"), "{shown}");

    let for_days = "UPDATE workers SET seen_at = seen_at - interval '2 days' WHERE id = $1";
    change(&namespace, for_days, &killed.id).await;
    let later = namespace.ready_worker("later", &[ONE_SLOT]).await;
    eventually("it is forgotten", async || {
        state_of(&namespace, &killed.id).await.is_empty()
    })
    .await;
    later.stop().await;
    worker.stop().await;
    client.send(&to_sum(RIGHT)).await.unwrap();
    let shown = on_screen(&namespace).await;
    assert!(shown.contains("0 of 1 worker is ready"), "{shown}");
    assert!(shown.contains("1 wait, and no worker is ready"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_goes_on_while_a_service_is_away_and_ends_when_it_is_told_to() {
    let namespace = Namespace::new().await;
    namespace.store().await.close().await;
    let mut command = namespace.assize();
    command
        .args(["status", "--watch", "1", "--json"])
        // Nothing listens there.
        .env("ASSIZE__BROKER__URL", "amqp://127.0.0.1:9/")
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut watch = command.spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        let line = lines.next_line().await.unwrap().unwrap();
        let document: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&document["queues"], &document["workers"]),
            (&Value::Null, &Value::Array(Vec::new()))
        );
        assert!(
            document["errors"][0].as_str().unwrap().contains("127.0.0.1:9"),
            "{document}"
        );
    }
    let pid = watch.id().unwrap().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-s", "INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(watch.wait().await.unwrap().success());
}
