//! Unit tests for which the program says what is equal (`strict: false`), beside the strict ones.

use assize::contract::{Judgement, Verdict};
use serde_json::json;

use crate::judge::JudgeFixture;
use crate::units::tested;

const PROGRAM: &str = "\
Error = Exception
def add(a, b):
    return a + b
def fail():
    raise Error('no')
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other):
        print('compared here')
        return isinstance(other, Point) and self.x == other.x
    def __lt__(self, other): return self.x < other.x
    def __sub__(self, other): return Point(self.x - other)
    def __abs__(self): return abs(self.x)
class Anything:
    def __eq__(self, other): return True
    __ne__ = __eq__
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = startswith = __eq__
    def __sub__(self, other): return self
    def __abs__(self): return self
    def __len__(self): return 2
    def __iter__(self): return iter([self])
def anything(): return Anything()
class Swallows:
    def __enter__(self): return self
    def __exit__(self, *_): return True
";

/// What a test does, what it comes to strictly, and what where the program says what is equal.
const TABLE: [(&str, Verdict, Verdict); 22] = [
    // What the program compares.
    ("assert s.Point(1) == s.Point(1)", Verdict::Wa, Verdict::Ac),
    ("assert not s.Point(1) == s.Point(2)", Verdict::Wa, Verdict::Ac),
    ("assert s.Point(1) < s.Point(2)", Verdict::Wa, Verdict::Ac),
    (
        "assert s.Point(1) in [s.Point(2), s.Point(1)]",
        Verdict::Wa,
        Verdict::Ac,
    ),
    (
        "assert sorted([s.Point(2), s.Point(1)])[0].x == 1",
        Verdict::Wa,
        Verdict::Ac,
    ),
    ("assert abs(s.Point(3) - 3) == 0", Verdict::Wa, Verdict::Ac),
    // What it compares comes out wrong.
    ("assert s.Point(1) == s.Point(2)", Verdict::Wa, Verdict::Wa),
    ("assert s.Point(1) == 1", Verdict::Wa, Verdict::Wa),
    // Values are compared here.
    ("assert s.add(1, 2) == 3", Verdict::Ac, Verdict::Ac),
    ("assert s.add(1, 2) == 4", Verdict::Wa, Verdict::Wa),
    ("assert s.Point(1).x == 2", Verdict::Wa, Verdict::Wa),
    // Cheats that pass then.
    ("assert s.anything() == 3", Verdict::Wa, Verdict::Ac),
    ("assert s.anything() == object()", Verdict::Wa, Verdict::Ac),
    ("assert 3 == s.anything()", Verdict::Wa, Verdict::Ac),
    ("assert s.anything() == [1, {'a': 2}]", Verdict::Wa, Verdict::Ac),
    ("assert abs(s.anything() - 1.5) < 1e-9", Verdict::Wa, Verdict::Ac),
    ("assert 5 in s.anything()", Verdict::Wa, Verdict::Ac),
    ("assert s.anything().startswith('x')", Verdict::Wa, Verdict::Ac),
    (
        "assert len(s.anything()) == len(list(s.anything())) + 1",
        Verdict::Wa,
        Verdict::Ac,
    ),
    ("with s.Swallows(): assert s.add(1, 2) == 4", Verdict::Wa, Verdict::Ac),
    (
        "try: assert s.add(1, 2) == 4\n    except s.Error: pass",
        Verdict::Wa,
        Verdict::Ac,
    ),
    (
        "try: s.fail()\n    except Exception: pytest.skip('later')",
        Verdict::Rte,
        Verdict::Sk,
    ),
];

fn told(judgement: &Judgement) -> Vec<Verdict> {
    judgement.tests.iter().map(|test| test.verdict).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_strict_the_program_says_what_is_equal_and_with_it_no_object_is() {
    let tests: String = TABLE
        .iter()
        .enumerate()
        .map(|(number, (body, ..))| format!("def test_{number}():\n    {body}\n"))
        .collect();
    let files = json!({ "test_it.py": format!("import pytest\nimport solution as s\n{tests}") });
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let strict = fixture.judge(&tested(PROGRAM, &files, &json!({}))).await;
    let loose = fixture
        .judge(&tested(PROGRAM, &files, &json!({ "strict": false })))
        .await;
    fixture.close().await;
    let (strictly, loosely) = (told(&strict), told(&loose));
    let found = strictly.into_iter().zip(loosely);
    let wrong: Vec<_> = TABLE
        .iter()
        .zip(found)
        .filter(|((_, strict, loose), found)| (*strict, *loose) != *found)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(loose.tests.len(), TABLE.len());
    assert_eq!(
        loose.tests[0].stdout.text, "compared here\n",
        "in the box of the program"
    );
    let message = strict.tests[0].checker_message.as_deref().unwrap_or_default();
    assert!(message.contains("strict = false"), "{message}");
}
