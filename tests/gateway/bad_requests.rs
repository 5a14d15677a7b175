//! Every way to ask wrongly: the status, the code and the field, and that the service goes on.

use serde_json::{Value, json};

use crate::service::Service;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_body_is_refused_with_its_code_and_field() {
    let service = Service::with(|settings| {
        settings.submission.max_message_bytes = 20_000;
        settings.serve.max_body_bytes = 50_000;
        settings.serve.max_batch = 3;
    })
    .await;
    let deep = format!(
        "{{\"metadata\": {}{}}}",
        "{\"a\":".repeat(500),
        "0".to_owned() + &"}".repeat(500)
    );
    let long = |bytes: usize| json!({ "source": "#".repeat(bytes), "run": {} }).to_string();
    let rows: Vec<(&str, String, u16, &str, &str)> = vec![
        ("/v1/run", String::new(), 400, "not_json", ""),
        ("/v1/run", "{".to_owned(), 400, "not_json", ""),
        ("/v1/run", "\u{0}".to_owned(), 400, "not_json", ""),
        ("/v1/run", "{} {}".to_owned(), 400, "not_json", ""),
        ("/v1/run", "[]".to_owned(), 400, "schema", ""),
        ("/v1/run", "null".to_owned(), 400, "schema", ""),
        ("/v1/run", deep, 413, "too_large", "metadata"),
        (
            "/v1/submissions",
            format!(
                r#"{{"source": "", "run": {{}}, "metadata": {{"a": {}{}}}}}"#,
                "[".repeat(126),
                "]".repeat(126)
            ),
            413,
            "too_large",
            "metadata",
        ),
        (
            "/v1/submissions",
            r#"{"source": "", "run": {}, "metadata": {"a": [1, 123456789012345678901234567890]}}"#.to_owned(),
            400,
            "schema",
            "metadata.a[1]",
        ),
        ("/v1/run", "{}".to_owned(), 400, "schema", "source"),
        ("/v1/run", json!({ "source": 1 }).to_string(), 400, "schema", "source"),
        ("/v1/run", json!({ "sauce": "" }).to_string(), 400, "schema", "sauce"),
        (
            "/v1/run",
            json!({ "source": "", "files": [] }).to_string(),
            400,
            "schema",
            "source",
        ),
        (
            "/v1/run",
            json!({ "source": "", "stdin": "", "inputs": [] }).to_string(),
            400,
            "schema",
            "inputs",
        ),
        (
            "/v1/run",
            json!({ "source": "", "stdin": "", "stdin_base64": "" }).to_string(),
            400,
            "schema",
            "run.inputs[0]",
        ),
        (
            "/v1/run",
            json!({ "source": "", "limits": { "memory_bytes": 1 } }).to_string(),
            400,
            "limits",
            "limits.memory_bytes",
        ),
        (
            "/v1/run",
            json!({ "source": "", "language": "cobol" }).to_string(),
            422,
            "unknown_language",
            "language",
        ),
        (
            "/v1/run",
            json!({ "files": [{ "name": "a.js", "content": "" }] }).to_string(),
            422,
            "unknown_language",
            "language",
        ),
        (
            "/v1/run",
            json!({ "source": "", "fetch": [{ "path": "../x" }] }).to_string(),
            400,
            "file_name",
            "run.fetch[0].path",
        ),
        (
            "/v1/run",
            r#"{"source": "", "source": ""}"#.to_owned(),
            400,
            "schema",
            "source",
        ),
        (
            "/v1/submissions",
            json!({ "source": "" }).to_string(),
            400,
            "schema",
            "problem",
        ),
        (
            "/v1/submissions",
            json!({ "type": "assize.submission.v9", "source": "", "run": {} }).to_string(),
            400,
            "unknown_type",
            "type",
        ),
        (
            "/v1/submissions",
            json!({ "id": "7", "source": "", "run": {} }).to_string(),
            400,
            "schema",
            "id",
        ),
        (
            "/v1/submissions",
            json!({ "source": "", "problem": { "id": "no-such" } }).to_string(),
            422,
            "unknown_problem",
            "problem.id",
        ),
        (
            "/v1/submissions",
            json!({ "files": [{ "name": "a.py", "content": "" }, { "name": "b.py", "content": "" }], "run": {} })
                .to_string(),
            400,
            "entry_point",
            "entry_point",
        ),
        (
            "/v1/submissions",
            json!({ "source": "", "problem": "sum" }).to_string(),
            400,
            "schema",
            "problem",
        ),
        (
            "/v1/submissions",
            json!({ "source": "", "functional": {}, "call_options": { "processes": 4 } }).to_string(),
            400,
            "schema",
            "functional.fn_name",
        ),
        (
            "/v1/submissions",
            json!({ "source": "", "call_options": { "processes": 4 } }).to_string(),
            400,
            "schema",
            "call_options.processes",
        ),
        ("/v1/submissions", long(25_000), 413, "too_large", ""),
        ("/v1/run", long(25_000), 413, "too_large", ""),
        ("/v1/submissions", long(60_000), 413, "too_large", ""),
        ("/v1/submissions", "[1,2,3,4]".to_owned(), 413, "too_large", ""),
        ("/v1/submissions", "[{]".to_owned(), 400, "not_json", ""),
    ];
    for (path, body, status, code, field) in rows {
        let answer = service.client().send("POST", path, Some(&body)).await;
        let shown = &body[..body.len().min(100)];
        let (told, place) = answer.refused(status);
        assert_eq!(told, code, "{path} {shown}");
        // The path to what lies too deep is as long as it may be.
        let is_deep = field == "metadata" && place.starts_with("metadata.a.a");
        assert!(place == field || is_deep, "{path} {shown}: {place}");
    }
    // Of several, each is as large as a message at most.
    let two = format!("[{},{{}}]", long(25_000));
    let told = service
        .client()
        .send("POST", "/v1/submissions", Some(&two))
        .await
        .json(202);
    assert_eq!(
        (&told[0]["code"], &told[1]["code"]),
        (&json!("too_large"), &json!("schema")),
        "{told}"
    );
    alive(&service).await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_name_is_told_with_the_one_that_it_means() {
    let service = Service::start().await;
    let post = |path: &str, body: Value| ("POST", path.to_owned(), Some(body.to_string()));
    let get = |path: &str| ("GET", path.to_owned(), None);
    for ((method, path, body), status, meant) in [
        (
            post("/v1/submissions", json!({ "source": "", "problem": { "id": "summ" } })),
            422,
            "sum",
        ),
        (
            post("/v1/submissions", json!({ "source": "", "problems": { "id": "sum" } })),
            400,
            "problem",
        ),
        (
            post("/v1/run", json!({ "source": "", "language": "python" })),
            422,
            "python3",
        ),
        (
            post("/v1/run", json!({ "source": "", "limits": { "wall": 1 } })),
            400,
            "wall_ms",
        ),
        (get("/v1/problems/gues"), 404, "guess"),
        (get("/page/problems/gues"), 404, "guess"),
        (get("/v1/submissions?problm=sum"), 400, "problem"),
    ] {
        let answer = service.client().send(method, &path, body.as_deref()).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, status, "{path}: {text}");
        assert!(text.contains(&format!("did you mean {meant}?")), "{path}: {text}");
    }
    // The way out of a name that says otherwise.
    let named = json!({ "files": [{ "name": "a.js", "content": "print(1)" }], "language": "python3" });
    service.post("/v1/run", &named).await.json(200);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_path_query_or_header_is_refused() {
    let service = Service::start().await;
    let unknown = "/v1/submissions/018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f";
    for (method, path, status, code) in [
        ("GET", "/v1/submissions/7", 400, "schema"),
        ("GET", unknown, 404, "not_found"),
        ("DELETE", unknown, 404, "not_found"),
        ("GET", &format!("{unknown}/events"), 404, "not_found"),
        ("GET", &format!("{unknown}?wait=soon"), 400, "schema"),
        ("PUT", unknown, 405, "method"),
        ("GET", "/v1/nothing", 404, "not_found"),
    ] {
        assert_eq!(
            service.client().send(method, path, None).await.refused(status).0,
            code,
            "{method} {path}"
        );
    }
    let body = json!({ "source": "" }).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let client = service.client().with("content-type", kind);
        assert_eq!(
            client.send("POST", "/v1/run", Some(&body)).await.refused(415).0,
            "media_type"
        );
    }
    for host in ["judge.example", "127.0.0.1.example:80", "localhost.example", ""] {
        let client = service.client().with("host", host);
        assert_eq!(
            client.send("GET", "/v1/status", None).await.refused(421).0,
            "host",
            "{host}"
        );
    }
    for host in ["localhost", "LOCALHOST:1", "[::1]:8751", "127.0.0.1"] {
        let client = service.client().with("host", host);
        assert_eq!(client.send("GET", "/v1/status", None).await.status, 200, "{host}");
    }
    for wait in ["-1", "nan", "inf", "1e300", "0"] {
        let answer = service
            .post(
                &format!("/v1/submissions?wait={wait}"),
                &json!({ "source": "", "run": {} }),
            )
            .await;
        assert!(matches!(answer.status, 200 | 202), "{wait}: {}", answer.status);
    }
    alive(&service).await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_answer_is_kept_or_taken_for_a_page() {
    let service =
        Service::with(|settings| settings.serve.cors_origins = vec!["https://judge.example".to_owned()]).await;
    for path in ["/v1/status", "/v1/nothing"] {
        let answer = service.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'")
        );
    }
    for (origin, allowed) in [
        ("https://judge.example", "https://judge.example"),
        ("https://other.example", ""),
    ] {
        let asks = service
            .client()
            .with("origin", origin)
            .with("access-control-request-method", "POST")
            .with("access-control-request-headers", "x-auth-token");
        let answer = asks.send("OPTIONS", "/v1/run", None).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
        assert!(answer.header("access-control-allow-headers").contains("x-auth-token"));
    }
    service.stop().await;

    for (origins, allowed) in [(vec!["*"], "*"), (vec!["*", "https://judge.example"], "")] {
        let origins = origins.into_iter().map(str::to_owned).collect();
        let service = Service::with(|settings| settings.serve.cors_origins = origins).await;
        let answer = service.client().with("origin", "https://other.example");
        let answer = answer.send("GET", "/v1/status", None).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
        service.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_two_hosts_is_refused() {
    let service = Service::start().await;
    let two = service.client().with("Host", "judge.example");
    assert_eq!(two.send("GET", "/v1/status", None).await.refused(400).0, "host");
    service.stop().await;
}

async fn alive(service: &Service) {
    let result: Value = service
        .post("/v1/run", &json!({ "source": "print(1)" }))
        .await
        .json(200);
    assert_eq!(result["status"], "OK");
}
