//! What is wrong in tests or in what functions give back, and whose fault it is said to be.

use assize::contract::{Judgement, Submission, Verdict};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::read;
use crate::judge::JudgeFixture;
use crate::units::tested;

const ODD: &str = "\
LIMIT = 3
class Point:
    pass
def add(a, b):
    return a + b
def cycle(kind):
    if kind == 'dict':
        value = {}
        value['itself'] = value
        return value
    value = [1]
    value.append((value,))
    return value
def nan():
    return [float('nan'), -0.0]
def surrogates():
    return '\\ud800'
def large():
    return 10**100000
async def later():
    return 3
def keys():
    return {(1, 2): {frozenset([3]): b''}}
";

#[tokio::test(flavor = "multi_thread")]
async fn odd_calls_and_odd_values_are_verdicts_that_say_what_is_odd() {
    let surrogate = json!({ "$surrogates": "7aCA" });
    let table = [
        (
            json!({ "call": "add", "args": [1], "expect": 3 }),
            Verdict::Rte,
            "missing 1 required positional argument",
        ),
        (
            json!({ "call": "add", "args": [1, 2, 3], "expect": 3 }),
            Verdict::Rte,
            "takes 2 positional arguments but 3",
        ),
        (
            json!({ "call": "add", "args": [1], "kwargs": { "c": 2 }, "expect": 3 }),
            Verdict::Rte,
            "unexpected keyword argument 'c'",
        ),
        (
            json!({ "call": "add", "args": [1], "raises": "TypeError" }),
            Verdict::Ac,
            "",
        ),
        (
            json!({ "call": "missing", "expect": 3 }),
            Verdict::Rte,
            "the program defines no missing",
        ),
        (
            json!({ "call": "LIMIT", "expect": 3 }),
            Verdict::Rte,
            "'int' object is not callable",
        ),
        (
            json!({ "call": "Point.x", "expect": 3 }),
            Verdict::Rte,
            "no attribute 'x'",
        ),
        (
            json!({ "call": "Point", "expect": 3 }),
            Verdict::Wa,
            "a value of the type 'Point' is no data",
        ),
        (
            json!({ "call": "later", "expect": 3 }),
            Verdict::Wa,
            "a value of the type 'coroutine' is no data",
        ),
        (
            json!({ "call": "cycle", "args": ["list"], "expect": [1] }),
            Verdict::Wa,
            "or holds itself",
        ),
        (
            json!({ "call": "cycle", "args": ["dict"], "expect": {} }),
            Verdict::Wa,
            "or holds itself",
        ),
        (
            json!({ "call": "nan", "expect": [1, 0] }),
            Verdict::Wa,
            "returned [nan, -0.0], expected [1, 0]",
        ),
        (
            json!({ "call": "nan", "expect": [{ "$float": "nan" }, 0] }),
            Verdict::Ac,
            "",
        ),
        (
            json!({ "call": "surrogates", "expect": "x" }),
            Verdict::Wa,
            "(with surrogates), expected",
        ),
        (json!({ "call": "surrogates", "expect": surrogate }), Verdict::Ac, ""),
        (
            json!({ "call": "large", "expect": 1 }),
            Verdict::Wa,
            "returned an int of 332193 bits",
        ),
        (
            json!({ "call": "keys", "expect": {} }),
            Verdict::Wa,
            "returned {(1, 2): {frozenset([3])",
        ),
    ];
    let tests: Vec<Value> = table.iter().map(|(call, ..)| call.clone()).collect();
    let submission = read(&json!({
        "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
        "files": [{ "name": "main.py", "content": ODD }], "tests": tests,
    }));
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture.judge(&submission).await;
    fixture.close().await;
    let said = |test: &assize::contract::TestVerdict| {
        let message = test.checker_message.as_deref().unwrap_or_default();
        format!("{message}\n{}", test.stderr.text)
    };
    let wrong: Vec<_> = table
        .iter()
        .zip(&judgement.tests)
        .filter(|((_, verdict, part), test)| test.verdict != *verdict || !said(test).contains(part))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(judgement.tests.len(), table.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_that_need_what_is_not_there_are_wrong_and_never_the_program() {
    let table = [
        ("open('data.txt')", "test_it.py:3: FileNotFoundError"),
        ("open('/nowhere/data.txt', 'w')", "test_it.py:3: FileNotFoundError"),
        (
            "import urllib.request as r; r.urlopen('http://example.org')",
            "urlopen error",
        ),
        (
            "import socket; socket.create_connection(('192.0.2.1', 80), 5)",
            "test_it.py:3: ",
        ),
        (
            "import requests",
            "test_it.py:3: ModuleNotFoundError: No module named 'requests'",
        ),
        (
            "import subprocess; subprocess.run(['git', 'init'], check=True)",
            "test_it.py:3: FileNotFoundError",
        ),
    ];
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let mut wrong = Vec::new();
    for (needs, expected) in table {
        let tests = format!("from solution import add\ndef test_it():\n    {needs}\n    assert add(1, 2) == 3\n");
        let judged = fixture
            .try_to_judge(&tested(ODD, &json!({ "test_it.py": tests }), &json!({})))
            .await;
        let message = judged.map_or_else(|error| error.to_string(), |it| format!("{:#?}", it.tests));
        if !(message.contains(expected) && message.contains("the unit tests are wrong")) {
            wrong.push(format!("{needs}: {message}"));
        }
    }
    fixture.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A program that is wrong, as a file of this name, with others beside it that would have the tests pass.
fn shadowing(entry: &str) -> Submission {
    let passes =
        "def test_sum(): pass\ndef three(): return 0\ndef isclose(*_): return True\nfloor = pi = Fraction = isclose\n";
    let program = format!("{passes}def add(a, b): return 0\n");
    let beside = [
        "test_it.py",
        "helpers.py",
        "conftest.py",
        "pytest.py",
        "unittest.py",
        "_pytest/__init__.py",
    ];
    let mut files = vec![json!({ "name": entry, "content": program })];
    files.extend(beside.iter().map(|name| json!({ "name": name, "content": passes })));
    read(&json!({
        "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
        "files": files, "entry_point": entry,
        "pytest": {
            "test_it.py": "import fractions\nimport math\nimport helpers\nfrom solution import add\n\
                           def test_sum(): assert add(1, 2) == helpers.three()\n\
                           def test_near(): assert math.isclose(add(0.1, 0.2), 0.3)\n\
                           def test_part(): assert fractions.Fraction(1, 3) == add(0, fractions.Fraction(1, 3))\n",
            "helpers.py": "def three(): return 3\n",
        },
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_whose_files_are_called_like_modules_of_the_tests_is_none_of_them() {
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let mut wrong = Vec::new();
    for entry in ["main.py", "math.py", "fractions.py", "decimal.py", "json.py", "os.py"] {
        let judgement: Judgement = fixture.judge(&shadowing(entry)).await;
        let verdicts: Vec<Verdict> = judgement.tests.iter().map(|test| test.verdict).collect();
        // One that hides a module of Python from itself may crash as well.
        let is_mark = |verdict: &Verdict| matches!(verdict, Verdict::Wa | Verdict::Rte);
        if verdicts.len() != 3 || !verdicts.iter().all(is_mark) {
            wrong.push(format!("{entry}: {:#?}", judgement.tests));
        }
    }
    fixture.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
