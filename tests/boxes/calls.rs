//! Functions that are called: what counts as right.

use assize::contract::{InlineTest, Judgement, Submission, SubmissionMessage, Verdict, parse};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::judge::JudgeFixture;

pub(crate) fn submission(source: &str, calls: &[Value]) -> Submission {
    let tests: Vec<InlineTest> = calls
        .iter()
        .map(|call| serde_json::from_value(call.clone()).unwrap())
        .collect();
    read(&json!({
        "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
        "files": [{ "name": "main.py", "content": source }], "tests": tests,
        "limits": { "cpu_ms": 1000, "wall_ms": 5000, "memory_bytes": 134_217_728 },
    }))
}

pub(crate) fn read(message: &Value) -> Submission {
    let caps = assize::config::load(None).unwrap().submission.caps();
    let _is_a_message: SubmissionMessage = serde_json::from_value(message.clone()).unwrap();
    parse(&serde_json::to_vec(message).unwrap(), &caps).unwrap()
}

/// A program that is judged by asserts.
pub(crate) fn asserted(source: &str, tests: &[Value]) -> Submission {
    read(&json!({
        "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
        "files": [{ "name": "solution.py", "content": source }], "tests": tests,
        "limits": { "cpu_ms": 1000, "wall_ms": 5000, "memory_bytes": 134_217_728 },
    }))
}

pub(crate) fn verdicts(judgement: &Judgement) -> Vec<Verdict> {
    judgement.tests.iter().map(|test| test.verdict).collect()
}

/// What separates the two is the seed of text hashes, which an interpreter draws when it starts.
#[tokio::test(flavor = "multi_thread")]
async fn calls_are_made_in_forks_of_one_interpreter_unless_the_program_could_tell() {
    let call = json!({ "call": "seed", "args": [], "expect": 0 });
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    for (imports, is_forked) in [
        ("import collections, typing\n", true),
        ("import numpy\n", true),
        ("import gc\n", false),
    ] {
        let source = format!("{imports}def seed():\n    return hash('a text')\n");
        let judgement = fixture.judge(&submission(&source, &[call.clone(), call.clone()])).await;
        let seeds: Vec<_> = judgement.tests.iter().map(|test| test.value.clone()).collect();
        assert!(seeds[0].is_some(), "{imports}: {judgement:#?}");
        assert_eq!(seeds[0] == seeds[1], is_forked, "{imports}: {seeds:?}");
    }
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_every_kind_of_data_comes_back_as_it_was_given() {
    let values = [
        json!(null),
        json!([true, 0, -1.5, "\u{e9}\u{1f600}", {"a": {}}]),
        json!({ "$tuple": [{ "$set": [1] }, { "$frozenset": [{ "$tuple": [] }] }] }),
        json!({ "$dict": [[1, "a"], [{ "$tuple": [1] }, null], ["$tuple", 2]] }),
        json!({ "$bytes": "AP8=" }),
        json!({ "$surrogates": "7aCA" }),
        json!({ "$int": format!("-0x{}", "f".repeat(5000)) }),
        json!([{ "$float": "nan" }, { "$float": "inf" }, { "$float": "-inf" }, 5e-324, 1e308]),
        json!({ "$complex": [1, { "$float": "nan" }] }),
        json!([{ "$decimal": "1.50" }, { "$decimal": "-Infinity" }, { "$fraction": "-1/3" }]),
        json!([{ "$date": "2026-01-31" }, { "$time": "12:30:00.000001" }, { "$timedelta": [-1, 2, 3] }]),
        json!([{ "$datetime": "2026-01-31T12:30:00" }, { "$datetime": "2026-01-31T12:30:00+01:00" }]),
        json!({ "$array": [[1.5, 2], [3, 4]] }),
        json!({ "$series": { "index": [0, 1], "values": [1.5, 2.5], "name": "n" } }),
        json!({ "$frame": { "index": ["x", "y"], "columns": [["a", [1, 2]], ["b", ["u", "v"]]] } }),
        json!({ "$frame": { "index": ["x"], "index_names": ["n"], "columns": [["a", [1]]], "column_names": ["m"] } }),
    ];
    let same = values.map(|value| json!({ "call": "same", "args": [value], "expect": value }));
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture
        .judge(&submission(
            "import pandas\ndef same(value):\n    return value\n",
            &same,
        ))
        .await;
    let classes = "\
class Point:
    def __init__(self, x):
        self.x = x
    @staticmethod
    def parse(text):
        return int(text)
    @classmethod
    def name(cls):
        return cls.__name__
    class Origin:
        def where(self):
            return 0
";
    let called = [
        ("parse", "3", json!(3)),
        ("name", "", json!("Point")),
        ("Origin.where", "", json!(0)),
    ];
    let called = called.map(|(method, arg, expected)| {
        let args: Vec<&str> = Some(arg).filter(|arg| !arg.is_empty()).into_iter().collect();
        json!({ "call": format!("Point.{method}"), "args": args, "expect": expected })
    });
    let of_classes = fixture.judge(&submission(classes, &called)).await;
    let numpy = "import numpy\ndef root(x):\n    return {'root': numpy.sqrt(numpy.float64(x)), 'n': numpy.int32(x)}\n";
    let scalars = json!({ "call": "root", "args": [4], "expect": { "root": 2, "n": 4 } });
    let of_numpy = fixture.judge(&submission(numpy, &[scalars])).await;
    fixture.close().await;
    let wrong: Vec<_> = judgement
        .tests
        .iter()
        .filter(|test| test.verdict != Verdict::Ac)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(of_numpy.verdict, Verdict::Ac, "{of_numpy:#?}");
    assert_eq!(of_classes.verdict, Verdict::Ac, "{of_classes:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_shows_the_call_and_what_came_of_it_apart_from_what_was_printed() {
    let source = "\
class Solution:
    def add(self, a, b):
        print('adding', input())
        return a, b
def fail():
    raise KeyError('k')
";
    let calls = [
        json!({ "call": "add", "args": [1], "kwargs": { "b": "x" }, "input": "now", "expect": [1, 2] }),
        json!({ "call": "fail", "expect": 1 }),
        json!({ "call": "fail", "raises": "LookupError" }),
        json!({ "call": "missing", "expect": 1 }),
        json!({ "call": "print", "expect": null }),
    ];
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture.judge(&submission(source, &calls)).await;
    fixture.close().await;
    let [wrong, failed, raised, missing, builtin] = &judgement.tests[..] else {
        panic!("{judgement:#?}");
    };
    let text = |excerpt: &Option<assize::contract::Excerpt>| excerpt.clone().unwrap_or_default().text;
    assert_eq!(wrong.verdict, Verdict::Wa);
    assert_eq!(text(&wrong.input), r#"add(1, b="x")"#);
    assert_eq!(
        (text(&wrong.answer).as_str(), text(&wrong.value).as_str()),
        ("[1, 2]", r#"(1, "x")"#)
    );
    assert_eq!(wrong.stdout.text, "adding now\n");
    assert_eq!(
        wrong.checker_message.as_deref(),
        Some(r#"returned (1, "x"), expected [1, 2]"#)
    );
    assert_eq!((failed.verdict, failed.exit_code), (Verdict::Rte, Some(1)));
    assert!(failed.stderr.text.ends_with("KeyError: 'k'\n"), "{failed:#?}");
    assert!(!failed.stderr.text.contains("assize"), "{failed:#?}");
    assert_eq!(
        (raised.verdict, text(&raised.value).as_str()),
        (Verdict::Ac, "raised KeyError: 'k'")
    );
    assert_eq!(missing.verdict, Verdict::Rte);
    assert!(
        missing.stderr.text.contains("the program defines no missing"),
        "{missing:#?}"
    );
    assert_eq!(builtin.verdict, Verdict::Rte);
}

#[tokio::test(flavor = "multi_thread")]
async fn asserts_see_the_program_as_if_they_ran_beside_it() {
    let source = "\
import math
LIMIT = 10
def half(x):
    print('halving')
    return x / 2
def sort(numbers):
    numbers.sort()
def sum(a, b):
    return a + b
def isclose(*_):
    return True
def fail():
    raise KeyError('k')
def count(n):
    yield from range(n)
def bisect(items, x):
    return items.index(x)
RESULT = [10 ** 15] * 10 ** 6
def total(boxes):
    return math.fsum(box.content for box in boxes)
def made(kind, content):
    return kind(content)
class Solution:
    def __init__(self, limit=9):
        self.limit = limit
    def run(self):
        return self.limit
class Parser:
    def __init__(self, text):
        self.text = text
    @staticmethod
    def parse(text):
        return int(text)
class Stack:
    def __init__(self):
        self.items = []
    def push(self, item):
        self.items.append(item)
    def pop(self):
        return self.items.pop()
    def __len__(self):
        return len(self.items)
";
    let table = [
        ("assert half(3) == 1.5 and LIMIT == 10", None, Verdict::Ac),
        ("assert math.isclose(half(0.2), 0.1, rel_tol=1e-9)", None, Verdict::Ac),
        ("assert math.isclose(half(0.2), 0.2)", None, Verdict::Wa),
        (
            "numbers = [2, 1]\nsort(numbers)\nassert numbers == [1, 2]",
            None,
            Verdict::Ac,
        ),
        ("assert sum(1, 2) == 3", Some("sum"), Verdict::Ac),
        ("assert sum([1, 2]) == half(6)", None, Verdict::Ac),
        (
            "try:\n    fail()\nexcept LookupError:\n    pass\nelse:\n    assert False",
            None,
            Verdict::Ac,
        ),
        ("assert list(count(3)) == [0, 1, 2]", None, Verdict::Ac),
        (
            "s = Stack()\ns.push((1, {2}))\nassert len(s) == 1 and s.pop() == (1, {2})\nassert s.items == []",
            None,
            Verdict::Ac,
        ),
        ("assert bisect([1, 2], 2) == 1", None, Verdict::Ac),
        ("assert math.gcd(bisect([1], 1), 4) == 4", None, Verdict::Ac),
        ("RESULT = half(4)\nassert RESULT == 2", None, Verdict::Ac),
        ("s = Solution(5)\nassert s.run() == 5", None, Verdict::Ac),
        (
            "def check(candidate):\n    assert candidate() == 9",
            Some("Solution.run"),
            Verdict::Ac,
        ),
        (
            "def check(candidate):\n    assert candidate('3') == 3",
            Some("Parser.parse"),
            Verdict::Ac,
        ),
        (
            "def check(candidate):\n    assert candidate('3') == 3",
            Some("Parser.read"),
            Verdict::Wa,
        ),
        ("assert Stack() == Stack()", None, Verdict::Wa),
        ("assert Stack() != 3", None, Verdict::Wa),
        ("assert missing(1) == 1", None, Verdict::Wa),
        ("assert half(2) == missing", None, Verdict::Wa),
        ("assert callable(half) and callable(missing)", None, Verdict::Wa),
        ("if LIMIT < 0:\n    missing(1)\nassert half(2) == 1", None, Verdict::Ac),
        ("class T:\n    limit = LIMIT\nassert T().limit == 10", None, Verdict::Ac),
        (
            "def check(candidate: Callable) -> Nothing:\n    assert candidate(2) == 1",
            Some("half"),
            Verdict::Ac,
        ),
        ("try:\n    missing(1)\nexcept Exception:\n    pass", None, Verdict::Wa),
        ("fail()", None, Verdict::Wa),
        ("s = Stack()\nassert not s\ns.push(1)\nassert s", None, Verdict::Ac),
        ("assert Stack()", None, Verdict::Wa),
        (
            "class Box:\n    def __init__(self, content):\n        self.content = content\nassert total([Box(1), made(Box, 2)]) == 3",
            None,
            Verdict::Ac,
        ),
        (
            "from dataclasses import dataclass\n@dataclass\nclass Box:\n    content: int\nassert total([Box(1)]) == 1",
            None,
            Verdict::Ac,
        ),
        (
            "class Double:\n    def __call__(self, x):\n        return 2 * x\nassert made(Double(), 3) == 6",
            None,
            Verdict::Ac,
        ),
        ("assert isclose and total([]) == 0", None, Verdict::Ac),
        // What asserts without the word, and what is run as a program that is started.
        ("if half(2) != 1:\n    raise AssertionError", None, Verdict::Ac),
        ("if half(2) != 2:\n    raise AssertionError", None, Verdict::Wa),
        (
            "try:\n    fail()\n    assert False\nexcept KeyError:\n    pass",
            None,
            Verdict::Ac,
        ),
        (
            "match half(2):\n    case 1: pass\n    case _: raise AssertionError",
            None,
            Verdict::Ac,
        ),
        (
            "import unittest\nt = unittest.TestCase()\nwith t.assertRaises(KeyError):\n    fail()",
            None,
            Verdict::Ac,
        ),
        (
            "def run():\n    assert half(2) == 1\nif __name__ == '__main__':\n    run()",
            None,
            Verdict::Ac,
        ),
        (
            "f = half\ndef run():\n    assert f(2) == 2\nif __name__ == '__main__':\n    run()",
            None,
            Verdict::Wa,
        ),
        (
            "half(2)\ndef run():\n    assert half(2) == 1\nglobals()['run']()",
            None,
            Verdict::Ac,
        ),
        (
            "def check(candidate):\n    return candidate(2) == 1",
            Some("half"),
            Verdict::Ac,
        ),
        (
            "def check(candidate):\n    return candidate(2) == 2",
            Some("half"),
            Verdict::Wa,
        ),
        (
            "def check(candidate):\n    return candidate()",
            Some("Stack"),
            Verdict::Wa,
        ),
    ];
    let tests: Vec<Value> = table
        .iter()
        .map(|(code, function, _)| match function {
            Some(function) => json!({ "asserts": code, "call": function }),
            None => json!({ "asserts": code }),
        })
        .collect();
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture.judge(&asserted(source, &tests)).await;
    let broken = fixture
        .try_to_judge(&asserted(source, &[json!({ "asserts": "assert half(" })]))
        .await;
    let mut listed = asserted(source, &tests[..1]);
    listed.target = read(&json!({
        "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
        "files": [{ "name": "solution.py", "content": source }],
        "asserts": ["assert half(2) == 1", "assert half(2) == 2"],
    }))
    .target;
    let list = fixture.judge(&listed).await;
    fixture.close().await;
    for ((code, _, verdict), test) in table.iter().zip(&judgement.tests) {
        assert_eq!(test.verdict, *verdict, "{code}: {test:#?}");
    }
    assert!(
        judgement.tests[0].stderr.text.contains("halving"),
        "{:#?}",
        judgement.tests[0]
    );
    let message = judgement.tests[2].checker_message.as_deref();
    assert_eq!(message, Some("assert math.isclose(half(0.2), 0.2)\nAssertionError"));
    assert_eq!(verdicts(&list), [Verdict::Ac, Verdict::Wa]);
    let fault = broken.unwrap_err().to_string();
    assert!(fault.contains("the asserts do not compile"), "{fault}");
}
