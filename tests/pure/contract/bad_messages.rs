//! Every way to get a submission wrong: what is told, and of which field.

use assize::contract::{Document, RejectionCode, SubmissionCaps, parse};
use serde_json::{Value, json};

use crate::contract::CAPS;
use crate::contract::schemas::validator;

pub(crate) const ID: &str = "01936d5a-4c00-7a3e-9c51-2f1b6a7d9e01";

pub(crate) fn good() -> Value {
    json!({
        "type": "assize.submission.v1",
        "id": ID,
        "language": "python3",
        "files": [{ "name": "main.py", "content": "print(1)" }],
        "problem": { "id": "sum" },
    })
}

/// A good message with `value` at the JSON pointer `at`, where there may have been nothing.
pub(crate) fn with(at: &str, value: Value) -> Value {
    let mut message = good();
    let (object, key) = at.rsplit_once('/').unwrap();
    message.pointer_mut(object).unwrap()[key] = value;
    message
}

fn without(key: &str) -> Value {
    let mut message = good();
    message.as_object_mut().unwrap().remove(key);
    message
}

fn with_tests(tests: Value) -> Value {
    let mut message = without("problem");
    message["tests"] = tests;
    message
}

pub(crate) fn named(names: &[&str]) -> Value {
    let files: Vec<Value> = names
        .iter()
        .map(|name| json!({ "name": name, "content": "" }))
        .collect();
    with("/files", files.into())
}

/// Whether the schema can say what is wrong, too; some rules are beyond it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Schema {
    Refuses,
    CannotTell,
}

use RejectionCode::{EntryPoint, FileName, Limits, Schema as BadField, TooLarge, UnknownType};
use Schema::{CannotTell, Refuses};

#[test]
fn a_wrong_field_is_refused_by_name() {
    let kib = |kib: usize| "#".repeat(kib << 10);
    let cases: Vec<(Value, RejectionCode, &str, Schema)> = vec![
        // The message.
        (without("type"), BadField, "type", Refuses),
        (
            with("/type", "assize.submission.v2".into()),
            UnknownType,
            "type",
            Refuses,
        ),
        (with("/type", 1.into()), UnknownType, "type", Refuses),
        (without("id"), BadField, "id", Refuses),
        (with("/id", "4711".into()), BadField, "id", Refuses),
        (with("/id", Value::Null), BadField, "id", Refuses),
        (without("language"), BadField, "language", Refuses),
        (with("/language", 3.into()), BadField, "language", Refuses),
        (with("/langauge", "python3".into()), BadField, "langauge", Refuses),
        (
            with("/stop_on_first_failure", "yes".into()),
            BadField,
            "stop_on_first_failure",
            Refuses,
        ),
        // Files.
        (without("files"), BadField, "files", Refuses),
        (with("/files", json!([])), EntryPoint, "files", Refuses),
        (with("/files", json!({})), BadField, "files", Refuses),
        (with("/files", "print(1)".into()), BadField, "files", Refuses),
        (
            with("/files", json!([["main.py", "print(1)", null]])),
            BadField,
            "files[0]",
            Refuses,
        ),
        (
            with("/files", json!([{ "content": "" }])),
            BadField,
            "files[0].name",
            Refuses,
        ),
        (with("/files/0/mode", 0o755.into()), BadField, "files[0].mode", Refuses),
        (
            with("/files/0/content", json!(["print(1)"])),
            BadField,
            "files[0].content",
            Refuses,
        ),
        (with("/files/0/content", Value::Null), BadField, "files[0]", Refuses),
        (
            with("/files/0/content_base64", "".into()),
            BadField,
            "files[0]",
            Refuses,
        ),
        (
            with("/files", json!([{ "name": "a.py", "content_base64": "cHJpbnQ" }])),
            BadField,
            "files[0].content_base64",
            CannotTell,
        ),
        (named(&["a.py", "b.py", "c.py", "d.py"]), TooLarge, "files", CannotTell),
        (
            named(&[&format!("{}x.py", "a/".repeat(33))]),
            FileName,
            "files[0].name",
            Refuses,
        ),
        (with("/files/0/content", kib(9).into()), TooLarge, "files", CannotTell),
        (
            with("/entry_point", "other.py".into()),
            EntryPoint,
            "entry_point",
            CannotTell,
        ),
        (with("/entry_point", "".into()), EntryPoint, "entry_point", CannotTell),
        // What it is judged against.
        (without("problem"), BadField, "problem", Refuses),
        (with("/tests", json!([{ "input": "" }])), BadField, "tests", Refuses),
        (with("/test_set", json!("sha256:7")), BadField, "test_set", Refuses),
        (
            with("/test_set", json!(format!("sha256:{:064}", 0))),
            BadField,
            "test_set",
            Refuses,
        ),
        (with("/problem", "sum".into()), BadField, "problem", Refuses),
        (with("/problem", json!(["sum", null])), BadField, "problem", Refuses),
        (with("/problem", json!({ "id": null })), BadField, "problem.id", Refuses),
        (with("/problem", json!({})), BadField, "problem.id", Refuses),
        (with("/problem/version", 1.into()), BadField, "problem.version", Refuses),
        (
            with("/validator_flags", json!(["case_sensitive"])),
            BadField,
            "validator_flags",
            Refuses,
        ),
        (
            with("/validator_flags", "case_sensitive".into()),
            BadField,
            "validator_flags",
            Refuses,
        ),
        (with_tests(json!([])), BadField, "tests", Refuses),
        (with_tests(json!([{}])), BadField, "tests[0].input", Refuses),
        (with_tests(json!([[null, "1", "1"]])), BadField, "tests[0]", Refuses),
        (
            with_tests(json!([{ "input": "", "output": "" }])),
            BadField,
            "tests[0].output",
            Refuses,
        ),
        (
            with_tests(json!([{ "input": "", "name": "" }])),
            BadField,
            "tests[0].name",
            Refuses,
        ),
        (
            with_tests(json!([{ "input": "", "name": "a\0" }])),
            BadField,
            "tests[0].name",
            CannotTell,
        ),
        (
            with_tests(json!([{ "input": "", "name": "2" }, { "input": "" }])),
            BadField,
            "tests[1].name",
            CannotTell,
        ),
        (
            with_tests(json!(vec![json!({ "input": "" }); 4])),
            TooLarge,
            "tests",
            CannotTell,
        ),
        // Limits.
        (with("/limits", json!([1])), BadField, "limits", Refuses),
        (
            with("/limits", json!({ "cpu_ms": -1 })),
            BadField,
            "limits.cpu_ms",
            Refuses,
        ),
        (
            with("/limits", json!({ "cpu_ms": 0 })),
            Limits,
            "limits.cpu_ms",
            Refuses,
        ),
        (
            with("/limits", json!({ "wall_ms": 1.5 })),
            BadField,
            "limits.wall_ms",
            Refuses,
        ),
        (
            with("/limits", json!({ "wall_ms": "1s" })),
            BadField,
            "limits.wall_ms",
            Refuses,
        ),
        (
            with("/limits", json!({ "memory_bytes": 4096 })),
            Limits,
            "limits.memory_bytes",
            Refuses,
        ),
        (
            with("/limits", json!({ "output_bytes": 0 })),
            Limits,
            "limits.output_bytes",
            Refuses,
        ),
        (
            with("/limits", json!({ "processes": 0 })),
            Limits,
            "limits.processes",
            Refuses,
        ),
        (
            with("/limits", json!({ "cpu_ms": 1e20 })),
            BadField,
            "limits.cpu_ms",
            CannotTell,
        ),
        (
            with("/limits", json!({ "cpu_seconds": 1 })),
            BadField,
            "limits.cpu_seconds",
            Refuses,
        ),
        // Metadata.
        (with("/metadata", json!(["a"])), BadField, "metadata", Refuses),
        (
            with("/metadata", json!({ "a": kib(2) })),
            TooLarge,
            "metadata",
            CannotTell,
        ),
    ];
    for (message, code, field, by_schema) in cases {
        refused(&message, code, field, by_schema);
    }
}

#[test]
fn a_file_name_that_could_leave_its_directory_or_hide_another_file_is_refused() {
    let long = "a".repeat(256);
    let cases: [(&[&str], usize, Schema); 16] = [
        (&[""], 0, Refuses),
        (&["a.py", "../x"], 1, Refuses),
        (&["a/../../x"], 0, Refuses),
        (&[".."], 0, Refuses),
        (&["."], 0, Refuses),
        (&["/etc/passwd"], 0, Refuses),
        (&["a//b"], 0, Refuses),
        (&["a/"], 0, Refuses),
        (&["./a"], 0, Refuses),
        (&["a\\b"], 0, Refuses),
        (&["a\0.py"], 0, Refuses),
        (&["a\n.py", "a.py"], 0, Refuses),
        (&["a\u{9b}31m"], 0, Refuses),
        (&[&long], 0, Refuses),
        (&["a.py", "a.py"], 1, CannotTell),
        (&["a/b.py", "a"], 0, CannotTell),
    ];
    for (names, wrong, by_schema) in cases {
        refused(&named(names), FileName, &format!("files[{wrong}].name"), by_schema);
    }
}

/// Says no for the right reason, and so does the schema if it can.
fn refused(message: &Value, code: RejectionCode, field: &str, by_schema: Schema) {
    let body = message.to_string();
    let rejected = parse(body.as_bytes(), &CAPS).unwrap_err();
    assert_eq!(
        (rejected.code, rejected.field.as_deref()),
        (code, Some(field)),
        "{rejected}\n{body}"
    );
    let schema = validator(Document::Submission);
    assert_eq!(!schema.is_valid(message), by_schema == Refuses, "the schema on {body}");
    let readable = message["id"].as_str() == Some(ID);
    assert_eq!(rejected.id.is_some(), readable, "{body}");
}

#[test]
fn what_looks_odd_but_is_right_is_accepted() {
    let cases = [
        named(&["...", "a b/c d", "naïve.py"]),
        named(&[".hidden/..x", "..a", "a..b"]),
        named(&[&format!("{}x.py", "a/".repeat(32))]),
        with("/limits", json!({ "cpu_ms": u64::MAX })),
        with(
            "/files",
            json!([{ "name": "a.py", "content": null, "content_base64": "/w==" }]),
        ),
        with("/tests", Value::Null),
        with_tests(json!([{ "input": "", "name": "2" }])),
    ];
    let schema = validator(Document::Submission);
    for message in cases {
        parse(message.to_string().as_bytes(), &CAPS).unwrap();
        assert!(schema.is_valid(&message), "the schema on {message}");
    }
}

#[test]
fn names_that_are_too_long_together_are_refused_however_many_files_may_come() {
    let caps = SubmissionCaps {
        files: 1000,
        message_bytes: 1 << 20,
        ..CAPS
    };
    for (count, is_taken) in [(200, true), (300, false)] {
        let names: Vec<String> = (0..count).map(|number| format!("{number:0>240}.py")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut message = named(&names);
        message["entry_point"] = names[0].into();
        match parse(message.to_string().as_bytes(), &caps) {
            Ok(_) => assert!(is_taken, "{count}"),
            Err(rejected) => assert_eq!((rejected.code, is_taken), (TooLarge, false), "{rejected}"),
        }
    }
}
