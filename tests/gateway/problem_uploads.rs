//! Packages that are put over HTTP.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use assize::config::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::client::Answer;
use crate::document::conforms;
use crate::service::Service;
use crate::token_files::Tokens;
use crate::waiting::eventually;

/// A zip archive of these files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Where a program passes that prints this.
fn echoing(answer: &str) -> Vec<u8> {
    zip(&[
        ("problem.yaml", b"name: Say it\n"),
        ("data/secret/1.in", b"x\n"),
        ("data/secret/1.ans", answer.as_bytes()),
    ])
}

/// Keeps packages in a directory of the test.
fn keeping(settings: &mut Settings, storage: &Path) {
    settings.problems.url = format!("file://{}", storage.join("problems").display());
    settings.problems.cache_directory = storage.join("cache");
    fs::create_dir_all(storage.join("problems")).unwrap();
}

async fn put(service: &Service, id: &str, archive: &[u8]) -> Answer {
    let client = service.client().with("content-type", "application/zip");
    client.send_bytes("PUT", &format!("/v1/problems/{id}"), archive).await
}

async fn verdict(service: &Service, problem: Value) -> Value {
    let request = json!({ "source": "print(input() * 2)", "problem": problem });
    service.post("/v1/submissions?wait=50", &request).await.json(200)["verdict"]["verdict"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_is_put_is_judged_at_once_and_its_older_revisions_stay() {
    let storage = TempDir::new().unwrap();
    let service = Service::with(|settings| keeping(settings, storage.path())).await;
    let first = put(&service, "say-it", &echoing("yy\n")).await.json(200);
    conforms("KeptProblem", &first);
    assert_eq!(
        (&first["problem"]["id"], &first["problem"]["tests"]),
        (&json!("say-it"), &json!(1)),
        "{first:#}"
    );
    assert_eq!(verdict(&service, json!({ "id": "say-it" })).await, "WA");
    let second = put(&service, "say-it", &echoing("xx\n")).await.json(200);
    assert_eq!(service.get("/v1/problems/say-it").await.json(200), second["problem"]);
    assert_eq!(verdict(&service, json!({ "id": "say-it" })).await, "AC");
    let pinned = json!({ "id": "say-it", "revision": first["problem"]["revision"] });
    assert_eq!(verdict(&service, pinned).await, "WA", "the revision that is asked for");

    let other = Service::with(|settings| keeping(settings, storage.path())).await;
    assert_eq!(
        verdict(&other, json!({ "id": "say-it" })).await,
        "AC",
        "every service that reads the storage has it"
    );
    for service in [service, other] {
        service.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_package_is_refused_with_the_file_that_is_wrong() {
    let storage = TempDir::new().unwrap();
    let service = Service::with(|settings| {
        keeping(settings, storage.path());
        (settings.problems.archive_bytes, settings.problems.package_bytes) = (1 << 20, 1 << 20);
    })
    .await;
    let no_answer = zip(&[("problem.yaml", b"name: x\n"), ("data/secret/1.in", b"1")]);
    let wrong_yaml = zip(&[
        ("problem.yaml", b"name: x\nlimits: 7\n"),
        ("data/secret/1.in", b""),
        ("data/secret/1.ans", b""),
    ]);
    let leads_out = zip(&[("../problem.yaml", b"name: x\n")]);
    let twins = zip(&[("problem.yaml", b"name: x\n"), ("./problem.yaml", b"name: y\n")]);
    let bomb = zip(&[("problem.yaml", b"name: x\n"), ("data/secret/1.in", &vec![0; 2 << 20])]);
    let large = vec![7; (1 << 20) + 1];
    for (archive, status, code, told) in [
        (&b"no archive"[..], 422, "package", "zip archive"),
        (&no_answer, 422, "package", "1.ans"),
        (&wrong_yaml, 422, "package", "problem.yaml:2"),
        (&leads_out, 422, "package", "leads out"),
        (&twins, 422, "package", "./problem.yaml"),
        (&bomb, 422, "package", "more than 1048576 bytes"),
        (&large, 413, "too_large", "problems.archive_bytes"),
    ] {
        let answer = put(&service, "wrong", archive).await;
        let detail = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.refused(status).0, code, "{detail}");
        assert!(detail.contains(told), "{told}: {detail}");
        assert!(
            !detail.contains(storage.path().to_str().unwrap()),
            "no path of this host: {detail}"
        );
    }
    assert_eq!(
        put(&service, "sum", &echoing("xx\n")).await.refused(409).0,
        "cannot_keep",
        "it is in the directory"
    );
    assert_eq!(put(&service, ".x", &echoing("xx\n")).await.refused(422).0, "package");
    let json = service.client().send("PUT", "/v1/problems/x", Some("{}")).await;
    assert_eq!(json.refused(415).0, "media_type");
    assert_eq!(
        service.get("/v1/problems/wrong").await.refused(404).0,
        "not_found",
        "nothing of them stays"
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_put_with_the_scope_problems_and_where_there_is_a_storage() {
    let tokens = Tokens::new();
    let (author, course) = (
        tokens.token("author", &["problems"]),
        tokens.token("course", &["submit", "read-all"]),
    );
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    for (token, status, code) in [(&course, 403, "forbidden"), (&author, 409, "cannot_keep")] {
        let client = service.client().with("content-type", "application/zip");
        let client = client.with("authorization", &format!("Bearer {token}"));
        let answer = client.send_bytes("PUT", "/v1/problems/say-it", &echoing("xx\n")).await;
        assert_eq!(answer.refused(status).0, code);
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_is_that_of_the_site_that_put_it_first() {
    let (tokens, storage) = (Tokens::new(), TempDir::new().unwrap());
    let [one, other, admin] = [("one", "problems"), ("other", "problems"), ("boss", "admin")]
        .map(|(name, scope)| format!("Bearer {}", tokens.token(name, &[scope])));
    let path = tokens.path();
    let service = Service::with(|settings| {
        settings.serve.token_file = path;
        keeping(settings, storage.path());
    })
    .await;
    let put = async |token: &str, id: &str| {
        let client = service.client().with("content-type", "application/zip");
        let client = client.with("authorization", token);
        client
            .send_bytes("PUT", &format!("/v1/problems/{id}"), &echoing("xx\n"))
            .await
    };
    // An operator has laid it there.
    let laid = storage.path().join("problems/laid");
    fs::create_dir_all(&laid).unwrap();
    fs::write(laid.join("latest"), "0".repeat(64)).unwrap();
    for (token, id, status) in [
        (&one, "say-it", 200),
        (&other, "say-it", 403),
        (&one, "say-it", 200),
        (&admin, "say-it", 200),
        (&other, "say-it", 403),
        (&other, "laid", 403),
        (&admin, "laid", 200),
        (&one, "laid", 403),
    ] {
        let answer = put(token, id).await;
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, status, "{token} {id}: {told}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_comes_slowly_keeps_no_other_one_out() {
    let (tokens, storage) = (Tokens::new(), TempDir::new().unwrap());
    let [slow, quick] = ["slow", "quick"].map(|name| format!("Bearer {}", tokens.token(name, &["problems"])));
    let path = tokens.path();
    let service = Service::with(|settings| {
        settings.serve.token_file = path;
        keeping(settings, storage.path());
    })
    .await;
    let begun = async |id: &str| {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        let head = format!(
            "PUT /v1/problems/{id} HTTP/1.1\r\nhost: {}\r\nauthorization: {slow}\r\nconnection: close\r\n\
             content-type: application/zip\r\ncontent-length: 1000\r\n\r\nPK",
            service.address
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    };
    let put = async |token: &str, id: &str| {
        let client = service.client().with("content-type", "application/zip");
        let client = client.with("authorization", token);
        let path = format!("/v1/problems/{id}");
        client.send_bytes("PUT", &path, &echoing("xx\n")).await.status
    };
    let mut unfinished = Vec::new();
    eventually("as many are on their way as a site may send", async || {
        unfinished.push(begun("unfinished").await);
        put(&slow, "of-slow").await == 429
    })
    .await;
    assert_eq!(put(&quick, "of-quick").await, 200, "another site is not kept out");
    drop(unfinished);
    eventually("what was given up makes room", async || {
        put(&slow, "of-slow").await == 200
    })
    .await;

    // What could not be kept is refused before it has come.
    let mut refused = String::new();
    for (id, status) in [("sum", "409"), (".x", "422")] {
        let mut stream = begun(id).await;
        refused.clear();
        let _reset = stream.read_to_string(&mut refused).await;
        assert!(refused.starts_with(&format!("HTTP/1.1 {status} ")), "{id}: {refused}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_that_is_being_changed_is_not_told_to_be_unknown() {
    let problems = TempDir::new().unwrap();
    fs::create_dir(problems.path().join("sum")).unwrap();
    fs::write(problems.path().join("sum/problem.yaml"), "name: x\n").unwrap();
    let service = Service::with(|settings| {
        settings.problems.directory = problems.path().to_owned();
        settings.problems.patience_ms = 0;
    })
    .await;
    assert_eq!(service.get("/v1/problems/sum").await.refused(503).0, "unavailable");
    let unknown = service.get("/v1/problems/sun").await;
    assert_eq!(unknown.refused(404).0, "not_found");
    assert!(unknown.text().contains("did you mean sum?"), "{}", unknown.text());
    service.stop().await;
}
