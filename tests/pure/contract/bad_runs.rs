//! Every way to get a run wrong: what is told, and of which field.

use assize::contract::{Document, RejectionCode, Target, parse};
use serde_json::{Value, json};

use crate::contract::CAPS;
use crate::contract::bad_messages::good;
use crate::contract::schemas::validator;
use RejectionCode::{FileName, Schema as BadField, TooLarge};

fn to_run(run: Value) -> Value {
    let mut message = good();
    message.as_object_mut().unwrap().remove("problem");
    message["run"] = run;
    message
}

fn beside(name: &str) -> Value {
    to_run(json!({ "inputs": [{ "files": [{ "name": name, "content": "" }] }] }))
}

fn parsed(message: &Value) -> Result<Target, (RejectionCode, String)> {
    let body = serde_json::to_vec(message).unwrap();
    parse(&body, &CAPS)
        .map(|submission| submission.target)
        .map_err(|rejected| (rejected.code, rejected.field.unwrap_or_default()))
}

#[test]
fn a_wrong_run_is_refused_by_the_name_of_its_field() {
    let mut with_problem = to_run(json!({}));
    with_problem["problem"] = json!({ "id": "sum" });
    let mut with_flags = to_run(json!({}));
    with_flags["validator_flags"] = json!(["case_sensitive"]);
    let four = ["a", "b", "c", "d"].map(|path| json!({ "path": path }));
    // Whether the schema can tell, too: it knows neither caps nor other fields.
    let cases = [
        (with_problem, BadField, "run", true),
        (with_flags, BadField, "validator_flags", true),
        (to_run(json!([])), BadField, "run", true),
        (to_run(json!({ "stdin": "1" })), BadField, "run.stdin", true),
        (to_run(json!({ "inputs": [] })), BadField, "run.inputs", true),
        (
            to_run(json!({ "inputs": vec![json!({}); 4] })),
            TooLarge,
            "run.inputs",
            false,
        ),
        (
            to_run(json!({ "inputs": [["1", "x"]] })),
            BadField,
            "run.inputs[0]",
            true,
        ),
        (
            to_run(json!({ "inputs": [{ "stdin": "1", "stdin_base64": "MQ==" }] })),
            BadField,
            "run.inputs[0]",
            true,
        ),
        (
            to_run(json!({ "inputs": [{ "stdin_base64": "?" }] })),
            BadField,
            "run.inputs[0].stdin_base64",
            false,
        ),
        (
            to_run(json!({ "inputs": [{ "name": "2" }, {}] })),
            BadField,
            "run.inputs[1].name",
            false,
        ),
        (
            to_run(json!({ "inputs": [{ "args": ["a\u{0}b"] }] })),
            BadField,
            "run.inputs[0].args",
            false,
        ),
        (
            to_run(json!({ "inputs": [{ "args": vec!["x"; 2000] }] })),
            TooLarge,
            "run.inputs[0].args",
            false,
        ),
        (beside("../up"), FileName, "run.inputs[0].files[0].name", true),
        (beside("main.py"), FileName, "run.inputs[0].files[0].name", false),
        (beside("main.py/x"), FileName, "run.inputs[0].files", false),
        (to_run(json!({ "fetch": ["out.txt"] })), BadField, "run.fetch[0]", true),
        (
            to_run(json!({ "fetch": [{ "path": "/etc/passwd" }] })),
            FileName,
            "run.fetch[0].path",
            true,
        ),
        (
            to_run(json!({ "fetch": [{ "path": "a" }, { "path": "a" }] })),
            BadField,
            "run.fetch[1].path",
            false,
        ),
        (
            to_run(json!({ "fetch": [{ "path": "a", "max_bytes": 0 }] })),
            BadField,
            "run.fetch[0].max_bytes",
            true,
        ),
        (to_run(json!({ "fetch": four })), TooLarge, "run.fetch", false),
    ];
    let schema = validator(Document::Submission);
    for (message, code, field, refused_by_schema) in cases {
        assert_eq!(parsed(&message), Err((code, field.to_owned())), "{message}");
        assert_eq!(!schema.is_valid(&message), refused_by_schema, "{message}");
    }
}

#[test]
fn a_run_without_inputs_is_one_run_with_nothing_to_read() {
    let Ok(Target::Run(run)) = parsed(&to_run(json!({}))) else {
        panic!("an empty run is a run");
    };
    assert_eq!((run.inputs.len(), run.inputs[0].name.as_str()), (1, "1"));
    assert!(run.inputs[0].stdin.is_empty() && run.fetch.is_empty());
}
