//! Which two messages with the same id are the same submission: those that differ in nothing that judging depends on.

use std::collections::{BTreeMap, BTreeSet};

use assize::contract::{Document, parse, schema_of};
use serde_json::{Value, json};

use crate::contract::CAPS;
use crate::contract::bad_messages::good;

/// What identifies a message, is only carried back, or says how long something is kept.
const DOES_NOT_COUNT: [&str; 5] = ["type", "id", "rejudge", "metadata", "keep_s"];

/// A field by its place, with another value.
type Change = (&'static str, Value);

/// A submission that is judged against this.
fn against(target: Value) -> Value {
    let mut message = good();
    message.as_object_mut().unwrap().remove("problem");
    let Value::Object(target) = target else {
        panic!("{target}");
    };
    message.as_object_mut().unwrap().extend(target);
    message
}

/// Of every kind a message, with changes that make another submission of it.
fn kinds() -> Vec<(Value, Vec<Change>)> {
    vec![
        (against(json!({ "problem": { "id": "sum" } })), of_every_kind()),
        (
            against(json!({ "problem": { "id": "other" } })),
            vec![("/problem/id", json!("third")), ("/problem/revision", json!("2"))],
        ),
        (
            against(json!({ "tests": [{ "input": "1", "answer": "2" }] })),
            vec![
                ("/tests/0/input", json!("2")),
                ("/tests/0/answer", json!("3")),
                ("/tests/0/name", json!("first")),
                ("/tests/1", json!({ "input": "" })),
                ("/validator_flags", json!(["case_sensitive"])),
            ],
        ),
        (
            against(json!({ "test_set": format!("sha256:{}", "0".repeat(64)) })),
            vec![
                ("/test_set", json!(format!("sha256:{}", "1".repeat(64)))),
                ("/validator_flags", json!(["case_sensitive"])),
                ("/call_options", json!({ "processes": "forks" })),
            ],
        ),
        (
            against(json!({ "tests": [{ "call": "f", "args": [1], "expect": 2 }] })),
            of_calls(),
        ),
        (
            against(json!({ "functional": { "fn_name": "h", "inputs": [[1]], "outputs": [2] } })),
            vec![
                ("/functional/fn_name", json!("g")),
                ("/functional/inputs", json!([[2]])),
                (
                    "/functional",
                    json!({ "fn_name": "h", "inputs": ["1"], "outputs": ["2"] }),
                ),
                ("/functional/outputs", json!([3])),
                ("/call_options", json!({ "processes": "one" })),
            ],
        ),
        (
            against(json!({ "asserts": ["assert f() == 1"] })),
            vec![
                ("/asserts/0", json!("assert f() == 2")),
                ("/asserts/1", json!("assert f() == 1")),
            ],
        ),
        (
            against(json!({ "tests": [{ "asserts": "def check(c): assert c()", "call": "f" }] })),
            vec![
                ("/tests/0/asserts", json!("def check(c): assert c(1)")),
                ("/tests/0/call", json!("g")),
                ("/tests/0/name", json!("first")),
            ],
        ),
        (
            against(json!({ "pytest": { "test_it.py": "def test(): pass" } })),
            of_pytest(),
        ),
        (against(json!({ "run": { "inputs": [{}] } })), of_runs()),
    ]
}

fn of_every_kind() -> Vec<Change> {
    vec![
        ("/language", json!("pypy3")),
        ("/files/0/name", json!("other.py")),
        ("/files/0/content", json!("print(2)")),
        ("/files/0", json!({ "name": "main.py", "content_base64": "/w==" })),
        ("/files/1", json!({ "name": "helper.py", "content": "" })),
        ("/entry_point", json!("main.py")),
        ("/limits/cpu_ms", json!(1000)),
        ("/limits/wall_ms", json!(1000)),
        ("/limits/memory_bytes", json!(100_000_000)),
        ("/limits/output_bytes", json!(1000)),
        ("/limits/processes", json!(1000)),
        ("/stop_on_first_failure", json!(true)),
        ("/stop_on_first_failure", json!(false)),
    ]
}

fn of_calls() -> Vec<Change> {
    let call = |other: Value| json!([other]);
    vec![
        ("/tests/0/name", json!("first")),
        ("/tests/0/call", json!("g")),
        ("/tests/0/args", json!([2])),
        ("/tests/0/args", json!([1, 1])),
        ("/tests/0/kwargs", json!({ "x": 1 })),
        ("/tests/0/expect", json!(3)),
        ("/tests/0/expect", Value::Null),
        ("/tests", call(json!({ "call": "f", "args": [1], "expect_args": [2] }))),
        (
            "/tests",
            call(json!({ "call": "f", "args": [1], "raises": "ValueError" })),
        ),
        (
            "/tests",
            call(json!({ "call": "f", "args": [1], "expect": [2], "compare": { "mode": "set" } })),
        ),
        ("/tests/0/compare", json!({ "mode": "approximate", "rel": 0.1 })),
        ("/tests/0/compare", json!({ "mode": "approximate", "abs": 0.1 })),
        ("/tests/0/compare", json!({ "tuples_are_lists": true })),
        ("/tests/1", json!({ "call": "f", "args": [1], "expect": 2 })),
        ("/call_options", json!({ "processes": "forks" })),
        ("/call_options", json!({ "processes": "one" })),
    ]
}

fn of_pytest() -> Vec<Change> {
    vec![
        ("/pytest", json!({ "test_other.py": "def test(): pass" })),
        ("/pytest/test_it.py", json!("def test(): assert False")),
        ("/pytest/conftest.py", json!("")),
        ("/pytest_options", json!({ "module": "account" })),
        ("/pytest_options", json!({ "strict": false })),
    ]
}

fn of_runs() -> Vec<Change> {
    vec![
        ("/run/inputs/0/name", json!("first")),
        ("/run/inputs/0/stdin", json!("x")),
        ("/run/inputs/0/stdin_base64", json!("/w==")),
        ("/run/inputs/0/args", json!(["x"])),
        ("/run/inputs/0/args", json!(["x", "y"])),
        ("/run/inputs/0/args", json!(["x y"])),
        ("/run/inputs/0/files", json!([{ "name": "a.txt", "content": "" }])),
        ("/run/inputs/1", json!({})),
        ("/run/fetch", json!([{ "path": "out.txt" }])),
        ("/run/fetch", json!([{ "path": "out.txt", "max_bytes": 1 }])),
    ]
}

/// The message with another value at this place, where there may have been nothing.
fn changed(message: &Value, place: &str, value: &Value) -> Value {
    let (parent, name) = place.rsplit_once('/').unwrap();
    let mut changed = match message.pointer(parent) {
        Some(_there) => message.clone(),
        None => changed(message, parent, &json!({})),
    };
    match changed.pointer_mut(parent).unwrap() {
        Value::Array(items) => match items.get_mut(name.parse::<usize>().unwrap()) {
            Some(item) => item.clone_from(value),
            None => items.push(value.clone()),
        },
        other => other[name] = value.clone(),
    }
    changed
}

fn fingerprint(message: &Value) -> Vec<u8> {
    let parsed = parse(message.to_string().as_bytes(), &CAPS);
    let submission = parsed.unwrap_or_else(|rejected| panic!("{message:#}: {rejected:?}"));
    submission.fingerprint().to_bytes()
}

#[test]
fn every_change_of_what_is_judged_makes_another_submission() {
    let mut known = BTreeMap::new();
    for (message, changes) in kinds() {
        let all = changes.iter().map(|(place, value)| changed(&message, place, value));
        for one in std::iter::once(message.clone()).chain(all) {
            let before = known.insert(fingerprint(&one), one.clone());
            assert_eq!(before, None, "it has the fingerprint of\n{one:#}");
        }
    }
}

#[test]
fn what_is_only_carried_back_or_written_in_another_way_makes_no_other_submission() {
    let message = against(json!({ "run": { "inputs": [{ "stdin": "hi" }] } }));
    let other_id = json!("018f3c2e-5a7b-7c3d-9e4f-000000000000");
    for (place, value) in [
        ("/id", other_id.clone()),
        ("/rejudge", other_id),
        ("/metadata", json!({ "user": "ada" })),
        ("/run/keep_s", json!(600)),
        ("/limits", json!({})),
        ("/run/inputs/0", json!({ "stdin_base64": "aGk=" })),
        ("/run/inputs/0/name", json!("1")),
        (
            "/files/0",
            json!({ "name": "main.py", "content_base64": "cHJpbnQoMSk=" }),
        ),
    ] {
        let other = changed(&message, place, &value);
        assert_eq!(fingerprint(&other), fingerprint(&message), "{other:#}");
    }
}

#[test]
fn the_changes_reach_every_field_of_the_schema() {
    let schema = schema_of(Document::Submission);
    let schema = schema.as_value();
    let definitions = schema["$defs"].as_object().unwrap().values();
    let fields = definitions
        .chain([schema])
        .flat_map(|part| part["properties"].as_object());
    let fields: BTreeSet<&str> = fields.flat_map(|fields| fields.keys()).map(String::as_str).collect();
    let mut reached: BTreeSet<String> = DOES_NOT_COUNT.map(str::to_owned).into();
    for (_message, changes) in kinds() {
        for (place, value) in changes {
            reached.extend(place.split('/').map(str::to_owned));
            names_in(&value, &mut reached);
        }
    }
    let missing: Vec<_> = fields.iter().filter(|field| !reached.contains(**field)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn names_in(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            names.insert(name.clone());
            names_in(value, names);
        }),
        Value::Array(items) => items.iter().for_each(|item| names_in(item, names)),
        _ => {}
    }
}
