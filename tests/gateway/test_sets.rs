//! Tests that are uploaded once, and named by submissions.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::Client;
use crate::document::conforms;
use crate::service::Service;
use crate::token_files::Tokens;

const HALVE: &str = "print(int(input()) / 2)";

const ADD: &str = "def add(a, b):\n    return a + b\n";

fn halves() -> Value {
    json!([{ "input": "4", "answer": "2" }, { "name": "odd", "input": "3", "answer": "1.5000001" }])
}

fn calls() -> Value {
    json!([{ "call": "add", "args": [1, 2], "expect": 3 }, { "call": "add", "args": [1, 2], "expect": 4 }])
}

async fn uploaded(service: &Service, tests: &Value) -> Value {
    let info = service.post("/v1/test-sets", tests).await.json(201);
    conforms("TestSet", tests);
    conforms("TestSetInfo", &info);
    info["test_set"].clone()
}

/// What a verdict says that does not depend on the moment.
fn said(verdict: &Value) -> Value {
    let tests = verdict["tests"].as_array().unwrap().iter().map(|test| {
        let fields = [
            "name",
            "verdict",
            "sample",
            "input",
            "answer",
            "stdout",
            "value",
            "checker_message",
        ];
        json!(fields.map(|field| test[field].clone()))
    });
    json!([verdict["verdict"], verdict["message"], tests.collect::<Value>()])
}

async fn judged(service: &Service, request: &Value) -> Value {
    let done = service.post("/v1/submissions?wait=50", request).await.json(200);
    assert_eq!(done["state"], "done", "{done:#}");
    done["verdict"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_the_verdict_that_it_gets_for_the_same_tests_inline() {
    let service = Service::start().await;
    let loosely = json!({ "validator_flags": ["float_tolerance", "1e-3"] });
    let in_forks = json!({ "call_options": { "processes": "forks" } });
    for (source, tests, options, verdicts) in [
        (HALVE, halves(), &loosely, ["AC", "AC"]),
        (HALVE, halves(), &json!({}), ["WA", "WA"]),
        (
            "1 / 0",
            halves(),
            &json!({ "stop_on_first_failure": false }),
            ["RTE", "RTE"],
        ),
        (ADD, calls(), &json!({}), ["AC", "WA"]),
        (ADD, calls(), &in_forks, ["AC", "WA"]),
    ] {
        let mut request = json!({ "source": source });
        request
            .as_object_mut()
            .unwrap()
            .extend(options.as_object().unwrap().clone());
        let (mut inline, mut named) = (request.clone(), request);
        named["test_set"] = service.post("/v1/test-sets", &tests).await.json_of(&[200, 201])["test_set"].clone();
        inline["tests"] = tests;
        let [inline, named] = [judged(&service, &inline).await, judged(&service, &named).await];
        assert_eq!(said(&named), said(&inline), "{named:#}");
        let told: Vec<&str> = named["tests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|test| test["verdict"].as_str().unwrap())
            .collect();
        assert_eq!(told[0], verdicts[0], "{named:#}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_programs_name_one_set_and_each_is_right_or_wrong_by_itself() {
    let service = Service::start().await;
    let set = uploaded(&service, &halves()).await;
    let none = format!("sha256:{}", "0".repeat(64));
    let flags = json!(["float_tolerance", "1e-3"]);
    let mut many: Vec<Value> = (0..6)
        .map(|number| json!({ "source": format!("print(int(input()) / 2)  # {number}"), "test_set": set, "validator_flags": flags }))
        .collect();
    many.push(json!({ "source": HALVE, "test_set": none }));
    many.push(json!({ "source": HALVE, "test_set": set, "call_options": {} }));
    many.push(json!({ "source": HALVE, "test_set": set, "tests": halves() }));
    many.push(json!({ "source": HALVE, "test_set": "sha256:7" }));
    let answered = service.post("/v1/submissions?wait=50", &json!(many)).await.json(202);
    conforms("Accepted", &answered);
    let told = |entry: &Value| match entry["verdict"]["verdict"].as_str() {
        Some(verdict) => verdict.to_owned(),
        None => format!(
            "{} {}",
            entry["code"].as_str().unwrap(),
            entry["field"].as_str().unwrap()
        ),
    };
    let told: Vec<String> = answered.as_array().unwrap().iter().map(told).collect();
    assert_eq!(told[..6], ["AC"; 6]);
    let refused = [
        "unknown_test_set test_set",
        "schema call_options",
        "schema test_set",
        "schema test_set",
    ];
    assert_eq!(told[6..], refused);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_is_checked_as_inline_tests_are_and_is_the_same_however_often_it_comes() {
    let service = Service::with(|settings| {
        settings.submission.max_tests = 3;
        settings.submission.max_test_set_bytes = 1000;
        settings.serve.test_set_bytes = 3000;
    })
    .await;
    let test = json!({ "input": "" });
    for (body, status, code, field) in [
        ("[{\"input\": }]".to_owned(), 400, "not_json", "tests[0].input"),
        ("{}".to_owned(), 400, "schema", "tests"),
        ("[]".to_owned(), 400, "schema", "tests"),
        (
            json!([test, { "input": 7 }]).to_string(),
            400,
            "schema",
            "tests[1].input",
        ),
        (
            json!([test, { "inptu": "" }]).to_string(),
            400,
            "schema",
            "tests[1].inptu",
        ),
        (
            json!([test, { "answer": "" }]).to_string(),
            400,
            "schema",
            "tests[1].input",
        ),
        (
            json!([test, { "call": "f", "expect": 1 }]).to_string(),
            400,
            "schema",
            "tests[0].call",
        ),
        (
            json!([{ "call": "f", "args": [{ "$no": 1 }], "expect": 1 }]).to_string(),
            400,
            "schema",
            "tests[0].args[0]",
        ),
        (
            json!([{ "input": "", "name": "a" }, { "input": "", "name": "a" }]).to_string(),
            400,
            "schema",
            "tests[1].name",
        ),
        (json!([test, test, test, test]).to_string(), 413, "too_large", "tests"),
        (json!([{ "input": "x".repeat(1000) }]).to_string(), 413, "too_large", ""),
    ] {
        let answer = service.client().send("POST", "/v1/test-sets", Some(&body)).await;
        assert_eq!(answer.refused(status), (code.to_owned(), field.to_owned()), "{body}");
    }
    let set = uploaded(&service, &halves()).await;
    let again = service.post("/v1/test-sets", &halves()).await.json(200);
    assert_eq!((&again["test_set"], &again["tests"]), (&set, &json!(2)));
    let path = format!("/v1/test-sets/{}", set.as_str().unwrap());
    assert_eq!(service.get(&path).await.json(200), again);
    assert_eq!(service.client().send("HEAD", &path, None).await.status, 200);
    for (number, wrong) in ["sha256:7", "md5:0", &set.as_str().unwrap().to_uppercase()]
        .into_iter()
        .enumerate()
    {
        let path = format!("/v1/test-sets/{wrong}");
        assert_eq!(service.get(&path).await.refused(400).0, "schema", "{number}");
    }

    let large = |text: &str| json!([{ "input": text.repeat(900) }]);
    for text in ["a", "b", "c", "d"] {
        uploaded(&service, &large(text)).await;
    }
    assert_eq!(
        service.get(&path).await.refused(404).0,
        "not_found",
        "newer ones have taken its place"
    );
    let removed = service.client().send("DELETE", &path, None).await;
    assert_eq!(removed.refused(404).0, "not_found");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_names_and_removes_its_own_sets_only() {
    let tokens = Tokens::new();
    let [one, other, reader] = [("one", "submit"), ("other", "submit"), ("reader", "read")]
        .map(|(site, scope)| format!("Bearer {}", tokens.token(site, &[scope])));
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let of = |token: &str| -> Client { service.client().with("authorization", token) };
    let body = halves().to_string();
    let set = of(&one).send("POST", "/v1/test-sets", Some(&body)).await.json(201)["test_set"].clone();
    let path = format!("/v1/test-sets/{}", set.as_str().unwrap());
    let request = json!({ "source": HALVE, "test_set": set }).to_string();
    for (token, method, path, body, status, code) in [
        (&reader, "POST", "/v1/test-sets", Some(&body), 403, "forbidden"),
        (&reader, "GET", &*path, None, 403, "forbidden"),
        (&other, "GET", &*path, None, 404, "not_found"),
        (&other, "DELETE", &*path, None, 404, "not_found"),
        (
            &other,
            "POST",
            "/v1/submissions",
            Some(&request),
            422,
            "unknown_test_set",
        ),
    ] {
        let answer = of(token).send(method, path, body.map(String::as_str)).await;
        assert_eq!(answer.refused(status).0, code, "{method} {path}");
    }
    // Each has its own, though they are the same.
    of(&other).send("POST", "/v1/test-sets", Some(&body)).await.json(201);
    assert_eq!(of(&other).send("DELETE", &path, None).await.status, 204);
    let mut named: Value = serde_json::from_str(&request).unwrap();
    named["id"] = json!(Uuid::now_v7());
    let ask = async |named: &Value| {
        of(&one)
            .send("POST", "/v1/submissions?wait=50", Some(&named.to_string()))
            .await
    };
    let verdict = ask(&named).await.json_of(&[200, 202]);
    assert_eq!(
        ask(&named).await.json_of(&[200, 202])["id"],
        verdict["id"],
        "it is the same submission"
    );
    let second = of(&one)
        .send("POST", "/v1/test-sets", Some(&calls().to_string()))
        .await
        .json(201);
    named["test_set"] = second["test_set"].clone();
    let conflict = of(&one).send("POST", "/v1/submissions", Some(&named.to_string())).await;
    assert_eq!(conflict.refused(409).0, "id_conflict");
    assert_eq!(of(&one).send("DELETE", &path, None).await.status, 204);
    named["test_set"] = set;
    let known = ask(&named).await.json_of(&[200, 202]);
    assert_eq!(known["id"], verdict["id"], "it was handed in while the set was there");
    named["id"] = json!(Uuid::now_v7());
    let gone = of(&one).send("POST", "/v1/submissions", Some(&named.to_string())).await;
    assert_eq!(
        gone.refused(422),
        ("unknown_test_set".to_owned(), "test_set".to_owned())
    );
    service.stop().await;
}
