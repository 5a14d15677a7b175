//! Dialects of other services, request by request; `dialect_clients.rs` has their clients.

use assize::config::{Dialect, Settings};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::service::Service;
use crate::token_files::Tokens;
use crate::waiting::eventually;

const ALL: [Dialect; 3] = [Dialect::Judge0, Dialect::Piston, Dialect::SandboxFusion];

/// A path of each dialect that takes a program, with one, and the key under which it says what is wrong.
pub(crate) fn programs(source: &str) -> [(&'static str, Value, &'static str); 4] {
    let completion = json!({
        "dataset": "", "id": 1, "completion": source,
        "config": { "language": "python", "provided_data": { "test_cases": { "input": [""], "output": ["1"] } } },
    });
    [
        (
            "/submissions?wait=true",
            json!({ "source_code": source, "language_id": 71 }),
            "error",
        ),
        (
            "/api/v2/execute",
            json!({ "language": "py", "version": "*", "files": [{ "content": source }] }),
            "message",
        ),
        ("/run_code", json!({ "code": source, "language": "python" }), "detail"),
        ("/submit", completion, "detail"),
    ]
}

pub(crate) async fn speaking(change: impl FnOnce(&mut Settings)) -> Service {
    Service::with(|settings| {
        settings.serve.dialects = ALL.map(|dialect| dialect.name().to_owned()).to_vec();
        change(settings);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialect_is_spoken_only_where_it_is_switched_on() {
    for spoken in ALL {
        let service = Service::with(|settings| settings.serve.dialects = vec![spoken.name().to_owned()]).await;
        for (dialect, path) in [
            (Dialect::Judge0, "/about"),
            (Dialect::Piston, "/api/v2/runtimes"),
            (Dialect::SandboxFusion, "/run_code"),
        ] {
            let method = if path == "/run_code" { "POST" } else { "GET" };
            let answer = service.client().send(method, path, None).await;
            assert_eq!(answer.status != 404, dialect == spoken, "{spoken:?} {path}");
        }
        service.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge0_client_asks_for_the_fields_that_it_wants() {
    let service = speaking(|_settings| {}).await;
    let request = json!({ "source_code": "import sys\nsys.stdout.buffer.write(b'\\xff')", "language_id": 71 });
    let told = service.post("/submissions?wait=true", &request).await.json(201);
    assert!(
        told["error"].as_str().unwrap().contains("base64_encoded=true"),
        "{told}"
    );
    let path = format!("/submissions/{}", told["token"].as_str().unwrap());
    assert!(service.get(&path).await.json(400)["error"].is_string());
    let shown = service
        .get(&format!(
            "{path}?base64_encoded=true&fields=stdout,status_id,source_code"
        ))
        .await;
    assert_eq!(
        shown.json(200),
        json!({ "stdout": "/w==", "status_id": 3, "source_code": null })
    );
    let shown = service.get(&format!("{path}?base64_encoded=true")).await.json(200);
    let mut names: Vec<_> = shown.as_object().unwrap().keys().cloned().collect();
    names.sort();
    let usual = [
        "compile_output",
        "memory",
        "message",
        "status",
        "stderr",
        "stdout",
        "time",
        "token",
    ];
    assert_eq!(names, usual);
    assert_eq!(shown["stderr"], Value::Null);

    let batch = json!({ "submissions": [
        { "source_code": "cHJp\nbnQoMSk", "language_id": 71 },
        { "source_code": "cHJpbnQoMSk=", "language_id": 1 },
        { "source_code": ["cHJpbnQoMSk="], "language_id": 71 },
        7,
    ] });
    let told = service
        .post("/submissions/batch?base64_encoded=true", &batch)
        .await
        .json(201);
    assert!(told[1]["language_id"].is_array(), "{told}");
    assert!(
        told[2]["source_code"].is_array() && told[3]["error"].is_string(),
        "{told}"
    );
    let wrong = json!({ "submissions": [{}, 7] });
    let told_of_all = service.post("/submissions/batch", &wrong).await.json(422);
    assert!(told_of_all[0]["source_code"].is_array(), "{told_of_all}");
    let first = told[0]["token"].as_str().unwrap();
    let path = format!("/submissions/batch?tokens={first},x&fields=stdout,status_id");
    eventually("the program has run", async || {
        let shown = service.get(&path).await.json(200);
        shown["submissions"] == json!([{ "stdout": "1\n", "status_id": 3 }, null])
    })
    .await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piston_client_sends_its_files_as_it_likes() {
    let service = speaking(|_settings| {}).await;
    let data = json!({ "name": "data.bin", "content": "ff", "encoding": "hex" });
    for files in [
        json!([{ "content": "print(7)", "encoding": "utf-8" }]),
        json!([{ "content": "print(7)", "encoding": null }]),
        json!([{ "content": "cHJpbnQoNyk=", "encoding": "base64" }, data]),
        json!([data, { "content": "print(len(open('data.bin', 'rb').read()) + 6)" }]),
    ] {
        let body = json!({ "language": "python", "version": "*", "files": files });
        let told = service.post("/api/v2/execute", &body).await.json(200);
        assert_eq!(told["run"]["stdout"], "7\n", "{body}: {told}");
    }
    let other = json!({ "language": "python", "version": "2.7.18", "files": [{ "content": "" }] });
    let refused = service.post("/api/v2/execute", &other).await.json(400);
    assert!(
        refused["message"].as_str().unwrap().contains("the version `*`"),
        "{refused}"
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge0_submission_that_runs_can_be_cancelled() {
    let service = speaking(|_settings| {}).await;
    let request = json!({ "source_code": "import time\ntime.sleep(600)", "language_id": 71, "wall_time_limit": 100 });
    let told = service.post("/submissions", &request).await.json(201);
    let path = format!("/submissions/{}", told["token"].as_str().unwrap());
    let status = async || service.get(&path).await.json(200)["status"]["id"].clone();
    eventually("the program runs", async || status().await == 2).await;
    service.client().send("DELETE", &path, None).await.json(200);
    eventually("it is no answer", async || status().await == 13).await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_room_says_so_and_no_program_is_blamed() {
    let service = speaking(|settings| {
        settings.serve.queue = 1;
        settings.serve.max_wait_ms = 1000;
    })
    .await;
    let sleeping = json!({ "source_code": "import time\ntime.sleep(600)", "language_id": 71, "wall_time_limit": 100 });
    let running = service.post("/submissions", &sleeping).await.json(201);
    let running = format!("/submissions/{}", running["token"].as_str().unwrap());
    eventually("the program runs", async || {
        service.get(&running).await.json(200)["status"]["id"] == 2
    })
    .await;
    // The first would have room, and both are taken or none.
    let batch = json!({ "submissions": [sleeping, sleeping] });
    let refused = service.post("/submissions/batch", &batch).await;
    assert!(refused.json(503)["error"].is_string());
    assert_eq!(refused.header("retry-after"), "1");
    eventually("nothing waits", async || {
        service.get("/v1/status").await.json(200)["queued"] == 0
    })
    .await;
    // What would have run by now is given up.
    let [_, piston, run_code, _] = programs("print(1)");
    for ((path, mut body, key), timeout) in [(piston, 100.0), (run_code, 0.1)] {
        body["run_timeout"] = json!(timeout);
        let late = service.post(path, &body).await.json(504);
        assert!(
            late[key].as_str().unwrap().starts_with("there is no answer after 1.1s"),
            "{path}: {late}"
        );
    }
    eventually("nothing waits", async || {
        service.get("/v1/status").await.json(200)["queued"] == 0
    })
    .await;
    let waiting = service.post("/submissions", &sleeping).await.json(201);
    for (path, body, key) in programs("print(1)") {
        let refused = service.post(path, &body).await;
        // Clients of SandboxFusion ask again after this status alone.
        let status = if key == "detail" { 504 } else { 503 };
        assert!(refused.json(status)[key].is_string(), "{path}");
        assert_eq!(refused.header("retry-after"), "1", "{path}");
    }
    for token in [
        &running,
        &format!("/submissions/{}", waiting["token"].as_str().unwrap()),
    ] {
        service.client().send("DELETE", token, None).await.json(200);
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_of_a_crowd_wait_for_their_turn_and_for_as_long_as_they_may_run() {
    let service = speaking(|settings| {
        settings.serve.max_streams = 2;
        settings.serve.max_wait_ms = 5000;
    })
    .await;
    let [.., run_code, submit] = programs("print(1)");
    let crowd = [&run_code, &submit, &run_code, &submit].map(|(path, body, _key)| service.post(path, body));
    for answer in join_all(crowd).await {
        answer.json(200);
    }
    service.stop().await;

    // One runs, and there is room for one beside it.
    let service = speaking(|settings| settings.serve.queue = 1).await;
    let crowd = [&run_code, &submit, &run_code, &submit, &run_code].map(|(path, body, _key)| service.post(path, body));
    for answer in join_all(crowd).await {
        answer.json(200);
    }
    service.stop().await;

    let service = speaking(|settings| settings.serve.max_wait_ms = 500).await;
    let [.., mut run_code, _] = programs("import time\ntime.sleep(1.5)\nprint(1)");
    run_code.1["run_timeout"] = json!(20);
    let told = service.post(run_code.0, &run_code.1).await.json(200);
    assert_eq!(told["run_result"]["stdout"], "1\n", "{told}");
    let [mut judge0, ..] = programs("import time\ntime.sleep(1.5)\nprint(1)");
    judge0.1["wall_time_limit"] = json!(20);
    let told = service.post(judge0.0, &judge0.1).await.json(201);
    assert_eq!(
        (&told["status"]["id"], &told["stdout"]),
        (&json!(3), &json!("1\n")),
        "{told}"
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_the_judge_is_no_answer_about_the_program() {
    let service = speaking(|settings| {
        let language = settings.judge.default_language.clone();
        let python = settings.languages.get_mut(&language).unwrap();
        // A compiler that ends in a way that it does not end in.
        python.compile = vec!["/usr/bin/false".to_owned()];
        python.compile_error_codes = vec![2];
    })
    .await;
    let [judge0, piston, run_code, submit] = programs("print(1)");
    let told = service.post(judge0.0, &judge0.1).await.json(201);
    assert_eq!(told["status"]["id"], 13, "{told}");
    assert!(service.post(piston.0, &piston.1).await.json(500)["message"].is_string());
    let told = service.post(run_code.0, &run_code.1).await.json(200);
    assert_eq!(
        (&told["status"], &told["run_result"]),
        (&json!("SandboxError"), &json!(null))
    );
    assert!(service.post(submit.0, &submit.1).await.json(500)["detail"].is_string());
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_quotas_hold_in_every_dialect() {
    let tokens = Tokens::new();
    let reader = tokens.token("reader", &["read"]);
    let path = tokens.path();
    let service = speaking(|settings| {
        settings.serve.token_file = path;
        settings.serve.requests_per_second = 1;
    })
    .await;
    for (path, body, key) in programs("print(1)") {
        let body = body.to_string();
        let unknown = service.client().send("POST", path, Some(&body)).await;
        assert!(unknown.json(401)[key].is_string(), "{path}");
        let client = service.client().with("x-auth-token", &reader);
        assert!(
            client.send("POST", path, Some(&body)).await.json(403)[key].is_string(),
            "{path}"
        );
    }
    let client = service.client().with("x-auth-token", &reader);
    let mut statuses = Vec::new();
    for _request in 0..20 {
        statuses.push(client.send("GET", "/languages", None).await.status);
    }
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    // Where it is not a dialect, a token has one place.
    assert_eq!(
        client.send("GET", "/v1/languages", None).await.refused(401).0,
        "unauthorized"
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_waited_for_is_answered_when_the_service_stops() {
    let service = speaking(|_settings| {}).await;
    let endless = "import time\ntime.sleep(600)";
    let id = uuid::Uuid::now_v7();
    let submission =
        json!({ "id": id, "source": endless, "tests": [{ "input": "" }], "limits": { "wall_ms": 100_000 } });
    let waits = |path: &'static str, request: Value| {
        let client = service.client();
        tokio::spawn(async move { client.send("POST", path, Some(&request.to_string())).await })
    };
    let first = waits("/v1/submissions?wait=50", submission);
    service.running(&id.to_string()).await;
    let others = programs(endless).map(|(path, request, _key)| waits(path, request));
    eventually("all have come", async || {
        let listed = service.get("/v1/submissions").await.json(200);
        listed["submissions"].as_array().unwrap().len() == 1 + others.len()
    })
    .await;
    service.stop().await;

    let first = first.await.unwrap();
    assert_eq!(first.header("location"), format!("/v1/submissions/{id}"));
    assert_eq!(first.json(202)["id"], json!(id));
    let [judge0, piston, run_code, submit] = others;
    // Clients of SandboxFusion send again what was 504, and nothing else. Those of Judge0 take every status of a submission but 3
    // for a failure of the program.
    for (refused, status) in [(judge0, 503), (piston, 503), (run_code, 504), (submit, 504)] {
        let refused = refused.await.unwrap();
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (status, "1"),
            "{refused:?}"
        );
        assert!(refused.text().contains("the service stops"), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_room_is_answered_when_the_service_stops() {
    let service = speaking(|settings| {
        settings.serve.queue = 1;
        settings.serve.max_streams = 3;
    })
    .await;
    let [_, _, run_code, _] = programs("import time\ntime.sleep(600)");
    // One runs, one has the room, and one waits for it.
    let answers: Vec<_> = (0..3)
        .map(|_| {
            let (client, body) = (service.client(), run_code.1.to_string());
            tokio::spawn(async move { client.send("POST", "/run_code", Some(&body)).await })
        })
        .collect();
    eventually("three wait for an answer", async || {
        let listed = service.get("/v1/submissions").await.json(200);
        let Some(id) = listed["submissions"][0]["id"].as_str().map(str::to_owned) else {
            return false;
        };
        service.get(&format!("/v1/submissions/{id}?wait=0.01")).await.status == 429
    })
    .await;
    service.stop().await;
    for answer in answers {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, 504, "{answer:?}");
        assert!(answer.text().contains("the service stops"), "{answer:?}");
    }
}
