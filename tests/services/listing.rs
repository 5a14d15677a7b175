//! Submissions of the database, page by page.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

use crate::gateway::Gateway;
use crate::worker::Namespace;

/// More than one page looks at, all of them judged, the oldest one alone for a security violation; and one whose client was
/// not told that it was accepted.
const MANY: &str = "
    WITH kinds AS (SELECT gen_random_uuid() AS id, number FROM generate_series(1, 4500) AS number),
         accepted AS (INSERT INTO gateway_submissions
                          (id, site, fingerprint, language, problem_id, metadata, metadata_pairs, accepted_at, published_at)
                      SELECT id, 'local', sha256('x'), 'python3', 'many', '{}', '{user=eve}',
                             now() - number * interval '1 minute', now() FROM kinds)
    INSERT INTO verdicts (submission_id, verdict, language, worker, received_at, judged_at, document, attempt)
    SELECT id, CASE number WHEN 4500 THEN 'SV' ELSE 'AC' END, 'python3', 'w', now(), now(), '{}', 1 FROM kinds;
    INSERT INTO gateway_submissions (id, site, fingerprint, language, problem_id)
    VALUES (gen_random_uuid(), 'local', sha256('x'), 'python3', 'many')";

/// A submission at which the judge failed, and which another worker has in hand now.
const TRIED_AGAIN: &str = "
    INSERT INTO submissions (id, language) VALUES ('018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f', 'python3');
    INSERT INTO verdicts (submission_id, verdict, language, worker, received_at, judged_at, document, attempt)
    SELECT id, 'JE', 'python3', 'w', now(), now(), '{}', 1 FROM submissions WHERE language = 'python3' LIMIT 1;
    INSERT INTO attempts (submission_id, number, worker, holder, lease_until)
    SELECT id, 2, 'w', gen_random_uuid(), now() + interval '1 hour' FROM submissions LIMIT 1";

/// Ids that all pages of a list for people hold together, and how many pages there are.
async fn shown(gateway: &Gateway, query: &str) -> (Vec<String>, usize) {
    let (mut found, mut pages, mut path) = (Vec::new(), 0, format!("/page/submissions?{query}"));
    loop {
        let (status, page) = gateway.get(&path).await;
        assert_eq!(status, 200, "{page}");
        pages += 1;
        let ids = page.split("id=\"s-").skip(1);
        found.extend(ids.map(|rest| rest[..36].to_owned()));
        let older = page.split("class=\"more\" href=\"").nth(1);
        match older.and_then(|rest| rest.split('"').next()) {
            Some(next) => path = next.replace("&amp;", "&"),
            None => return (found, pages),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_for_people_is_whole_however_many_there_are() {
    let namespace = Namespace::new().await;
    let store = namespace.store().await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(TRIED_AGAIN).execute(&mut database).await.unwrap();
    sqlx::raw_sql(MANY).execute(&mut database).await.unwrap();
    let worker = namespace.ready_worker("page-lists", &[]).await;
    let gateway = Gateway::ready_with(&namespace, &[]).await;
    for (query, count, looks) in [
        ("problem=many", 4501, 91),
        ("state=SV", 1, 3),
        ("state=SV&site=local", 1, 3),
        ("user=eve", 4500, 90),
        ("user=eve&state=SV&site=local", 1, 3),
    ] {
        let (ids, pages) = shown(&gateway, query).await;
        let once: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), once.len(), pages), (count, count, looks), "{query}");
    }
    let again = "018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f";
    assert_eq!(shown(&gateway, "state=running").await.0, [again]);
    let (status, page) = gateway.get(&format!("/page/submissions/{again}")).await;
    assert!(
        status == 200 && page.contains(">running<") && !page.contains(">JE<"),
        "{page}"
    );
    drop(store);
    worker.stop().await;
}

/// What all pages hold together, and how many there are.
async fn pages(gateway: &Gateway, query: &str) -> (Vec<Value>, usize) {
    let (mut found, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let (status, page) = gateway.read(&format!("/v1/submissions?{query}{cursor}")).await;
        assert_eq!(status, 200, "{page}");
        pages += 1;
        found.extend(page["submissions"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (found, pages),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_submission_is_found_once_however_many_there_are() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("listing", &[]).await;
    let gateway = Gateway::ready_with(&namespace, &[]).await;
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(MANY).execute(&mut database).await.unwrap();

    let (all, _) = pages(&gateway, "limit=100&problem=many").await;
    let ids: BTreeSet<&str> = all.iter().map(|summary| summary["id"].as_str().unwrap()).collect();
    assert_eq!((all.len(), ids.len()), (4500, 4500));
    assert!(all.is_sorted_by(|newer, older| newer["accepted_at"].as_str() > older["accepted_at"].as_str()));
    let (rare, looks) = pages(&gateway, "verdict=SV").await;
    assert_eq!((rare.len(), looks), (1, 3), "each page looks at 2,000");
    assert_eq!(rare[0]["verdict"], "SV");

    let wrong = json!({ "source": "print(0)", "problem": { "id": "sum" }, "metadata": { "user": "a\u{0}da", "n": 3 } });
    let (status, done) = gateway.post("/v1/submissions?wait=50", &wrong).await;
    assert_eq!(status, 200, "{done}");
    let (found, _) = pages(
        &gateway,
        "problem=sum&verdict=WA&state=done&metadata[user]=a%00da&metadata[n]=3",
    )
    .await;
    assert_eq!((found.len(), &found[0]["id"]), (1, &done["id"]), "{found:#?}");
    assert_eq!(found[0]["metadata"], wrong["metadata"]);
    assert!(pages(&gateway, "metadata[user]=eve&state=rejected").await.0.is_empty());
    worker.stop().await;
}
