//! What is wrong with a request, in the words of the dialect that it speaks.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::dialects::{programs, speaking};

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told_in_the_words_of_the_dialect() {
    let service = speaking(|_settings| {}).await;
    let judge0 = |more: Value| merged(json!({ "source_code": "print(1)", "language_id": 71 }), more);
    let piston = |more: Value| {
        let whole = json!({ "language": "python", "version": "*", "files": [{ "content": "print(1)" }] });
        merged(whole, more)
    };
    let evaluate =
        |data: Value| json!({ "completion": "print(1)", "config": { "language": "python", "provided_data": data } });
    let call = |name: &str| json!({ "type": "function_call", "fn_name": name, "input": [1], "output": [1] });
    let auto_eval = |more: Value| evaluate(json!({ "test": merged(json!({ "code": "assert f()" }), more) }));
    let with_id = |id: Value| merged(evaluate(json!({ "test_list": ["assert f()"] })), json!({ "id": id }));
    let zip = |name: &str, content: &[u8]| judge0(json!({ "additional_files": zip_of(name, content) }));
    for (path, body, status, key) in [
        ("/submissions", json!([]), 400, "error"),
        ("/submissions", json!({ "language_id": 71 }), 422, "source_code"),
        ("/submissions", json!({ "source_code": "print(1)" }), 422, "language_id"),
        ("/submissions", judge0(json!({ "language_id": 50 })), 422, "language_id"),
        (
            "/submissions",
            judge0(json!({ "language_id": "x" })),
            422,
            "language_id",
        ),
        (
            "/submissions?base64_encoded=true",
            judge0(json!({})),
            422,
            "source_code",
        ),
        (
            "/submissions",
            judge0(json!({ "number_of_runs": 0 })),
            422,
            "number_of_runs",
        ),
        (
            "/submissions",
            judge0(json!({ "number_of_runs": 21 })),
            422,
            "number_of_runs",
        ),
        (
            "/submissions",
            judge0(json!({ "memory_limit": 1 })),
            422,
            "memory_limit",
        ),
        (
            "/submissions",
            judge0(json!({ "cpu_time_limit": 0 })),
            422,
            "cpu_time_limit",
        ),
        (
            "/submissions",
            judge0(json!({ "command_line_arguments": "'" })),
            422,
            "command_line_arguments",
        ),
        (
            "/submissions",
            judge0(json!({ "additional_files": "!" })),
            422,
            "additional_files",
        ),
        (
            "/submissions",
            judge0(json!({ "additional_files": "aGk=" })),
            422,
            "additional_files",
        ),
        ("/submissions", zip("../x", b""), 422, "additional_files"),
        ("/submissions", zip("script.py", b""), 422, "additional_files"),
        (
            "/submissions",
            judge0(json!({ "additional_files": twins_of("one.txt", "two.txt") })),
            422,
            "additional_files",
        ),
        ("/submissions", zip("x", &[0; 2 << 20]), 422, "additional_files"),
        (
            "/submissions",
            judge0(json!({ "enable_network": true })),
            422,
            "enable_network",
        ),
        (
            "/submissions",
            judge0(json!({ "callback_url": "http://x" })),
            422,
            "callback_url",
        ),
        (
            "/submissions?wait=true&fields=stdout,x",
            judge0(json!({})),
            400,
            "error",
        ),
        ("/submissions/batch", json!({}), 400, "error"),
        ("/submissions/batch", json!({ "submissions": [] }), 400, "error"),
        ("/submissions/batch", json!({ "submissions": 7 }), 422, "submissions"),
        (
            "/submissions/batch",
            json!({ "submissions": vec![judge0(json!({})); 501] }),
            400,
            "error",
        ),
        ("/api/v2/execute", json!({}), 400, "message"),
        ("/api/v2/execute", piston(json!({ "files": [] })), 400, "message"),
        ("/api/v2/execute", piston(json!({ "version": "2.x" })), 400, "message"),
        ("/api/v2/execute", piston(json!({ "language": "rust" })), 400, "message"),
        (
            "/api/v2/execute",
            piston(json!({ "files": [{ "content": "!", "encoding": "hex" }] })),
            400,
            "message",
        ),
        (
            "/api/v2/execute",
            piston(json!({ "files": [{ "content": "", "name": "../x" }] })),
            400,
            "message",
        ),
        (
            "/api/v2/execute",
            piston(json!({ "run_memory_limit": 1 })),
            400,
            "message",
        ),
        ("/run_code", json!({ "language": "python" }), 400, "detail"),
        ("/run_code", json!({ "code": "", "language": "cpp" }), 422, "detail"),
        (
            "/run_code",
            json!({ "code": "", "language": "python", "files": { "/x": "" } }),
            400,
            "detail",
        ),
        (
            "/run_code",
            json!({ "code": "", "language": "python", "fetch_files": ["../x"] }),
            400,
            "detail",
        ),
        ("/submit", evaluate(json!(null)), 422, "detail"),
        ("/submit", evaluate(json!({ "test": [] })), 422, "detail"),
        (
            "/submit",
            evaluate(json!({ "test": [{ "input": { "a.txt": "" }, "output": { "stdout": "" } }] })),
            422,
            "detail",
        ),
        (
            "/submit",
            evaluate(json!({ "test_cases": [{ "type": "assert", "input": "", "output": "" }] })),
            422,
            "detail",
        ),
        (
            "/submit",
            evaluate(json!({ "test_cases": { "fn_name": "f", "input": ["["], "output": [""] } })),
            400,
            "detail",
        ),
        (
            "/submit",
            evaluate(json!({ "test_cases": { "input": [""], "output": [] } })),
            422,
            "detail",
        ),
        (
            "/common_evaluate",
            evaluate(json!({ "test_cases": [call("f"), call("g")] })),
            422,
            "detail",
        ),
        (
            "/common_evaluate_batch",
            evaluate(json!({ "test_cases": { "type": "assert", "entry_point": "f" } })),
            422,
            "detail",
        ),
        ("/submit", auto_eval(json!({ "asset": { "a.txt": "" } })), 422, "detail"),
        ("/submit", auto_eval(json!({ "code": "#<INSERT>" })), 422, "detail"),
        ("/submit", auto_eval(json!({ "code": null })), 422, "detail"),
        (
            "/submit",
            evaluate(json!({ "test": { "code": "assert f()" }, "labels": { "programming_language": "java" } })),
            422,
            "detail",
        ),
        ("/submit", with_id(json!("x".repeat(256))), 400, "detail"),
        ("/submit", with_id(json!([1])), 400, "detail"),
    ] {
        let told = service.post(path, &body).await.json(status);
        assert!(!told[key].is_null(), "{path} {body}: {told}");
    }
    let client = service.client().with("content-type", "text/plain");
    for (path, body, key) in programs("print(1)") {
        let told = client.send("POST", path, Some(&body.to_string())).await.json(415);
        assert!(told[key].is_string(), "{path}: {told}");
    }
    for (path, status) in [
        ("/submissions/x", 404),
        ("/submissions/018f3c2e-5a7b-4c3d-9e4f-1a2b3c4d5e6f", 404),
        ("/languages/1", 404),
        ("/languages/x", 404),
    ] {
        assert!(service.get(path).await.json(status)["error"].is_string(), "{path}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_change_a_result_is_honoured_or_refused_and_never_passed_over() {
    let service = speaking(|_settings| {}).await;
    let judge0 = json!({ "source_code": "print('x' * 3_000_000)", "language_id": 71 });
    for (field, value) in [
        ("compiler_options", json!("-O")),
        ("enable_network", json!(true)),
        ("redirect_stderr_to_stdout", json!(true)),
        ("enable_per_process_and_thread_time_limit", json!(true)),
        ("enable_per_process_and_thread_memory_limit", json!(true)),
        ("stack_limit", json!(63_999)),
        ("max_file_size", json!("1023")),
    ] {
        let body = merged(judge0.clone(), json!({ field: value }));
        let told = service.post("/submissions", &body).await.json(422);
        let complaint = told[field][0].as_str().unwrap_or_default();
        assert!(complaint.starts_with("is not supported here; "), "{field}: {told}");
    }
    // What clients send as it is documented; 8 is Judge0's status for too much output.
    let usual = json!({
        "cpu_extra_time": 0.5, "stack_limit": 64000, "enable_network": false, "redirect_stderr_to_stdout": false,
        "enable_per_process_and_thread_time_limit": false, "enable_per_process_and_thread_memory_limit": false,
    });
    for (kib, status) in [(json!(1024), 8), (json!(4096), 3), (json!(null), 8)] {
        let body = merged(merged(judge0.clone(), usual.clone()), json!({ "max_file_size": kib }));
        let told = service.post("/submissions?wait=true", &body).await.json(201);
        assert_eq!(told["status"]["id"], status, "{kib}: {told}");
    }
    // As Rails reads them.
    let cast = json!({
        "source_code": "print(int(input()) + 1)", "language_id": "71", "stdin": 12_345_678_901_234_567_u64,
        "expected_output": 12_345_678_901_234_568_u64, "enable_network": "false", "redirect_stderr_to_stdout": 0,
        "enable_per_process_and_thread_time_limit": "",
    });
    let told = service.post("/submissions?wait=true", &cast).await.json(201);
    assert_eq!(told["status"]["id"], 3, "{told}");
    let refused = merged(cast, json!({ "enable_network": "on" }));
    assert!(service.post("/submissions", &refused).await.json(422)["enable_network"].is_array());
    let answer = |more: Value| {
        let config = json!({ "language": "python", "provided_data": { "test_list": ["assert f() == 1"] } });
        json!({ "completion": "def f():\n    return 1", "config": merged(config, more) })
    };
    for (field, more) in [
        (
            "custom_extract_logic",
            json!({ "custom_extract_logic": "submit_code_blocks([])" }),
        ),
        (
            "extra.special_judge_program",
            json!({ "extra": { "special_judge_program": "exit(0)" } }),
        ),
    ] {
        let refused = service.post("/submit", &answer(more)).await.json(422);
        let detail = refused["detail"].as_str().unwrap();
        assert!(
            detail.starts_with(&format!("config.{field}: is not supported here; ")),
            "{refused}"
        );
    }
    let uncalled = json!({
        "completion": "def f():\n    return 1",
        "config": { "language": "python", "provided_data": { "test": "def check(f):\n    assert f() == 1" } },
    });
    let refused = service.post("/submit", &uncalled).await.json(400);
    let detail = refused["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("config.provided_data: the test \"1\" asks the program for nothing"),
        "{refused}"
    );
    let unsaid = json!({ "custom_extract_logic": null, "run_timeout": 0, "extra": { "special_judge_program": "" } });
    let accepted = service.post("/submit", &answer(unsaid)).await.json(200);
    // Clients refuse an answer without an id.
    assert_eq!(
        (&accepted["accepted"], &accepted["id"]),
        (&json!(true), &json!(0)),
        "{accepted}"
    );
    service.stop().await;
}

fn merged(mut whole: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        whole[name] = value.clone();
    }
    whole
}

fn zip_of(name: &str, content: &[u8]) -> String {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(name, SimpleFileOptions::default()).unwrap();
    zip.write_all(content).unwrap();
    STANDARD.encode(zip.finish().unwrap().into_inner())
}

/// An archive of two files, the second of which was given the name of the first.
fn twins_of(first: &str, second: &str) -> String {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in [first, second] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    while let Some(at) = bytes.windows(second.len()).position(|name| name == second.as_bytes()) {
        bytes[at..at + first.len()].copy_from_slice(first.as_bytes());
    }
    STANDARD.encode(bytes)
}
