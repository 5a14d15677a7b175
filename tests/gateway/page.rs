//! The page in a real browser, before a service with a judge in the same process.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::browser::browse;
use crate::service::Service;
use crate::token_files::Tokens;
use crate::waiting::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_logs_in_with_a_token_and_no_other_page_can_act_for_them() {
    shows("login").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_programs_print_is_text_on_the_page() {
    shows("hostile").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_whole_without_javascript() {
    shows("no_script").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_submissions_is_filtered_by_all_that_it_shows() {
    shows("submissions").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_follows_what_is_judged() {
    shows("live").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_by_keys_alone() {
    shows("keyboard").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_fits_on_a_phone_in_light_and_dark() {
    shows("phone").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_logged_out_is_told_so_on_the_page_that_is_open() {
    shows("logged_out").await;
}

async fn shows(case: &str) {
    let tokens = Tokens::new();
    let token = tokens.token("operator", &["admin"]);
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    browse(case, &service.address.to_string(), &token).await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_what_the_token_allows_and_nothing_where_it_is_switched_off() {
    let tokens = Tokens::new();
    let token = tokens.token("course", &["run", "read"]);
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let client = service.client();
    for path in ["/page/board", "/page/submissions", "/page/dead"] {
        let answer = client.send("GET", path, None).await;
        assert_eq!(answer.status, 303, "{path} is shown to strangers");
    }
    let form = client.clone().with("content-type", "application/x-www-form-urlencoded");
    let logged_in = form.send("POST", "/page/login", Some(&format!("token={token}"))).await;
    assert_eq!(logged_in.status, 303);
    let cookie = logged_in.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly; SameSite=Strict") && !cookie.contains("Secure"),
        "{cookie}"
    );
    let over_tls = form.with("x-forwarded-proto", "https");
    let over_tls = over_tls
        .send("POST", "/page/login", Some(&format!("token={token}")))
        .await;
    assert!(over_tls.header("set-cookie").ends_with("; Secure"));
    let client = client.with("cookie", cookie.split(';').next().unwrap());
    for (path, status) in [
        ("/page/board", 200),
        ("/page/submissions", 200),
        ("/page/playground", 200),
        ("/page/problems/sum", 200),
        ("/page/problems/none", 404),
        ("/page/findings", 403),
        ("/page/dead", 403),
        ("/page/submissions/00000000-0000-0000-0000-000000000000", 404),
        ("/page/submissions/none", 400),
        ("/page/none", 404),
        ("/page/logout", 405),
    ] {
        let answer = client.send("GET", path, None).await;
        assert_eq!(
            answer.status,
            status,
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
    }
    let forbidden = client.send("GET", "/page/dead", None).await;
    let words = "the token of course allows run and read, and not admin";
    assert!(forbidden.text().contains(words), "{}", forbidden.text());
    assert!(forbidden.text().contains("Log in with another token"));
    tokens.command(&["revoke", "course"]);
    eventually("the session ends with its token", async || {
        client.send("GET", "/page/board", None).await.status == 303
    })
    .await;
    let ended = client.send("GET", "/page/login", None).await;
    assert!(ended.text().contains("Your session has ended"), "{}", ended.text());
    service.stop().await;

    let service = Service::with(|settings| settings.serve.page = false).await;
    for path in ["/", "/page", "/page/board", "/page/login", "/page/assets/style.css"] {
        assert_eq!(service.get(path).await.status, 404, "{path}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_open_the_page_is_told_why() {
    let tokens = Tokens::new();
    let (few, revoked) = (
        tokens.token("few", &["run", "submit"]),
        tokens.token("revoked", &["admin"]),
    );
    let right = tokens.token("right", &["read"]);
    tokens.command(&["revoke", "revoked"]);
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let form = service
        .client()
        .with("content-type", "application/x-www-form-urlencoded");
    for (token, status, words) in [
        ("", 401, "a whole one begins with assize_"),
        (&few[..few.len() - 1], 401, "a whole one begins with assize_"),
        (revoked.as_str(), 401, "it was revoked, or is one of another service"),
        (
            few.as_str(),
            403,
            "the token of few allows run and submit, and not read",
        ),
        (format!("%20{right}%0A").as_str(), 303, ""),
    ] {
        let answer = form.send("POST", "/page/login", Some(&format!("token={token}"))).await;
        assert_eq!(answer.status, status, "{token}: {}", answer.text());
        assert!(answer.text().contains(words), "{token}: {}", answer.text());
        assert_eq!(answer.header("set-cookie").is_empty(), status != 303, "{token}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_known_keeps_nobody_out_and_sends_only_a_few_words() {
    let tokens = Tokens::new();
    let token = tokens.token("course", &["run"]);
    let path = tokens.path();
    let service = Service::with(|settings| {
        settings.serve.token_file = path;
        settings.serve.max_body_bytes = 20_000;
    })
    .await;
    let head = format!(
        "POST /page/login HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n",
        service.address
    );
    let mut unfinished = Vec::new();
    for length in ["content-length: 8000\r\n", "transfer-encoding: chunked\r\n"].repeat(20) {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        stream
            .write_all(format!("{head}{length}\r\n").as_bytes())
            .await
            .unwrap();
        unfinished.push(stream);
    }
    let known = service.client().with("authorization", &format!("Bearer {token}"));
    let run = serde_json::json!({ "source": "#".repeat(15_000) }).to_string();
    known.send("POST", "/v1/run", Some(&run)).await.json(200);
    drop(unfinished);

    let form = service
        .client()
        .with("content-type", "application/x-www-form-urlencoded");
    let many = "a=&".repeat(1000);
    for (body, status) in [("x".repeat(9000), 413), (many, 413), ("token=wrong".to_owned(), 401)] {
        let answer = form.send("POST", "/page/login", Some(&body)).await;
        assert_eq!(answer.status, status, "{}", String::from_utf8_lossy(&answer.body));
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_follows_no_more_streams_than_it_may() {
    let service = Service::with(|settings| settings.serve.max_streams = 2).await;
    let client = service.client();
    let mut open = Vec::new();
    for path in ["/page/board/live", "/page/board/live"] {
        open.push(client.open("GET", path, None).await);
    }
    let told = client.send("GET", "/page/board/live", None).await;
    let told = String::from_utf8_lossy(&told.body).into_owned();
    assert!(
        told.contains("event: ended") && told.contains("serve.max_streams"),
        "{told}"
    );
    let done = service
        .post("/v1/run", &serde_json::json!({ "source": "" }))
        .await
        .json(200);
    let events = format!("/v1/submissions/{}/events", done["id"].as_str().unwrap());
    let refused = service.get(&events).await;
    assert_eq!(refused.refused(429).0, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "5");
    for (_response, connection) in open {
        connection.abort();
    }
    eventually("streams that have ended make room", async || {
        service.get(&events).await.status == 200
    })
    .await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_bytes_that_are_not_seen_makes_no_page_that_is_not_to_be_loaded() {
    let service = Service::with(|settings| {
        settings.run.max_output_bytes = 8 << 20;
        settings.run.result_bytes = 8 << 20;
    })
    .await;
    let source = "import sys\nfor _ in range(2): (sys.stdout, sys.stderr)[_].buffer.write(bytes([65, 0]) * 40000)";
    let inputs = vec![serde_json::json!({ "stdin": "" }); 20];
    let request = serde_json::json!({ "source": source, "inputs": inputs });
    let done = service.post("/v1/run", &request).await.json(200);
    let page = service
        .get(&format!("/page/submissions/{}", done["id"].as_str().unwrap()))
        .await;
    let (length, text) = (page.body.len(), String::from_utf8_lossy(&page.body).into_owned());
    assert!((1 << 20..3 << 20).contains(&length), "{length} bytes");
    for told in [
        "shown in part or left out",
        "left out, 80000 bytes",
        "GET /v1/submissions/ID",
    ] {
        assert!(text.contains(told), "{told}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_cannot_be_read_is_told_with_what_is_wrong() {
    let service = Service::start().await;
    for (path, words) in [
        ("/page/submissions/none", "UUID"),
        ("/page/problems/%ff", "UTF-8"),
        (
            "/page/submissions/00000000-0000-0000-0000-000000000000?rejudge=x",
            "query",
        ),
        ("/v1/submissions/none", "UUID"),
        ("/v1/problems/%ff", "UTF-8"),
        ("/v1/submissions/00000000-0000-0000-0000-000000000000?wait=x", "query"),
    ] {
        let answer = service.get(path).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(
            answer.status == 400 && text.contains(words),
            "{path}: {} {text}",
            answer.status
        );
    }
    // A place before there were submissions is the beginning of the list.
    let old = "/page/submissions?before=-000100-01-01T00:00:00Z_00000000-0000-0000-0000-000000000000";
    assert_eq!(service.get(old).await.status, 200);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_fails_as_those_of_beginners_do_is_no_security_finding_of_the_page() {
    let service = Service::start().await;
    let page = async |path: &str| String::from_utf8_lossy(&service.get(path).await.body).into_owned();
    let run = async |source: &str, status: &str| {
        let request = serde_json::json!({ "source": source, "limits": { "cpu_ms": 300, "output_bytes": 1000 } });
        let result = service.post("/v1/run", &request).await.json(200);
        assert_eq!(result["status"], status, "{source}: {result}");
        page(&format!("/page/submissions/{}", result["id"].as_str().unwrap())).await
    };
    for (source, status) in [
        ("while True: pass", "TLE"),
        ("while True: print('x' * 9999)", "OLE"),
        ("1 / 0", "RTE"),
        ("import os\nos.abort()", "RTE"),
    ] {
        assert!(!run(source, status).await.contains("What was noticed"), "{source}");
    }
    assert!(
        page("/page/findings")
            .await
            .contains("Nothing of this severity was noticed")
    );
    let notices = page("/page/findings?severity=notice").await;
    assert!(
        notices.contains("cpu limit") && notices.contains("output flood"),
        "{notices}"
    );
    // As seccomp ends a program, whatever walls it in.
    let killed = run("import os\nos.kill(os.getpid(), 31)", "SV").await;
    assert!(
        killed.contains("What was noticed") && killed.contains("forbidden call"),
        "{killed}"
    );
    for (severity, is_listed) in [
        ("", true),
        ("alert", true),
        ("all", true),
        ("warning", false),
        ("notice", false),
    ] {
        let listed = page(&format!("/page/findings?severity={severity}")).await;
        assert_eq!(listed.contains("forbidden call"), is_listed, "{severity}: {listed}");
    }
    service.stop().await;
}
