//! Messages that cannot be judged: each is answered, kept with its reason apart from dead letters, and the worker goes on.

use assize::contract::{Judgement, Rejection, RejectionCode, Verdict};
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::raw::{RawClient, header, kind};
use crate::waiting::eventually;
use crate::worker::Namespace;

fn good(id: Uuid) -> Value {
    json!({
        "type": "assize.submission.v1",
        "id": id,
        "language": "python3",
        "files": [{ "name": "main.py", "content": "print(sum(map(int, input().split())))" }],
        "problem": { "id": "sum" },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_message_is_answered_and_kept_and_the_next_one_is_judged() {
    let unknown_problem = |message: &mut Value| message["problem"]["id"] = json!("nowhere");
    let other_revision = |message: &mut Value| message["problem"]["revision"] = json!("0");
    let outside = |message: &mut Value| message["problem"]["id"] = json!("../examples/sum");
    let unknown_language = |message: &mut Value| message["language"] = json!("cobol");
    let no_entry = |message: &mut Value| {
        message["files"] = json!([{ "name": "a.py", "content": "" }, { "name": "b.py", "content": "" }]);
    };
    let bad_path = |message: &mut Value| message["files"][0]["name"] = json!("../x.py");
    let bad_flag = |message: &mut Value| {
        message["problem"] = Value::Null;
        message["tests"] = json!([{ "input": "" }]);
        message["validator_flags"] = json!(["float_tolerance", "-1"]);
    };
    let large = |message: &mut Value| message["files"][0]["content"] = json!("#".repeat(2 << 20));
    type Spoil<'a> = &'a dyn Fn(&mut Value);
    let nul_language = |message: &mut Value| message["language"] = json!("python3\0");
    let nul_problem = |message: &mut Value| message["problem"]["id"] = json!("sum\0");
    let nul_revision = |message: &mut Value| message["problem"]["revision"] = json!("\u{1b}[2J");
    let nul_test = |message: &mut Value| {
        message["problem"] = Value::Null;
        message["tests"] = json!([{ "input": "", "name": "a\0b" }]);
    };
    let spoilt: [(Spoil<'_>, RejectionCode, &str); 12] = [
        (&unknown_problem, RejectionCode::UnknownProblem, "problem.id"),
        (&other_revision, RejectionCode::UnknownProblem, "problem.revision"),
        (&outside, RejectionCode::UnknownProblem, "problem.id"),
        (&unknown_language, RejectionCode::UnknownLanguage, "language"),
        (&no_entry, RejectionCode::EntryPoint, "entry_point"),
        (&bad_path, RejectionCode::FileName, "files[0].name"),
        (&bad_flag, RejectionCode::Schema, "validator_flags"),
        (&large, RejectionCode::TooLarge, "files"),
        (&nul_language, RejectionCode::Schema, "language"),
        (&nul_problem, RejectionCode::Schema, "problem.id"),
        (&nul_revision, RejectionCode::Schema, "problem.revision"),
        (&nul_test, RejectionCode::Schema, "tests[0].name"),
    ];
    let namespace = Namespace::new().await;
    let worker = namespace
        .ready_worker("patient", &[("ASSIZE__BROKER__LATER_MS", "50")])
        .await;
    let mut client = RawClient::connect(&namespace.broker).await;
    for (spoil, code, field) in spoilt {
        let id = Uuid::new_v4();
        let mut message = good(id);
        spoil(&mut message);
        client.send(message.to_string().as_bytes(), "my token").await;
        let answer = client.answer().await;
        let rejection: Rejection = serde_json::from_slice(&answer.data).unwrap();
        assert_eq!(
            (rejection.id, rejection.code, rejection.field.as_deref()),
            (Some(id), code, Some(field))
        );
        assert_eq!(
            answer.properties.correlation_id().as_ref().unwrap().as_str(),
            "my token"
        );
        let kept = client.take_rejected().await;
        assert_eq!(kept.data, message.to_string().as_bytes());
        assert_eq!(header(&kept, "x-assize-code"), code.name());
        assert_eq!(header(&kept, "x-assize-field"), field);
        assert_eq!(header(&kept, "x-assize-reason"), rejection.reason);
    }
    client.send(b"{]", "no json").await;
    let rejection: Rejection = serde_json::from_slice(&client.answer().await.data).unwrap();
    assert_eq!((rejection.id, rejection.code), (None, RejectionCode::NotJson));

    client.send(good(Uuid::new_v4()).to_string().as_bytes(), "good").await;
    assert_eq!(kind(&client.answer().await), "assize.verdict.v1");
    worker.stop().await;
    let dead = client.ready_in(&namespace.broker.dead_letter_queue).await;
    assert_eq!(dead, 0, "a mistake of a sender is no dead letter");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_submission_under_the_same_id_is_refused_and_the_same_one_is_answered_again() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("strict", &[]).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    let first = good(Uuid::new_v4());
    let mut with_metadata = first.clone();
    with_metadata["metadata"] = json!({ "user": "ada" });
    let mut other_source = first.clone();
    other_source["files"][0]["content"] = json!("print(0)");
    let mut other_limits = first.clone();
    other_limits["limits"] = json!({ "cpu_ms": 1000 });
    let mut rejudged = other_limits.clone();
    rejudged["rejudge"] = json!(Uuid::new_v4());
    let mut same_request = rejudged.clone();
    same_request["files"] = other_source["files"].clone();
    for (name, message, is_refused) in [
        ("first", &first, false),
        ("again", &first, false),
        ("metadata", &with_metadata, false),
        ("source", &other_source, true),
        ("limits", &other_limits, true),
        ("limits, rejudged", &rejudged, false),
        ("the same request", &rejudged, false),
        ("the same request for another source", &same_request, true),
    ] {
        client.send(message.to_string().as_bytes(), name).await;
        let answer = client.answer().await;
        if is_refused {
            let rejection: Rejection = serde_json::from_slice(&answer.data).unwrap();
            assert_eq!(rejection.code, RejectionCode::IdConflict, "{name}");
            assert_eq!(header(&client.take_rejected().await, "x-assize-code"), "id_conflict");
        } else {
            let judgement: Judgement = serde_json::from_slice(&answer.data).unwrap();
            assert_eq!(judgement.verdict, Verdict::Ac, "{name}");
        }
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_sender_said_about_a_message_never_hinders_its_copy() {
    let namespace = Namespace::new().await;
    let worker = namespace.ready_worker("copying", &[]).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    let text = |length: usize| AMQPValue::LongString("x".repeat(length).into());
    let queues = AMQPValue::FieldArray(vec![text(3)].into());
    let headers = [
        ("large", text(130_000)),
        ("many", AMQPValue::FieldArray(vec![text(100); 1000].into())),
        ("further queues", queues),
    ];
    for (name, value) in headers {
        let mut table = FieldTable::default();
        let key = if name == "further queues" { "CC" } else { name };
        table.insert(key.into(), value);
        table.insert("site".into(), text(5));
        let properties = BasicProperties::default()
            .with_headers(table)
            .with_user_id("assize".into())
            .with_expiration("3600000".into());
        client.send_answered(b"{]", name, properties).await;
        let rejection: Rejection = serde_json::from_slice(&client.answer().await.data).unwrap();
        assert_eq!(rejection.code, RejectionCode::NotJson, "{name}");
        let kept = client.take_rejected().await;
        let copied = kept.properties.headers().clone().unwrap_or_default();
        assert_eq!(copied.inner().get("site"), Some(&text(5)), "{name}");
        assert_eq!(copied.inner().get(key), None, "{name}");
        assert_eq!(
            kept.properties.expiration(),
            &None,
            "what is kept waits for as long as it takes"
        );
    }
    client.send(good(Uuid::new_v4()).to_string().as_bytes(), "good").await;
    assert_eq!(kind(&client.answer().await), "assize.verdict.v1");
    worker.stop().await;
}

/// As many tests as a message may have, each with output that JSON writes six times as long.
fn loud(id: Uuid) -> Value {
    let mut message = good(id);
    message["problem"] = Value::Null;
    message["tests"] = json!(vec![json!({ "input": "" }); 100]);
    message["files"][0]["content"] =
        json!("import sys\nfor out in (sys.stdout, sys.stderr):\n    out.write('\\x1b' * 40000)");
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_is_cut_until_rabbitmq_takes_it_and_given_up_where_the_worker_is_told_to_send_more() {
    let namespace = Namespace::new().await;
    let long = ("ASSIZE__JUDGE__EXCERPT_BYTES", "20000");
    let worker = namespace.ready_worker("brief", &[long]).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    client.send(loud(Uuid::new_v4()).to_string().as_bytes(), "cut").await;
    let answer = client.answer().await;
    assert!(answer.data.len() <= 8 << 20, "{}", answer.data.len());
    let judgement: Judgement = serde_json::from_slice(&answer.data).unwrap();
    assert_eq!((judgement.verdict, judgement.tests.len()), (Verdict::Ac, 100));
    assert!(judgement.tests[99].stdout.truncated && judgement.tests[99].stdout.bytes == 40_000);
    worker.stop().await;

    let large = [
        long,
        ("ASSIZE__BROKER__MAX_VERDICT_BYTES", "100000000"),
        ("ASSIZE__SUBMISSION__MAX_MESSAGE_BYTES", "16777216"),
        ("ASSIZE__SUBMISSION__MAX_METADATA_BYTES", "16777216"),
    ];
    let worker = namespace.ready_worker("verbose", &large).await;
    // RabbitMQ takes the message, and not the verdict, which says all of it again and more.
    let mut message = loud(Uuid::new_v4());
    message["metadata"] = json!({ "text": "x".repeat((16 << 20) - (64 << 10)) });
    client.send(message.to_string().as_bytes(), "too large").await;
    let dead = client.take_dead_letter().await;
    assert_eq!(dead.data, message.to_string().as_bytes());
    assert_eq!(header(&dead, "x-assize-code"), "undeliverable");
    assert!(header(&dead, "x-assize-reason").contains("broker.max_verdict_bytes"));
    client.send(good(Uuid::new_v4()).to_string().as_bytes(), "good").await;
    assert_eq!(kind(&client.answer().await), "assize.verdict.v1", "others are judged");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_to_a_problem_that_arrives_a_moment_later_is_judged() {
    let namespace = Namespace::new().await;
    let problems = tempfile::tempdir().unwrap();
    let directory = problems.path().to_str().unwrap();
    let settings = [
        ("ASSIZE__PROBLEMS__DIRECTORY", directory),
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "1000"),
        ("ASSIZE__BROKER__LATER_MS", "100"),
    ];
    let worker = namespace.ready_worker("early", &settings).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    client.send(good(Uuid::new_v4()).to_string().as_bytes(), "early").await;
    let store = namespace.database.clone();
    eventually("the submission was put off", async || {
        attempts_given_back(&store).await > 1
    })
    .await;
    let copied = std::process::Command::new("cp")
        .args(["-r", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sum"), directory])
        .status();
    assert!(copied.unwrap().success());
    let judgement: Judgement = serde_json::from_slice(&client.answer().await.data).unwrap();
    assert_eq!(judgement.verdict, Verdict::Ac);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_to_a_problem_that_never_arrives_is_put_off_so_often_and_then_refused() {
    let namespace = Namespace::new().await;
    let settings = [
        ("ASSIZE__BROKER__UNKNOWN_PROBLEM_RETRIES", "2"),
        ("ASSIZE__BROKER__LATER_MS", "100"),
    ];
    let worker = namespace.ready_worker("waits", &settings).await;
    let mut client = RawClient::connect(&namespace.broker).await;
    let mut message = good(Uuid::new_v4());
    message["problem"]["id"] = json!("nowhere");
    client.send(message.to_string().as_bytes(), "never").await;
    let rejection: Rejection = serde_json::from_slice(&client.answer().await.data).unwrap();
    assert_eq!(rejection.code, RejectionCode::UnknownProblem);
    assert_eq!(attempts_given_back(&namespace.database).await, 2);
    let kept = client.take_rejected().await;
    assert_eq!(kept.data, message.to_string().as_bytes());
    assert_eq!(header(&kept, "x-assize-code"), "unknown_problem");
    client.send(good(Uuid::new_v4()).to_string().as_bytes(), "good").await;
    assert_eq!(kind(&client.answer().await), "assize.verdict.v1", "others are judged");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_its_directory_of_problems_does_not_start() {
    let namespace = Namespace::new().await;
    let mut worker = namespace.worker("lost", &[("ASSIZE__PROBLEMS__DIRECTORY", "/nonexistent/problems")]);
    assert_eq!(worker.ended().await.code(), Some(3));
}

async fn attempts_given_back(database: &str) -> i64 {
    use sqlx::Connection as _;
    let mut connection = sqlx::PgConnection::connect(database).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM attempts WHERE outcome = 'given_back'")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}
