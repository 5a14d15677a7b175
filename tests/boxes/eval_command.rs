//! `assize eval` in boxes of this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::waiting::eventually;

const TASKS: &str = "docs/examples/eval/tasks.jsonl";
const CANDIDATES: &str = "docs/examples/eval/candidates.jsonl";

/// Verdicts of the example's candidates, in order.
const VERDICTS: [(&str, &[&str]); 6] = [
    ("completion/add", &["AC", "AC", "WA"]),
    ("asserts/largest", &["AC", "AC", "WA"]),
    ("printing/double", &["AC", "WA", "WA"]),
    ("calling/two-sum", &["AC", "AC", "TLE"]),
    ("cases/join", &["AC"]),
    ("tests/half", &["AC"]),
];

fn eval(tasks: &Path, candidates: &Path, results: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command
        .arg("eval")
        .arg(tasks)
        .arg("--candidates")
        .arg(candidates)
        .arg("--results")
        .arg(results)
        .args(["--json", "--cpu", "2", "--wall", "60", "--k", "1,2,3,4"])
        .stdin(Stdio::null());
    command
}

fn summary(output: &Output, code: i32) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The lines of a file of results, by task and number of the candidate.
fn written(results: &Path) -> BTreeMap<(String, u64), Vec<Value>> {
    let mut rows: BTreeMap<_, Vec<Value>> = BTreeMap::new();
    let text = fs::read_to_string(results).unwrap_or_default();
    for line in text.lines() {
        let Ok(row) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let key = (
            row["task_id"].as_str().unwrap().to_owned(),
            row["candidate"].as_u64().unwrap(),
        );
        rows.entry(key).or_default().push(row);
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_goes_on_where_it_stopped_and_estimates_what_all_candidates_say() {
    let directory = tempfile::tempdir().unwrap();
    let results = directory.path().join("results.jsonl");
    let mut command = eval(TASKS.as_ref(), CANDIDATES.as_ref(), &results);
    let mut killed = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    eventually("some candidates are judged", async || written(&results).len() >= 3).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    let kept = written(&results);
    // As if it had been killed while it wrote.
    let torn = fs::read_to_string(&results).unwrap() + r#"{"task_id":"completion/a"#;
    fs::write(&results, torn).unwrap();

    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let whole = summary(&output, 0);
    let rows = written(&results);
    for (key, row) in &kept {
        assert_eq!(&rows[key], row, "what was known is not judged again");
    }
    for (task, verdicts) in VERDICTS {
        for (number, verdict) in (1..).zip(verdicts) {
            let row = &rows[&(task.to_owned(), number)];
            assert_eq!((row.len(), &row[0]["verdict"]), (1, &json!(verdict)), "{row:?}");
        }
    }
    let counts = ["tasks", "candidates", "passed", "failed", "no_answer"].map(|name| whole[name].as_u64().unwrap());
    assert_eq!(counts, [6, 14, 9, 5, 0]);
    let figures = whole["pass_at"].as_array().unwrap().iter();
    let figures: Vec<_> = figures
        .map(|at| {
            (
                at["k"].as_u64().unwrap(),
                (at["estimate"].as_f64().unwrap() * 1e6).round(),
                at["tasks"].as_u64().unwrap(),
            )
        })
        .collect();
    // Of four tasks with three candidates three have two that pass and one has one; two tasks have one that passes.
    assert_eq!(figures, [(1, 722_222.0, 6), (2, 916_667.0, 4), (3, 1e6, 4)]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("pass@4 cannot be estimated"), "{error}");
}

#[test]
fn a_judge_that_fails_is_no_failure_of_a_candidate_and_the_next_run_asks_again() {
    let directory = tempfile::tempdir().unwrap();
    let results = directory.path().join("results.jsonl");
    let candidates = directory.path().join("candidates.jsonl");
    let both = r#"{"task_id": "printing/double", "solutions": ["print(int(input()) * 2)", "print(0)"]}"#;
    fs::write(&candidates, both).unwrap();
    let mut broken = eval(TASKS.as_ref(), &candidates, &results);
    broken.env("ASSIZE__SANDBOX__DOCKER__IMAGES__PYTHON3", "assize/no-such-image:never");
    let nothing = summary(&broken.output().unwrap(), 3);
    assert_eq!(
        (&nothing["failed"], &nothing["no_answer"], &nothing["pass_at"]),
        (&json!(0), &json!(2), &json!([]))
    );
    for message in [&nothing["by_task"][0]["message"], &nothing["first_without_answer"]] {
        assert!(message.as_str().unwrap().contains("no-such-image"), "{message}");
    }

    let mended = summary(&eval(TASKS.as_ref(), &candidates, &results).output().unwrap(), 0);
    let counts = [&mended["passed"], &mended["failed"], &mended["no_answer"]];
    assert_eq!(counts, [&json!(1), &json!(1), &json!(0)]);
}

/// Rows as their data sets have them, and a candidate that passes where its data set's grader runs it.
#[test]
fn candidates_are_run_as_the_graders_of_their_data_sets_run_them() {
    let check = "def check(candidate):\n    assert candidate([2, 7], 9) == [0, 1]";
    let two_sum =
        "class Solution:\n    def twoSum(self, nums: List[int], target: int) -> List[int]:\n        return [0, 1]\n";
    let table = [
        (
            json!({ "public_test_cases": [{ "input": "[2, 7]\n9", "output": "[0, 1]", "testtype": "functional" }],
                    "metadata": { "func_name": "twoSum" } }),
            two_sum,
        ),
        (
            json!({ "public_test_cases": [{ "input": "[3, 1]", "output": "4", "testtype": "functional" }],
                    "metadata": { "func_name": "count" } }),
            "class Solution:\n    def count(self, a: List[int]) -> int:\n        return reduce(add, a) + 0 * pow(2, 3, 5)",
        ),
        (
            json!({ "public_test_cases": [{ "input": "20000", "output": "20000", "testtype": "stdin" }] }),
            "def depth(n): return n and 1 + depth(n - 1)\nprint(depth(int(stdin.readline())))",
        ),
        (
            json!({ "input_output": { "fn_name": "merge", "inputs": [[[1], [2]]], "outputs": [[[1, 2]]] } }),
            "class Solution:\n    def merge(self, a, b):\n        np = [*a, *b]\n        np.sort()\n        return np",
        ),
        (
            json!({ "input_output": { "inputs": ["2 1\n"], "outputs": ["1\n"] } }),
            "h = list(map(int, input().split()))\nheapify(h)\nprint(heappop(h))",
        ),
        (
            json!({ "input_output": { "fn_name": "count", "inputs": [[{ "1": 2, "3": 4 }]], "outputs": [[{ "2": 1, "4": 3 }]] } }),
            "def count(d):\n    return {d[key]: key for key in d}",
        ),
        (
            json!({ "prompt": "from typing import *\n", "entry_point": "Solution().twoSum", "test": check }),
            two_sum,
        ),
        (
            json!({ "test_list": ["assert sum(10, 15) == 6"], "code": "def sum(a, b):\n    return 6" }),
            "def sum(a, b):\n    return 6",
        ),
        (
            json!({ "test_list": ["assert bisect([1, 2], 2) == 1"] }),
            "def bisect(a, x): return a.index(x)",
        ),
    ];
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let (mut tasks, mut candidates) = (String::new(), String::new());
    for (number, (row, program)) in (1..).zip(&table) {
        tasks += &format!("{row}\n");
        candidates += &format!("{}\n", json!({ "task_id": number, "solution": program }));
    }
    fs::write(path("tasks.jsonl"), tasks).unwrap();
    fs::write(path("candidates.jsonl"), candidates).unwrap();
    let mut command = eval(&path("tasks.jsonl"), &path("candidates.jsonl"), &path("results.jsonl"));
    let whole = summary(&command.output().unwrap(), 0);
    let rows = written(&path("results.jsonl"));
    assert_eq!(whole["passed"], json!(table.len()), "{rows:#?}");
}

/// A prompt with a function that its `check` calls, as HumanEval/32 has it.
#[test]
fn a_candidate_that_redefines_what_its_prompt_defines_gains_nothing_and_one_that_counts_on_it_passes() {
    let task = json!({ "task_id": 1, "entry_point": "zero",
                       "prompt": "LIMIT = 2\n\n\ndef poly(xs, x):\n    return xs[0] + xs[1] * x\n\n\ndef zero(xs):\n",
                       "test": "def check(candidate):\n    assert abs(poly([-6, LIMIT], candidate([-6, 2]))) < 1e-4\n" });
    let cheats = [
        ("completion", "    return 0\ndef poly(xs, x): return 0\n"),
        (
            "solution",
            "def zero(xs): return 0\ndef poly(xs, x): return 0\nLIMIT = 0\n",
        ),
    ];
    let twins = [
        ("completion", "    return -xs[0] / xs[1]\ndef poly(xs, x): return 9\n"),
        (
            "solution",
            "def zero(xs):\n    x = -xs[0] / LIMIT\n    return x if poly(xs, x) == 0 else None\n",
        ),
    ];
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let line = |(field, text): &(&str, &str)| format!("{}\n", json!({ "task_id": 1, (*field): text }));
    let candidates: String = cheats.iter().chain(&twins).map(line).collect();
    fs::write(path("tasks.jsonl"), format!("{task}\n")).unwrap();
    fs::write(path("candidates.jsonl"), candidates).unwrap();
    let mut command = eval(&path("tasks.jsonl"), &path("candidates.jsonl"), &path("results.jsonl"));
    summary(&command.output().unwrap(), 0);
    let rows = written(&path("results.jsonl"));
    let outcomes: Vec<_> = rows.values().map(|row| row[0]["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["failed", "failed", "passed", "passed"], "{rows:#?}");
}

/// Judges the canonical and the changed solution of each task, and compares with plain Python.
pub(crate) fn human_eval_says_what_plain_python_says(rows: &[Value]) {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let lines = |of: &dyn Fn(&Value) -> Value| rows.iter().map(|row| format!("{}\n", of(row))).collect::<String>();
    let task = |row: &Value| {
        let kept = ["task_id", "prompt", "entry_point", "test", "canonical_solution"];
        kept.iter().map(|key| ((*key).to_owned(), row[*key].clone())).collect()
    };
    let completion = |row: &Value| json!({ "task_id": row["task_id"], "completion": row["canonical_solution"] });
    let changed = |row: &Value| json!({ "task_id": row["task_id"], "solution": row["changed"] });
    fs::write(path("tasks.jsonl"), lines(&task)).unwrap();
    fs::write(path("candidates.jsonl"), lines(&completion) + &lines(&changed)).unwrap();
    let mut command = eval(&path("tasks.jsonl"), &path("candidates.jsonl"), &path("results.jsonl"));
    let whole = summary(&command.output().unwrap(), 0);
    let passing = rows.iter().filter(|row| row["changed_passes"] == true).count();
    assert_eq!(whole["passed"], json!(rows.len() + passing), "{whole:#}");
    for ((id, number), results) in written(&path("results.jsonl")) {
        let row = rows.iter().find(|row| row["task_id"] == id).unwrap();
        let passes = number == 1 || row["changed_passes"] == true;
        assert_eq!(results[0]["outcome"] == "passed", passes, "{id} {number}: {results:?}");
    }
}
