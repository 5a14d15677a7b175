//! Asserts that fail by themselves, or ask for nothing: an error of the test, and never a mark.

use assize::contract::Verdict;
use assize::judge::JudgeFailure;
use serde_json::json;

use crate::calls::asserted;
use crate::judge::JudgeFixture;

const PROGRAM: &str = "\
LIMIT = 10
CONFIG = object()
def Folder(): pass
def half(x):
    return x / 2
class Solution:
    def __init__(self):
        raise KeyError('no')
";

/// Asserts, the function that they are about, and what is said of them.
const WRONG: [(&str, Option<&str>, &str); 18] = [
    // Nothing was asked of the function that is only called.
    (
        "assert half(int('x')) == 1",
        None,
        "line 1, assert half(int('x')) == 1: ValueError",
    ),
    (
        "assert half(",
        None,
        "do not compile: SyntaxError: '(' was never closed",
    ),
    (
        "import nothing_like_it\nassert half(2) == 1",
        None,
        "line 1, import nothing_like_it: ModuleNotFoundError",
    ),
    (
        "from solution import half\nassert half(2) == 1",
        None,
        "line 1, from solution import half: ModuleNotFoundError",
    ),
    (
        "x = 1 / 0\nassert half(2) == x",
        None,
        "line 1, x = 1 / 0: ZeroDivisionError: division by zero",
    ),
    (
        "y = half(1)\nassert math.isclos(y, 0.5)",
        None,
        "line 2, assert math.isclos(y, 0.5): AttributeError",
    ),
    (
        "if 1 > 2:\n    half(2)\nassert True",
        None,
        "asked the program for nothing",
    ),
    (
        "def check(candidate):\n    if 1 > 2:\n        candidate(2)",
        Some("half"),
        "asked the program for nothing",
    ),
    (
        "if half is None or True:\n    raise SystemExit(0)",
        None,
        "line 2, raise SystemExit(0): SystemExit: 0",
    ),
    (
        "def check(candidate):\n    assert 1 == 2, candidate",
        Some("half"),
        "line 2, assert 1 == 2, candidate",
    ),
    (
        "def check(candidate):\n    right = [candidate(2) == 1]\n    return all(right), right",
        Some("half"),
        "returns what is neither True nor False",
    ),
    (
        "import os\nos._exit(0)\nhalf(2)",
        None,
        "ended their interpreter with exit code 0",
    ),
    (
        "import os\nos.abort()\nhalf(2)",
        None,
        "crashed: it was killed by SIGABRT",
    ),
    ("while True:\n    pass\nhalf(2)", None, "took too long"),
    // Something was read, and no assert is ever run.
    (
        "f = half\ndef test_half():\n    assert f(2) == 1",
        None,
        "nothing calls test_half: every program would pass",
    ),
    (
        "x = half(2)\ndef helper():\n    assert half(2) == 1\ndef test_half():\n    helper()",
        None,
        "nothing calls helper",
    ),
    (
        "x = half(2)\nclass TestHalf:\n    def test_half(self):\n        assert half(2) == 1",
        None,
        "nothing calls TestHalf",
    ),
    (
        "import unittest\nx = half(2)\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(half(2), 1)",
        None,
        "nothing calls T:",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn asserts_that_fail_whatever_the_program_does_are_an_error_of_the_test_that_no_attempt_mends() {
    let fixture = JudgeFixture::behind_the_cheapest_wall_with(|settings| settings.validators.cpu_ms = 2000).await;
    let judging = fixture.none_is_wrong(&WRONG, async |fixture, (code, function, expected)| {
        let test = match function {
            Some(function) => json!({ "asserts": code, "call": function, "name": "halves" }),
            None => json!({ "asserts": code, "name": "halves" }),
        };
        let judged = fixture.try_to_judge(&asserted(PROGRAM, &[test])).await;
        let Err(JudgeFailure::Error(error)) = judged else {
            return Some(format!("{code:?}: {judged:?}"));
        };
        let message = error.to_string();
        let is_told = message.starts_with("the test halves is wrong, which is no fault of the program: ");
        let is_right = is_told && message.contains(expected) && error.is_of_the_tests();
        (!is_right).then(|| format!("{code:?}: {message}, {error:?}"))
    });
    judging.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_answers_fails_the_program_however_it_makes_the_asserts_end() {
    let table = [
        ("x = half(1)\nassert x[0] == 1", Verdict::Wa),
        ("assert half(1) == 1 / 0", Verdict::Wa),
        ("assert missing(1) == 1", Verdict::Wa),
        ("import os\nhalf(1)\nos._exit(0)", Verdict::Wa),
        ("while half(1):\n    pass", Verdict::Tle),
        ("assert half('a') == 1", Verdict::Wa),
        ("assert LIMIT == 11", Verdict::Wa),
        // It failed on something of the program, before that was asked for anything.
        ("import json\nassert json.loads(json.dumps(CONFIG)) == {}", Verdict::Wa),
        ("import json\nassert json.dumps(CONFIG['a']) == '1'", Verdict::Wa),
        ("import os\nassert os.path.basename(Folder) == 'x'", Verdict::Wa),
        ("assert 'abc'.startswith(CONFIG)", Verdict::Wa),
        ("assert issubclass(CONFIG, Exception)", Verdict::Wa),
        ("def test():\n    assert len(CONFIG) == 2\ntest()", Verdict::Wa),
        // What it answers has no assert run.
        ("for x in range(int(half(0))):\n    assert half(x) == 3", Verdict::Wa),
        (
            "def test():\n    assert half(2) == 1\nif half(2) == 3:\n    test()",
            Verdict::Wa,
        ),
    ];
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judging = fixture.none_is_wrong(&table, async |fixture, (code, verdict)| {
        let judged = fixture
            .try_to_judge(&asserted(PROGRAM, &[json!({ "asserts": code })]))
            .await;
        let is_right = judged.as_ref().is_ok_and(|judgement| judgement.verdict == *verdict);
        (!is_right).then(|| format!("{code:?}: {judged:#?}"))
    });
    judging.await;
}
