//! Messages that cannot be judged: each is answered, kept with its reason, and the worker goes on.

use assize::contract::{Rejection, RejectionCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::raw::{RawClient, header, kind};
use crate::worker::Corner;

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
    let spoilt: [(Spoil<'_>, RejectionCode, &str); 8] = [
        (&unknown_problem, RejectionCode::UnknownProblem, "problem.id"),
        (&other_revision, RejectionCode::UnknownProblem, "problem.revision"),
        (&outside, RejectionCode::UnknownProblem, "problem.id"),
        (&unknown_language, RejectionCode::UnknownLanguage, "language"),
        (&no_entry, RejectionCode::EntryPoint, "entry_point"),
        (&bad_path, RejectionCode::FileName, "files[0].name"),
        (&bad_flag, RejectionCode::Schema, "validator_flags"),
        (&large, RejectionCode::TooLarge, "files"),
    ];
    let corner = Corner::new().await;
    let worker = corner.ready_worker("patient", &[]).await;
    let mut client = RawClient::connect(&corner.broker).await;
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
        let dead = client.take_dead_letter().await;
        assert_eq!(dead.data, message.to_string().as_bytes());
        assert_eq!(header(&dead, "x-assize-code"), code.name());
        assert_eq!(header(&dead, "x-assize-field"), field);
        assert_eq!(header(&dead, "x-assize-reason"), rejection.reason);
    }
    client.send(b"{]", "no json").await;
    let rejection: Rejection = serde_json::from_slice(&client.answer().await.data).unwrap();
    assert_eq!((rejection.id, rejection.code), (None, RejectionCode::NotJson));

    client.send(good(Uuid::new_v4()).to_string().as_bytes(), "good").await;
    assert_eq!(kind(&client.answer().await), "assize.verdict.v1");
    worker.stop().await;
}
