//! Who may do what, and how often.

use assize::serve::serve_standalone;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::client::Client;
use crate::service::{Service, settings};
use crate::token_files::Tokens;
use crate::waiting::eventually;

fn bearing(service: &Service, token: &str) -> Client {
    service.client().with("authorization", &format!("Bearer {token}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_may_do_what_its_token_allows() {
    let tokens = Tokens::new();
    let course = tokens.token("course", &["submit", "read"]);
    let other = tokens.token("other", &["submit", "read"]);
    let runner = tokens.token("runner", &["run"]);
    let watcher = tokens.token("watcher", &["read-all"]);
    let admin = tokens.token("admin", &["admin"]);
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let request = json!({ "source": "print(1)", "run": {} }).to_string();
    let run = json!({ "source": "print(1)" }).to_string();
    let submitted = bearing(&service, &course)
        .send("POST", "/v1/submissions?wait=50", Some(&request))
        .await;
    let path = format!("/v1/submissions/{}", submitted.json(200)["id"].as_str().unwrap());

    for (client, status, code) in [
        (service.client(), 401, "unauthorized"),
        (bearing(&service, "assize_wrong"), 401, "unauthorized"),
        (
            service.client().with("authorization", "Basic eDp5"),
            401,
            "unauthorized",
        ),
        (bearing(&service, &runner), 403, "forbidden"),
        (bearing(&service, &other), 404, "not_found"),
    ] {
        let answer = client.send("GET", &path, None).await;
        assert_eq!(answer.refused(status).0, code);
        assert_eq!(answer.header("www-authenticate").is_empty(), status != 401);
    }
    for token in [&course, &watcher, &admin] {
        bearing(&service, token).send("GET", &path, None).await.json(200);
    }
    for (token, status) in [(&runner, 200), (&admin, 200), (&course, 403), (&watcher, 403)] {
        assert_eq!(
            bearing(&service, token)
                .send("POST", "/v1/run", Some(&run))
                .await
                .status,
            status
        );
    }
    for (token, status) in [(&runner, 403), (&watcher, 403), (&other, 404), (&course, 200)] {
        assert_eq!(
            bearing(&service, token).send("DELETE", &path, None).await.status,
            status
        );
    }
    let taken = json!({ "id": path.rsplit('/').next().unwrap(), "source": "print(1)", "run": {} }).to_string();
    let conflict = bearing(&service, &other)
        .send("POST", "/v1/submissions", Some(&taken))
        .await;
    assert_eq!(conflict.refused(409).0, "id_conflict", "an id of another site is taken");
    assert_eq!(service.get("/healthz").await.status, 200);

    assert!(tokens.command(&["revoke", "course"]).status.success());
    eventually("the token is not known any more", async || {
        let answer = bearing(&service, &course).send("GET", &path, None).await;
        answer.status == 401
    })
    .await;
    service.stop().await;
}

#[test]
fn the_command_shows_a_token_once_and_says_what_is_wrong() {
    let tokens = Tokens::new();
    let secret = tokens.token("course", &["run", "read-all"]);
    let listed = tokens.command(&["list"]);
    let text = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(text, "course  run,read-all\n");
    assert!(secret.starts_with("assize_") && !text.contains(&secret));
    for (arguments, code) in [
        (&["new", "course", "--scope", "run"][..], 2),
        (&["new", "a b", "--scope", "run"], 2),
        (&["new", "x", "--scope", "fly"], 2),
        (&["new", "x"], 2),
        (&["revoke", "nobody"], 2),
        (&["revoke", "course"], 0),
    ] {
        assert_eq!(tokens.command(arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tokens_only_this_host_is_served() {
    let mut settings = settings();
    settings.serve.listen = "0.0.0.0:0".parse().unwrap();
    let stop = CancellationToken::new();
    let refused = serve_standalone(settings, vec![String::new()], stop, |_address| {}).await;
    let error = refused.unwrap_err().to_string();
    assert!(
        error.contains("there are no tokens; make one with assize token new"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tokens_a_page_of_another_origin_changes_nothing() {
    const FRIEND: &str = "https://friend.example";
    let run = json!({ "source": "print(1)" }).to_string();
    let submission = "/v1/submissions/018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f";
    let again = format!("{submission}/rejudge");
    let asked = [
        ("POST", &*again, None),
        ("POST", "/v1/problems/sum/rejudge", None),
        ("DELETE", submission, None),
        ("PUT", "/v1/problems/sum", None),
        ("POST", "/v1/run", Some(&*run)),
        ("POST", "/v1/test-sets", Some("[]")),
        ("POST", "/submissions", Some("{}")),
        ("POST", "/api/v2/execute", Some("{}")),
        ("POST", "/run_code", Some("{}")),
    ];
    let elsewhere: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
    ];
    let here: [&[(&str, &str)]; 3] = [
        &[],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", FRIEND), ("sec-fetch-site", "cross-site")],
    ];
    let service = Service::with(|settings| {
        settings.serve.cors_origins = vec![FRIEND.to_owned()];
        settings.serve.dialects = ["judge0", "piston", "sandbox_fusion"].map(str::to_owned).into();
    })
    .await;
    let with = |headers: &[(&str, &str)]| {
        let headers = headers.iter();
        headers.fold(service.client(), |client, (name, value)| client.with(name, value))
    };
    for (method, path, body) in asked {
        for headers in elsewhere {
            let status = with(headers).send(method, path, body).await.status;
            assert_eq!(status, 403, "{method} {path} {headers:?}");
        }
        for headers in here {
            let status = with(headers).send(method, path, body).await.status;
            assert_ne!(status, 403, "{method} {path} {headers:?}");
        }
    }
    let looked = with(elsewhere[0]).send("GET", "/v1/status", None).await;
    assert_eq!(
        looked.status, 200,
        "what changes nothing does no harm, and the page cannot read it"
    );
    let refused = with(elsewhere[0]).send("POST", &again, None).await;
    assert_eq!(refused.refused(403).0, "cross_site");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_when_to_ask_again() {
    let service = Service::with(|settings| settings.serve.requests_per_second = 1).await;
    let mut refused = None;
    for _ in 0..12 {
        let answer = service.get("/v1/status").await;
        if answer.status == 429 {
            refused = Some(answer);
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.refused(429).0, "too_many_requests");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    service.stop().await;

    let service = Service::with(|settings| settings.serve.max_in_flight = 2).await;
    let long = json!({ "source": "import time\ntime.sleep(60)", "run": {}, "limits": { "wall_ms": 60_000 } });
    let many = json!([long, long, long]);
    assert_eq!(
        service.post("/v1/submissions", &many).await.refused(413).0,
        "too_large",
        "however long it waits"
    );
    for _ in 0..2 {
        service.post("/v1/submissions", &long).await.json(202);
    }
    assert_eq!(
        service.post("/v1/submissions", &long).await.refused(429).0,
        "too_many_requests"
    );
    service.stop().await;
}
