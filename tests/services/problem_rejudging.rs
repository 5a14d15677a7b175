//! All submissions of a problem that are judged once more over HTTP.

use assize::contract::Request;
use assize::store::{OpenRequest, OpenedAgain};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

use crate::gateway::Gateway;
use crate::waiting::eventually;
use crate::worker::Namespace;

const RIGHT: &str = "print(sum(map(int, input().split())))";

async fn judged(gateway: &Gateway, source: &str) -> String {
    let request = json!({ "source": source, "problem": { "id": "sum" } });
    let (status, done) = gateway.post("/v1/submissions?wait=50", &request).await;
    assert_eq!(status, 200, "{done}");
    done["id"].as_str().unwrap().to_owned()
}

/// What each call answers, until there is nothing left.
async fn rejudged(gateway: &Gateway, query: &str) -> Vec<Value> {
    let (mut answers, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/problems/sum/rejudge?{query}{cursor}");
        let (status, answer) = gateway.post(&path, &json!(null)).await;
        assert_eq!(status, 202, "{answer}");
        let next = answer["next"].as_str().map(|next| format!("&cursor={next}"));
        answers.push(answer);
        match next {
            Some(next) => cursor = next,
            None => return answers,
        }
    }
}

/// How often each was judged, as its verdict says.
async fn attempts(gateway: &Gateway, ids: &[String]) -> Vec<u64> {
    let mut attempts = Vec::new();
    for id in ids {
        let (_, state) = gateway.read(&format!("/v1/submissions/{id}")).await;
        attempts.push(state["verdict"]["attempt"].as_u64().unwrap());
    }
    attempts
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_in_for_a_problem_is_judged_once_more_page_by_page() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("problem-rejudge", &[]).await;
    let gateway = Gateway::ready_with(&namespace, &[]).await;
    let right = judged(&gateway, RIGHT).await;
    let wrong = [judged(&gateway, "print(0)").await, judged(&gateway, "print(1)").await];
    let run = json!({ "source": "print(2)", "run": {} });
    assert_eq!(gateway.post("/v1/submissions?wait=50", &run).await.0, 200);

    let answers = rejudged(&gateway, "limit=1&verdict=WA").await;
    let counted: Vec<&Value> = answers.iter().map(|answer| &answer["submissions"]).collect();
    assert_eq!(counted, [1, 1], "{answers:#?}");
    eventually("both are judged once more", async || {
        attempts(&gateway, &wrong).await == [2, 2]
    })
    .await;
    let all = &rejudged(&gateway, "").await[0];
    assert_eq!((&all["submissions"], &all["not_kept"]), (&json!(3), &json!(0)), "{all}");
    let ids = [right, wrong[0].clone(), wrong[1].clone()];
    eventually("all are judged once more", async || {
        attempts(&gateway, &ids).await == [2, 3, 3]
    })
    .await;
    let (_, state) = gateway.read(&format!("/v1/submissions/{}", ids[0])).await;
    assert_eq!(state["verdict"]["rejudge"], all["rejudge"]);

    let bounded = Gateway::ready_with(&namespace, &[("ASSIZE__SERVE__MAX_IN_FLIGHT", "2")]).await;
    let (status, refused) = bounded.post("/v1/problems/sum/rejudge", &json!(null)).await;
    assert_eq!((status, &refused["code"]), (413, &json!("too_large")), "{refused}");
    for _ in 0..2 {
        eventually("what has been judged once more makes room", async || {
            bounded.post("/v1/problems/sum/rejudge?limit=2", &json!(null)).await.0 == 202
        })
        .await;
    }

    namespace
        .store()
        .await
        .forget_messages(std::time::Duration::ZERO)
        .await
        .unwrap();
    let forgotten = &rejudged(&gateway, "").await[0];
    assert_eq!(
        (&forgotten["submissions"], &forgotten["not_kept"]),
        (&json!(0), &json!(3))
    );
    for (path, status, code) in [
        ("/v1/problems/none/rejudge", 404, "not_found"),
        ("/v1/problems/sum/rejudge?problem=sum", 400, "schema"),
        ("/v1/problems/sum/rejudge?limit=1000", 400, "schema"),
    ] {
        let (seen, refused) = gateway.post(path, &json!(null)).await;
        assert_eq!((seen, &refused["code"]), (status, &json!(code)), "{path}");
    }
    worker.stop().await;
}

/// What was being sent was so a minute ago: the service that did it has died.
const DIED: &str = "UPDATE gateway_open SET unsent_since = unsent_since - interval '1 minute'";

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_is_being_sent_keeps_no_other_one_of_its_page_from_being_sent() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("page-in-part", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let mut ids = Vec::new();
    for source in [RIGHT, "print(0)", "print(1)"] {
        ids.push(judged(&gateway, source).await);
    }
    worker.stop().await;
    let call = async |query: &str| {
        let path = format!("/v1/problems/sum/rejudge{query}");
        gateway.post_as("key", &path, &json!(null)).await
    };
    let (status, nothing) = call("?verdict=TLE").await;
    assert_eq!((status, &nothing["submissions"]), (202, &json!(0)), "{nothing}");
    let request = Request {
        submission: ids[0].parse().unwrap(),
        rejudge: Some(nothing["rejudge"].as_str().unwrap().parse().unwrap()),
    };
    let store = namespace.store().await;
    let open = OpenRequest {
        request,
        site: "local",
        is_bulk: true,
        is_charged: false,
    };
    assert_eq!(store.open_again(open).await.unwrap(), OpenedAgain::ToPublish);

    let (status, refused) = call("?verdict=AC").await;
    assert_eq!((status, &refused["code"]), (503, &json!("unavailable")), "{refused}");
    let (status, answer) = call("").await;
    assert_eq!((status, &answer["submissions"]), (202, &json!(2)), "{answer}");
    assert_eq!(answer["not_sent"], json!([ids[0]]), "{answer}");
    assert!(answer["not_sent_reason"].is_string(), "{answer}");

    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::raw_sql(DIED).execute(&mut database).await.unwrap();
    let (status, answer) = call("").await;
    assert_eq!((status, &answer["submissions"]), (202, &json!(3)), "{answer}");
    assert_eq!(answer["not_sent"], json!(null), "{answer}");
    let worker = namespace.ready_worker("page-in-part-late", &[]).await;
    eventually("all are judged once more", async || {
        attempts(&gateway, &ids).await == [2, 2, 2]
    })
    .await;
    worker.stop().await;
}

/// As a later version may have kept it.
const UNREADABLE: &str =
    "UPDATE gateway_submissions SET message = '{\"schema\": \"of a later version\"}' WHERE id = $1";

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_cannot_be_read_keeps_no_other_one_of_its_page_from_being_sent() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("page-unreadable", &[]).await;
    let gateway = Gateway::ready(&namespace).await;
    let mut ids = Vec::new();
    for source in [RIGHT, "print(0)", "print(1)"] {
        ids.push(judged(&gateway, source).await);
    }
    let unreadable = ids.pop().unwrap();
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let written = sqlx::query(UNREADABLE).bind(unreadable.parse::<uuid::Uuid>().unwrap());
    written.execute(&mut database).await.unwrap();

    let path = format!("/v1/submissions/{unreadable}/rejudge");
    let (status, refused) = gateway.post(&path, &json!(null)).await;
    assert_eq!((status, &refused["code"]), (410, &json!("not_kept")), "{refused}");
    let answer = &rejudged(&gateway, "").await[0];
    assert_eq!(
        (&answer["submissions"], &answer["not_kept"]),
        (&json!(2), &json!(1)),
        "{answer}"
    );
    assert_eq!(answer["not_sent"], json!(null), "{answer}");
    eventually("the others are judged once more", async || {
        attempts(&gateway, &ids).await == [2, 2]
    })
    .await;
    let only = &rejudged(&gateway, "verdict=WA&limit=1").await[0];
    assert_eq!(
        (&only["submissions"], &only["not_kept"]),
        (&json!(0), &json!(1)),
        "{only}"
    );
    worker.stop().await;
}
