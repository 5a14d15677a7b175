//! How much of the service a site may use: counted by submissions, told in every answer, and each site for itself.

use std::collections::BTreeMap;
use std::time::Instant;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::service::Service;
use crate::token_files::Tokens;
use crate::waiting::eventually;

const SLOW: &str = "import time\ntime.sleep(60)";

fn to_run(source: &str) -> Value {
    json!({ "source": source, "run": {}, "limits": { "wall_ms": 60_000 } })
}

fn many(number: usize) -> String {
    Value::from(vec![to_run("print(1)"); number]).to_string()
}

/// The items of a list in a header, each with its parameters.
fn items(answer: &Answer, header: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let list = answer.header(header).split(", ").filter(|item| !item.is_empty());
    list.map(|item| {
        let (name, parameters) = item.split_once(';').unwrap();
        let parameters = parameters.split(';').map(|parameter| {
            let (key, value) = parameter.split_once('=').unwrap();
            (key.to_owned(), value.trim_matches('"').to_owned())
        });
        (name.trim_matches('"').to_owned(), parameters.collect())
    })
    .collect()
}

/// What is left of a quota.
fn left(answer: &Answer, quota: &str) -> Option<u64> {
    let found = items(answer, "ratelimit");
    found.get(quota).map(|item| item["r"].parse().unwrap())
}

fn seconds_to_wait(answer: &Answer) -> u64 {
    assert_eq!(answer.refused(429).0, "too_many_requests");
    answer.header("retry-after").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_are_counted_each_for_itself_however_they_come_and_every_answer_says_what_is_left() {
    let service = Service::with(|settings| {
        settings.serve.submissions_per_second = 1;
        settings.serve.dialects = vec!["judge0".to_owned()];
    })
    .await;
    let (client, began) = (service.client(), Instant::now());
    let send = async |path: &str, body: &str| client.send("POST", path, Some(body)).await;
    // One comes back every second.
    let is_left = |answer: &Answer, expected: u64| {
        let (left, back) = (left(answer, "submissions").unwrap(), began.elapsed().as_secs() + 1);
        assert!(
            (expected..=expected + back).contains(&left),
            "{left} instead of {expected}: {answer:?}"
        );
    };
    let four = send("/v1/submissions", &many(4)).await;
    assert_eq!(four.status, 202);
    is_left(&four, 6);
    assert_eq!(
        four.header("ratelimit-policy"),
        "\"submissions\";q=10;w=10;qu=\"submissions\""
    );
    // What is wrong is no submission, and who reads hands nothing in.
    for answer in [
        send("/v1/submissions", "{}x").await,
        service.get("/v1/status").await,
        service
            .get("/v1/submissions/00000000-0000-0000-0000-000000000001")
            .await,
    ] {
        is_left(&answer, 6);
    }
    let program = json!({ "source_code": "print(1)", "language_id": 71 });
    let batch = json!({ "submissions": vec![program.clone(); 3] });
    for (path, body, then_left) in [
        ("/v1/run?wait=0", json!({ "source": "print(1)" }), 5),
        ("/submissions", program, 4),
        ("/submissions/batch", batch, 1),
    ] {
        is_left(&send(path, &body.to_string()).await, then_left);
    }
    let refused = send("/v1/submissions", &many(10)).await;
    assert!((1..=10).contains(&seconds_to_wait(&refused)), "{refused:?}");
    is_left(&refused, 1);
    let never = send("/v1/submissions", &many(11)).await;
    assert_eq!(never.refused(413).0, "too_large", "waiting would not help");
    assert!(never.headers.get("retry-after").is_none());
    service.stop().await;
}

fn bearing(service: &Service, token: &str) -> Client {
    service.client().with("authorization", &format!("Bearer {token}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_has_the_quotas_of_its_token_and_for_the_rest_those_of_the_settings() {
    let tokens = Tokens::new();
    let usual = tokens.token("usual", &["submit", "read"]);
    let small = tokens.token_with("small", &["submit"], &["max_in_flight=1", "requests_per_second=100"]);
    let free = tokens.token_with("free", &["submit"], &["max_in_flight=0"]);
    let path = tokens.path();
    let service = Service::with(|settings| {
        settings.serve.token_file.clone_from(&path);
        settings.serve.max_in_flight = 2;
    })
    .await;
    let slow = to_run(SLOW).to_string();
    let send = async |token: &str| {
        bearing(&service, token)
            .send("POST", "/v1/submissions", Some(&slow))
            .await
    };
    for (token, taken, policies) in [(&usual, 2, &["in-flight"][..]), (&small, 1, &["in-flight", "requests"])] {
        for number in 1..=taken {
            let answer = send(token).await;
            assert_eq!((answer.status, left(&answer, "in-flight")), (202, Some(taken - number)));
            let told: Vec<String> = items(&answer, "ratelimit-policy").into_keys().collect();
            assert_eq!(told, policies);
        }
        assert_eq!(seconds_to_wait(&send(token).await), 1);
    }
    for _ in 0..3 {
        let answer = send(&free).await;
        assert_eq!((answer.status, answer.header("ratelimit-policy")), (202, ""));
    }
    let listed = String::from_utf8(tokens.command(&["list"]).stdout).unwrap();
    assert!(
        listed.contains("small  submit  requests_per_second=100  max_in_flight=1\n"),
        "{listed}"
    );

    let before = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, before.replace("max_in_flight=1", "max_in_flight=2")).unwrap();
    eventually("the number in the file holds", async || {
        send(&small).await.status == 202
    })
    .await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cpu_seconds_are_counted_for_the_site_whose_submissions_have_used_them() {
    let tokens = Tokens::new();
    let heavy = tokens.token("heavy", &["run", "submit", "read"]);
    let other = tokens.token("other", &["run"]);
    let path = tokens.path();
    let service = Service::with(|settings| {
        settings.serve.token_file = path;
        settings.serve.cpu_seconds_per_hour = 1;
    })
    .await;
    let run = |source: &str| json!({ "source": source }).to_string();
    let burn = "import time\nwhile time.process_time() < 1.1: pass";
    let send = async |token: &str, source: &str| {
        bearing(&service, token)
            .send("POST", "/v1/run", Some(&run(source)))
            .await
    };
    let first = send(&heavy, burn).await;
    assert_eq!(
        (first.status, left(&first, "cpu")),
        (200, Some(1)),
        "nothing is used up before it has ended"
    );
    let refused = send(&heavy, "print(1)").await;
    assert!((3500..=3600).contains(&seconds_to_wait(&refused)));
    let cpu = &items(&refused, "ratelimit")["cpu"];
    assert_eq!(cpu["r"], "0");
    assert!((3500..=3600).contains(&cpu["t"].parse().unwrap()), "{cpu:?}");
    assert_eq!(send(&other, "print(1)").await.status, 200);
    let told = bearing(&service, &heavy).send("GET", "/v1/status", None).await;
    assert_eq!(told.header("ratelimit-policy"), "\"cpu\";q=1;w=3600;qu=\"cpu-seconds\"");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_the_same_moment_do_not_all_find_the_same_free_places() {
    let service = Service::with(|settings| settings.serve.max_in_flight = 4).await;
    let client = service.client();
    let two = Value::from(vec![to_run(SLOW); 2]).to_string();
    let sent = join_all((0..30).map(|_| client.send("POST", "/v1/submissions", Some(&two)))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = sent.iter().partition(|answer| answer.status == 202);
    assert_eq!(taken.len(), 2);
    for answer in refused {
        assert_eq!(seconds_to_wait(answer), 1);
    }
    let never = client.send("POST", "/v1/submissions", Some(&many(5))).await;
    assert_eq!(never.refused(413).0, "too_large", "waiting would not help");
    assert!(never.headers.get("retry-after").is_none());
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cpu_seconds_of_a_submission_that_is_cancelled_count_too() {
    let service = Service::with(|settings| settings.serve.cpu_seconds_per_hour = 1).await;
    let client = service.client();
    let source = "import time\nif input() == 'sleep': time.sleep(60)\nwhile time.process_time() < 1.1: pass";
    let run = json!({
        "source": source,
        "run": { "inputs": [{ "stdin": "burn" }, { "stdin": "sleep" }] },
        "limits": { "wall_ms": 60_000 },
    });
    let accepted = client
        .send("POST", "/v1/submissions", Some(&run.to_string()))
        .await
        .json(202);
    let path = format!("/v1/submissions/{}", accepted["id"].as_str().unwrap());
    eventually("the first input is run", async || {
        client.send("GET", &path, None).await.json(200)["finished"] == 1
    })
    .await;
    client.send("DELETE", &path, None).await.json(202);
    let ended = service.done(accepted["id"].as_str().unwrap()).await;
    assert_eq!(ended["result"]["status"], "CANCELLED", "{ended}");
    let refused = client
        .send("POST", "/v1/submissions", Some(&to_run("print(1)").to_string()))
        .await;
    assert!(seconds_to_wait(&refused) > 3000, "{refused:?}");
    service.stop().await;
}
