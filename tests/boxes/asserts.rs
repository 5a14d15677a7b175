//! Asserts: what they see of a program in its own box.

use assize::contract::Verdict;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::{asserted, read, verdicts};
use crate::judge::JudgeFixture;

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
            "import sys\nn = int(sys.argv[1]) if len(sys.argv) > 1 else 2\nassert half(n) == 1\nsys.exit(0)",
            None,
            Verdict::Ac,
        ),
        (
            "import sys\nif half(2) != 2:\n    sys.exit(1)\nassert half(2) == 1",
            None,
            Verdict::Wa,
        ),
        (
            "import unittest\nf = half\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(f(2), 1)\n\
             if __name__ == '__main__':\n    unittest.main()",
            None,
            Verdict::Ac,
        ),
        (
            "import unittest\nf = half\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(f(2), 2)\n\
             if __name__ == '__main__':\n    unittest.main()",
            None,
            Verdict::Wa,
        ),
        (
            "def check(candidate):\n    def run(x):\n        return candidate(x)\n    print(run(2))",
            Some("half"),
            Verdict::Ac,
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
