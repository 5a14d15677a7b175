//! The schemas under `docs/schema` are those of the types, and the messages under `docs/examples` obey them.

use std::fs;

use assize::contract::{
    Cancel, Document, Judgement, Progress, Rejection, RejectionCode, RunResult, RunStatus, SecurityEvent, SecurityKind,
    SubmissionMessage, Verdict, parse, schema_of,
};
use jsonschema::Validator;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::CAPS;

pub(crate) fn validator(document: Document) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(schema_of(document).as_value())
        .unwrap()
}

fn example(name: &str) -> Value {
    let path = format!("docs/examples/{name}.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_published_schemas_are_those_of_the_types() {
    for document in Document::ALL {
        let name = document.name();
        let path = format!("docs/schema/{name}.json");
        let published = fs::read_to_string(&path).unwrap_or_default();
        let current = serde_json::to_string_pretty(&schema_of(document)).unwrap() + "\n";
        assert!(
            published == current,
            "{path} is out of date; write it again with: cargo run -- schema {name} > {path}"
        );
    }
}

#[test]
fn a_schema_is_a_valid_schema() {
    for document in Document::ALL {
        jsonschema::draft202012::meta::validate(schema_of(document).as_value()).unwrap();
    }
}

#[test]
fn the_examples_obey_their_schemas_and_lose_nothing_when_they_are_read() {
    let examples = [
        ("submission-problem", Document::Submission),
        ("submission-tests", Document::Submission),
        ("submission-run", Document::Submission),
        ("submission-test-set", Document::Submission),
        ("submission-calls", Document::Submission),
        ("submission-pytest", Document::Submission),
        ("result", Document::Result),
        ("verdict", Document::Verdict),
        ("progress", Document::Progress),
        ("rejection", Document::Rejection),
        ("security", Document::Security),
        ("cancel", Document::Cancel),
    ];
    for (name, document) in examples {
        let json = example(name);
        if let Err(error) = validator(document).validate(&json) {
            panic!("docs/examples/{name}.json: {}: {error}", error.instance_path());
        }
        let again = match document {
            Document::Submission => round_trip::<SubmissionMessage>(&json),
            Document::Verdict => round_trip::<Judgement>(&json),
            Document::Result => round_trip::<RunResult>(&json),
            Document::Progress => round_trip::<Progress>(&json),
            Document::Rejection => round_trip::<Rejection>(&json),
            Document::Security => round_trip::<SecurityEvent>(&json),
            Document::Cancel => round_trip::<Cancel>(&json),
        };
        assert_eq!(again, json, "docs/examples/{name}.json");
    }
}

fn round_trip<T: DeserializeOwned + Serialize>(json: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(json.clone()).unwrap()).unwrap()
}

#[test]
fn the_example_submissions_are_accepted() {
    for name in ["submission-problem", "submission-tests", "submission-run"] {
        let body = serde_json::to_vec(&example(name)).unwrap();
        parse(&body, &CAPS).unwrap();
    }
}

#[test]
fn a_document_with_a_wrong_or_missing_field_is_refused_by_its_schema() {
    let spoilt: [(&str, Document, &str, Value); 9] = [
        ("verdict", Document::Verdict, "/verdict", "OK".into()),
        ("result", Document::Result, "/status", "AC".into()),
        ("result", Document::Result, "/runs/0/stdout/bytes", "3".into()),
        ("verdict", Document::Verdict, "/tests/0/cpu_ms", (-1).into()),
        ("verdict", Document::Verdict, "/score", Value::Null),
        ("verdict", Document::Verdict, "/judged_at", "yesterday".into()),
        ("progress", Document::Progress, "/finished", 1.5.into()),
        ("rejection", Document::Rejection, "/code", "rude".into()),
        ("rejection", Document::Rejection, "/type", "assize.verdict.v1".into()),
    ];
    for (name, document, field, wrong) in spoilt {
        let mut json = example(name);
        *json.pointer_mut(field).unwrap() = wrong;
        if field == "/score" {
            json.as_object_mut().unwrap().remove("score");
        }
        assert!(!validator(document).is_valid(&json), "{name} with a wrong {field}");
    }
}

#[test]
fn a_name_in_metrics_and_routing_keys_is_the_word_on_the_wire() {
    for verdict in Verdict::ALL {
        assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.code());
    }
    for status in [RunStatus::Ok, RunStatus::Tle, RunStatus::Cancelled] {
        assert_eq!(serde_json::to_value(status).unwrap(), status.code());
    }
    for kind in SecurityKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        assert_eq!(serde_json::to_value(kind.severity()).unwrap(), kind.severity().name());
        assert_eq!(serde_json::to_value(kind.source()).unwrap(), kind.source().name());
    }
    for code in RejectionCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.name());
    }
}

#[test]
fn a_document_with_a_word_that_only_a_later_version_knows_is_read() {
    let mut rejection = example("rejection");
    rejection["code"] = "unheard_of".into();
    let rejection: Rejection = serde_json::from_value(rejection).unwrap();
    assert_eq!(rejection.code, RejectionCode::Other);
    let mut event = example("security");
    event["kind"] = "unheard_of".into();
    let event: SecurityEvent = serde_json::from_value(event).unwrap();
    assert_eq!(event.finding.kind, SecurityKind::Other);
}
