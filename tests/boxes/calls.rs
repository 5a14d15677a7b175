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
