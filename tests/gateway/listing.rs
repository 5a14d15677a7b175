//! Submissions, page by page.

use serde_json::{Value, json};

use crate::client::Client;
use crate::document::conforms;
use crate::service::Service;
use crate::token_files::Tokens;

/// Ids of a page, and where the next one begins.
async fn page(client: &Client, query: &str) -> (Vec<String>, Option<String>) {
    let page = client
        .send("GET", &format!("/v1/submissions?{query}"), None)
        .await
        .json(200);
    conforms("SubmissionPage", &page);
    let ids = page["submissions"].as_array().unwrap().iter();
    let ids = ids.map(|summary| summary["id"].as_str().unwrap().to_owned());
    (ids.collect(), page["next"].as_str().map(str::to_owned))
}

/// Hands in a program for `sum`, and waits for its verdict.
async fn judged(client: &Client, source: &str, metadata: Value) -> String {
    let request = json!({ "source": source, "problem": { "id": "sum" }, "metadata": metadata }).to_string();
    let done = client
        .send("POST", "/v1/submissions?wait=50", Some(&request))
        .await
        .json(200);
    done["id"].as_str().unwrap().to_owned()
}

const RIGHT: &str = "print(sum(map(int, input().split())))";

#[tokio::test(flavor = "multi_thread")]
async fn submissions_are_found_by_what_they_are_and_what_became_of_them() {
    let service = Service::start().await;
    let client = service.client();
    let right = judged(&client, RIGHT, json!({ "user": "ada", "round": 3 })).await;
    let wrong = judged(&client, "print(0)", json!({ "user": "ada", "final": true })).await;
    let other = judged(&client, "print(0)", json!({ "user": "bob" })).await;
    let run = json!({ "source": "print(2)", "run": {} });
    let run = service.post("/v1/submissions?wait=50", &run).await.json(200)["id"]
        .as_str()
        .unwrap()
        .to_owned();

    for (query, found) in [
        ("", vec![&run, &other, &wrong, &right]),
        ("problem=sum", vec![&other, &wrong, &right]),
        ("problem=none", vec![]),
        ("verdict=WA", vec![&other, &wrong]),
        ("verdict=OK", vec![&run]),
        ("state=done&limit=100", vec![&run, &other, &wrong, &right]),
        ("state=queued", vec![]),
        ("metadata[user]=ada", vec![&wrong, &right]),
        ("metadata%5Buser%5D=ada&metadata%5Bround%5D=3", vec![&right]),
        ("metadata[final]=true&verdict=WA", vec![&wrong]),
        ("since=2100-01-01T00:00:00Z", vec![]),
        (
            "since=2000-01-01T00:00:00Z&until=2100-01-01T00:00:00Z&problem=sum&verdict=AC",
            vec![&right],
        ),
    ] {
        let (ids, next) = page(&client, query).await;
        assert_eq!((ids.iter().collect::<Vec<_>>(), next), (found, None), "{query}");
    }
    let summary = service.get("/v1/submissions?verdict=AC").await.json(200)["submissions"][0].clone();
    assert_eq!(
        (&summary["state"], &summary["problem"], &summary["metadata"]["round"]),
        (&json!("done"), &json!("sum"), &json!(3)),
        "{summary:#}"
    );

    let (first, next) = page(&client, "limit=3").await;
    let (second, end) = page(&client, &format!("limit=3&cursor={}", next.unwrap())).await;
    assert_eq!((first, second, end), (vec![run, other, wrong], vec![right], None));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_finds_its_own_submissions_and_all_only_if_it_may_read_all() {
    let tokens = Tokens::new();
    let bearer = |name: &str, scopes: &[&str]| format!("Bearer {}", tokens.token(name, scopes));
    let (course, contest) = (
        bearer("course", &["submit", "read"]),
        bearer("contest", &["submit", "read"]),
    );
    let (watcher, runner) = (bearer("watcher", &["read-all"]), bearer("runner", &["run"]));
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let client = |bearer: &str| service.client().with("authorization", bearer);
    let of_course = judged(&client(&course), RIGHT, json!({})).await;
    let of_contest = judged(&client(&contest), RIGHT, json!({})).await;

    assert_eq!(page(&client(&course), "").await.0, [of_course.as_str()]);
    assert_eq!(page(&client(&contest), "site=contest").await.0, [of_contest.as_str()]);
    assert_eq!(
        page(&client(&watcher), "").await.0,
        [of_contest.as_str(), of_course.as_str()]
    );
    assert_eq!(page(&client(&watcher), "site=course").await.0, [of_course.as_str()]);
    for (bearer, path) in [(&course, "/v1/submissions?site=contest"), (&runner, "/v1/submissions")] {
        assert_eq!(client(bearer).send("GET", path, None).await.refused(403).0, "forbidden");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_cannot_be_read_is_told_with_its_parameter() {
    let service = Service::start().await;
    let long = format!("problem={}", "x".repeat(513));
    let many: Vec<String> = (0..17).map(|number| format!("metadata[k{number}]=1")).collect();
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=1", "cursor"),
        ("cursor=99999999999999999999.018f3c2e5a7b7c3d9e4f1a2b3c4d5e6f", "cursor"),
        ("cursor=-377705116800000000.018f3c2e5a7b7c3d9e4f1a2b3c4d5e6f", "cursor"),
        ("since=yesterday", "since"),
        ("until=-009998-01-01T00:00:00Z", "until"),
        ("state=lost", "state"),
        ("verdict=SK", "verdict"),
        ("problem=a&problem=b", "problem"),
        ("colour=red", "colour"),
        ("metadata=red", "metadata"),
        (&long, "problem"),
        (&many.join("&"), "metadata"),
    ] {
        let refused = service.get(&format!("/v1/submissions?{query}")).await.refused(400);
        assert_eq!(refused, ("schema".to_owned(), field.to_owned()), "{query}");
    }
    service.stop().await;
}
