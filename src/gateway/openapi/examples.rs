//! Requests that are shown in the `OpenAPI` document.

use serde_json::{Value, json};

use crate::gateway::routes::list::Operation;

/// Bodies of a route, by their names.
pub(super) fn examples(operation: Operation) -> Value {
    match operation {
        Operation::Run => json!({
            "one": { "summary": "A program with its input", "value": { "source": "print(int(input()) * 2)", "stdin": "21" } },
            "many": { "summary": "Several inputs for one program", "value": several_inputs() },
        }),
        Operation::Submit => json!({
            "problem": { "summary": "Judged by a problem", "value": judged_by("sum") },
            "tests": { "summary": "Judged by tests of its own", "value": judged_by_tests() },
            "run": { "summary": "Run only", "value": { "source": "print(input())", "run": { "inputs": [{ "stdin": "hi" }] } } },
            "many": { "summary": "Several submissions", "value": [judged_by("sum"), judged_by_tests()] },
        }),
        Operation::UploadTestSet => json!({
            "programs": { "summary": "Tests of programs", "value": judged_by_tests()["tests"] },
            "calls": { "summary": "Calls of functions", "value": [{ "call": "add", "args": [1, 2], "expect": 3 }] },
        }),
        _ => json!({}),
    }
}

fn several_inputs() -> Value {
    json!({
        "files": [
            { "name": "main.py", "content": "import helper\nprint(helper.twice(input()))" },
            { "name": "helper.py", "content_base64": "ZGVmIHR3aWNlKHRleHQpOgogICAgcmV0dXJuIHRleHQgKiAyCg==" },
        ],
        "inputs": [{ "stdin": "a" }, { "stdin_base64": "Yg==", "args": ["--loud"] }],
        "limits": { "cpu_ms": 2000, "memory_bytes": 134_217_728 },
        "metadata": { "lesson": 3 },
    })
}

fn judged_by(problem: &str) -> Value {
    json!({ "source": "print(sum(map(int, input().split())))", "problem": { "id": problem } })
}

fn judged_by_tests() -> Value {
    json!({
        "source": "print(int(input()) * 2)",
        "tests": [{ "input": "1\n", "answer": "2\n" }, { "name": "large", "input": "21\n", "answer": "42\n" }],
        "stop_on_first_failure": true,
        "metadata": { "user": "ada" },
    })
}
