//! The obvious guess of another type: which field it is, what is there, what is expected, and how to write it.

use assize::contract::{Rejected, RejectionCode, Requests, RunRequest, TestFile, TestSet, parse};
use serde_json::{Value, json};

use crate::contract::CAPS;
use crate::contract::bad_messages::with;

fn submitted(field: &str, value: Value) -> Rejected {
    let mut request = json!({ "source": "print(1)" });
    request[field] = value;
    match Requests::read(request.to_string().as_bytes(), 1, &CAPS).unwrap() {
        Requests::One(read) => read.unwrap_err(),
        Requests::Many(_) | Requests::TooMany(_) => panic!("{request} is one submission"),
    }
}

#[test]
fn a_field_of_another_type_is_told_by_its_path_with_what_it_is_and_how_to_write_it() {
    let rows = [
        (
            "problem",
            json!("sum"),
            "problem",
            "an object, found the text \"sum\"",
            "\"problem\": {\"id\":\"sum\"}",
        ),
        (
            "problem",
            json!(["sum"]),
            "problem",
            "an object, found a list",
            "\"problem\": {\"id\":\"sum\"}",
        ),
        (
            "problem",
            json!({}),
            "problem.id",
            "missing field `id`",
            "\"id\": \"sum\"",
        ),
        (
            "source",
            json!({ "main.py": "" }),
            "source",
            "a text, found an object",
            "\"source\": \"print(6 * 7)\"",
        ),
        (
            "source",
            json!(["print(1)"]),
            "source",
            "a text, found a list",
            "\"source\": \"print(6 * 7)\"",
        ),
        (
            "files",
            json!({ "main.py": "" }),
            "files",
            "a list, found an object",
            "\"files\": [{\"name\":\"main.py\",\"content\":\"print(6 * 7)\"}]",
        ),
        (
            "files",
            json!(["main.py"]),
            "files[0]",
            "an object, found the text \"main.py\"",
            "{\"name\":\"main.py\",\"content\":\"print(6 * 7)\"}",
        ),
        (
            "tests",
            json!({ "input": "1" }),
            "tests",
            "a list, found an object",
            "\"tests\": [{\"input\":\"1 2\\n\",\"answer\":\"3\\n\"}]",
        ),
        (
            "tests",
            json!([{ "input": 1 }]),
            "tests[0].input",
            "a text, found the number 1",
            "\"input\": \"1 2\\n\"",
        ),
        (
            "tests",
            json!([{ "compare": "exact" }]),
            "tests[0].compare",
            "an object",
            "\"compare\": {\"mode\":",
        ),
        (
            "asserts",
            json!("assert f()"),
            "asserts",
            "a list, found the text",
            "\"asserts\": [\"assert add(1, 2) == 3\"]",
        ),
        (
            "language",
            json!({ "name": "python3" }),
            "language",
            "a text, found an object",
            "\"language\": \"python3\"",
        ),
        (
            "limits",
            json!(2),
            "limits",
            "an object, found the number 2",
            "\"limits\": {\"cpu_ms\":2000,",
        ),
        (
            "limits",
            json!({ "cpu_ms": "2s" }),
            "limits.cpu_ms",
            "a whole number from 0, found the text \"2s\"",
            "\"cpu_ms\": 2000",
        ),
        (
            "limits",
            json!({ "cpu_ms": 1.5 }),
            "limits.cpu_ms",
            "found the number 1.5",
            "\"cpu_ms\": 2000",
        ),
        (
            "run",
            json!(true),
            "run",
            "an object, found true",
            "\"run\": {\"inputs\":[{\"stdin\":",
        ),
        (
            "pytest",
            json!(["t.py"]),
            "pytest",
            "an object, found a list",
            "\"pytest\": {\"test_add.py\":",
        ),
        (
            "call_options",
            json!({ "processes": 4 }),
            "call_options.processes",
            "a text",
            "\"processes\": \"forks\"",
        ),
        (
            "stop_on_first_failure",
            json!("yes"),
            "stop_on_first_failure",
            "true or false, found the text",
            "\"stop_on_first_failure\": true",
        ),
        (
            "validator_flags",
            json!("case_sensitive"),
            "validator_flags",
            "a list",
            "\"validator_flags\": [\"case_sensitive\"]",
        ),
        (
            "metadata",
            json!("ada"),
            "metadata",
            "an object",
            "\"metadata\": {\"user\":\"ada\"}",
        ),
    ];
    for (name, value, field, found, example) in rows {
        let rejected = submitted(name, value);
        assert_eq!(
            (rejected.code, rejected.field.as_deref()),
            (RejectionCode::Schema, Some(field)),
            "{rejected}"
        );
        assert!(
            rejected.reason.contains(found) && rejected.reason.contains("line 1 column"),
            "{rejected}"
        );
        assert!(
            rejected.reason.contains(&format!("; write it as {example}")),
            "{rejected}"
        );
    }
}

#[test]
fn every_way_in_tells_it() {
    let message = parse(with("/problem", "sum".into()).to_string().as_bytes(), &CAPS).unwrap_err();
    let run = RunRequest::read(br#"{"source": "", "stdin": 1}"#, &CAPS).unwrap_err();
    let set = TestSet::read(br#"{"input": ""}"#, &CAPS).unwrap_err();
    let line = TestFile::read("{\"input\": \"\"}\n{\"input\": [1]}\n").unwrap_err();
    let calls = TestFile::read(r#"{"fn_name": "add", "inputs": 1, "outputs": []}"#).unwrap_err();
    for (rejected, field, example) in [
        (message, "problem", "\"problem\": {\"id\":\"sum\"}"),
        (run, "stdin", "\"stdin\": \"1 2\\n\""),
        (set, "tests", "[{\"input\":\"1 2\\n\",\"answer\":\"3\\n\"}]"),
        (line, "line 2, input", "\"input\": \"1 2\\n\""),
        (calls, "inputs", "\"inputs\": [[1,2]]"),
    ] {
        assert_eq!(rejected.field.as_deref(), Some(field), "{rejected}");
        assert!(
            rejected.reason.contains(&format!("write it as {example}")),
            "{rejected}"
        );
    }
}

#[test]
fn an_unknown_field_is_told_with_the_one_that_it_means_and_all_that_are_known() {
    let rows = [
        ("sauce", json!(""), "sauce", " (did you mean source?)"),
        ("problem_id", json!("sum"), "problem_id", " (did you mean problem?)"),
        ("colour", json!(""), "colour", ""),
        (
            "limits",
            json!({ "cpu_seconds": 2 }),
            "limits.cpu_seconds",
            " (did you mean cpu_ms?)",
        ),
        (
            "tests",
            json!([{ "inputs": "" }]),
            "tests[0].inputs",
            " (did you mean input?)",
        ),
    ];
    for (name, value, field, meant) in rows {
        let rejected = submitted(name, value);
        let key = field.rsplit('.').next().unwrap();
        assert_eq!(
            (rejected.code, rejected.field.as_deref()),
            (RejectionCode::Schema, Some(field)),
            "{rejected}"
        );
        assert!(
            rejected
                .reason
                .starts_with(&format!("unknown field `{key}`{meant} at line 1")),
            "{rejected}"
        );
        assert!(rejected.reason.contains("; known are "), "{rejected}");
    }
    let unknown = submitted("call_options", json!({ "processes": "fork" }));
    assert_eq!(unknown.code, RejectionCode::UnknownType);
    assert!(unknown.reason.contains("(did you mean forks?)"), "{unknown}");
}
