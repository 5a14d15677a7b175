//! Values that calls return: which count as data, and how long they may be.

use assize::contract::Verdict;
use serde_json::json;
use uuid::Uuid;

use crate::calls::{read, submission, verdicts};
use crate::judge::JudgeFixture;

#[tokio::test(flavor = "multi_thread")]
async fn named_tuples_and_members_of_enumerations_count_as_what_they_equal() {
    let source = "\
import collections, enum, typing
Pair = collections.namedtuple('Pair', 'a b')
class Point(typing.NamedTuple):
    x: int
    y: int
class Level(enum.IntEnum):
    HIGH = 2
class Name(enum.StrEnum):
    A = 'a'
class Old(str, enum.Enum):
    B = 'b'
class Color(enum.Enum):
    RED = 1
class Number(int):
    pass
def points():
    return [Point(1, 2), Pair(3, (Level.HIGH,))]
def names():
    return {Name.A: Old.B}
def counted():
    return [collections.Counter('aab'), collections.defaultdict(list, a=[1]), collections.OrderedDict(b=1)]
def color():
    return Color.RED
def number():
    return Number(3)
def put(items):
    items[0] = Point(1, items[0])
";
    let calls = [
        json!({ "call": "points", "expect": [{ "$tuple": [1, 2] }, { "$tuple": [3, { "$tuple": [2] }] }] }),
        json!({ "call": "names", "expect": { "a": "b" } }),
        json!({ "call": "counted", "expect": [{ "a": 2, "b": 1 }, { "a": [1] }, { "b": 1 }] }),
        json!({ "call": "put", "args": [[2]], "expect_args": [[{ "$tuple": [1, 2] }]] }),
        json!({ "call": "points", "expect": [{ "$tuple": [1, 2] }, { "$tuple": [3, { "$tuple": [3] }] }] }),
        json!({ "call": "color", "expect": 1 }),
        json!({ "call": "number", "expect": 3 }),
    ];
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture.judge(&submission(source, &calls)).await;
    fixture.close().await;
    let expected = [[Verdict::Ac; 4].as_slice(), &[Verdict::Wa; 3]].concat();
    assert_eq!(verdicts(&judgement), expected, "{judgement:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_may_be_as_long_as_the_one_that_is_expected() {
    let numbers: Vec<u32> = (0..120_000).map(|number| 123_456_789 + number).collect();
    let source = "def numbers(n):\n    return [123456789 + i for i in range(n)]\ndef sort(x):\n    x.sort()\n";
    let backwards: Vec<_> = numbers.iter().rev().collect();
    let calls = [
        json!({ "call": "numbers", "args": [120_000], "expect": numbers }),
        json!({ "call": "sort", "args": [backwards], "expect_args": [numbers] }),
        json!({ "call": "numbers", "args": [120_000], "expect": [1] }),
    ];
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    for processes in ["each", "forks", "one"] {
        let message = json!({
            "type": "assize.submission.v1", "id": Uuid::new_v4(), "language": "python3",
            "files": [{ "name": "main.py", "content": source }], "tests": calls,
            "call_options": { "processes": processes },
            "limits": { "cpu_ms": 2000, "wall_ms": 8000, "memory_bytes": 268_435_456 },
        });
        let judgement = fixture.judge(&read(&message)).await;
        let expected = [Verdict::Ac, Verdict::Ac, Verdict::Wa];
        assert_eq!(verdicts(&judgement), expected, "{processes}: {judgement:#?}");
    }
    fixture.close().await;
}
