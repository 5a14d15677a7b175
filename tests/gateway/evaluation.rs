//! `assize eval` with a service that judges.

use std::fs;
use std::process::Output;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::service::Service;
use crate::token_files::Tokens;

/// Tasks whose programs print, with candidates of each kind.
async fn eval(url: &str, token: &str) -> (Output, Vec<Value>) {
    let cases = json!([{ "input": "1 2", "output": "3" }, { "input": "4 5", "output": "9" }]);
    let tasks = [
        json!({ "task_id": "a", "test_cases": cases }),
        json!({ "task_id": "b", "inputs": ["1"], "outputs": ["1"] }),
    ];
    let large = format!("print(1) # {}", "x".repeat(1 << 20));
    let candidates = [
        json!({ "task_id": "a", "solutions": ["print(sum(map(int, input().split())))", "print(3)"] }),
        json!({ "task_id": "b", "solutions": ["print(input())", large] }),
    ];
    eval_of(&tasks, &candidates, url, token).await
}

async fn eval_of(tasks: &[Value], candidates: &[Value], url: &str, token: &str) -> (Output, Vec<Value>) {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let lines = |rows: &[Value]| rows.iter().map(|row| format!("{row}\n")).collect::<String>();
    fs::write(path("tasks.jsonl"), lines(tasks)).unwrap();
    fs::write(path("candidates.jsonl"), lines(candidates)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_assize"))
        .arg("eval")
        .arg(path("tasks.jsonl"))
        .arg("--candidates")
        .arg(path("candidates.jsonl"))
        .args(["--json", "--url", url])
        .env("ASSIZE_TOKEN", token)
        .output()
        .await
        .unwrap();
    let results = fs::read_to_string(path("candidates.results.jsonl")).unwrap_or_default();
    let results = results.lines().map(|line| serde_json::from_str(line).unwrap());
    (output, results.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_judges_candidates_and_one_that_it_refuses_has_no_answer() {
    let service = Service::start().await;
    let (output, mut results) = eval(&format!("http://{}", service.address), "").await;
    service.stop().await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{error}");
    results.sort_by_key(|row| (row["task_id"].to_string(), row["candidate"].as_u64()));
    let outcomes: Vec<_> = results.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["passed", "failed", "passed", "no_answer"], "{results:#?}");
    let reason = results[3]["message"].as_str().unwrap();
    assert!(reason.contains("1048576 are allowed"), "{reason}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let one = &summary["pass_at"][0];
    assert_eq!(
        (&one["estimate"], &one["at_least"]),
        (&json!(0.75), &json!(0.5)),
        "{summary:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_there_is_a_failure_of_ours_before_anything_is_judged() {
    for (url, code, words) in [
        ("http://127.0.0.1:1", 3, "is it running?"),
        ("ftp://127.0.0.1", 2, "neither http:// nor https://"),
    ] {
        let (output, results) = eval(url, "").await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{error}");
        assert!(error.contains(words) && results.is_empty(), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_whose_token_may_not_submit_ends_the_run_with_its_reason() {
    let tokens = Tokens::new();
    let token = tokens.token("site", &["read"]);
    let path = tokens.path();
    let service = Service::with(|settings| settings.serve.token_file = path).await;
    let (output, results) = eval(&format!("http://{}", service.address), &token).await;
    service.stop().await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("the service takes no candidate: "), "{error}");
    assert!(results.len() == 1 && output.stdout.is_empty(), "{results:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_whose_tests_are_wrong_does_not_end_the_run_however_many_candidates_it_has() {
    let tasks = [
        json!({ "task_id": "a", "asserts": ["from nowhere import f\nassert f(1) == 1"] }),
        json!({ "task_id": "b", "inputs": ["1"], "outputs": ["1"] }),
    ];
    let candidates = [
        json!({ "task_id": "a", "solutions": vec!["def f(x): return x"; 21] }),
        json!({ "task_id": "b", "solution": "print(input())" }),
    ];
    let service = Service::start().await;
    let (output, results) = eval_of(&tasks, &candidates, &format!("http://{}", service.address), "").await;
    service.stop().await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{error}");
    let verdicts = |verdict: &str| results.iter().filter(|row| row["verdict"] == verdict).count();
    assert_eq!((verdicts("JE"), verdicts("AC")), (21, 1), "{results:#?}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["no_answer"], 21, "{summary:#}");
}
