//! Unit tests that skip themselves are excused in reports, and those that the program has skipped are not.

use assize::contract::{Judgement, Verdict};
use assize::reports::{ReportFormat, report};
use serde_json::{Value, json};

use crate::judge::JudgeFixture;
use crate::units::tested;

const PROGRAM: &str = "\
def add(a, b):
    return a + b
def later():
    raise NotImplementedError
";

const TESTS: &str = "\
import pytest
from solution import add, later

def test_sum():
    assert add(1, 2) == 3

def test_wrong():
    assert add(1, 2) == 4

def test_skips():
    pytest.importorskip('nothing_like_it')

@pytest.mark.skipif(True, reason='on Tuesdays only')
def test_is_skipped():
    assert add(1, 2) == 3

@pytest.mark.xfail(reason='known')
def test_is_expected_to_fail():
    assert add(1, 2) == 5

def test_of_the_program():
    try:
        later()
    except NotImplementedError:
        pytest.skip('not written yet')
";

const BEHIND_ANSWERS: &str = "\
import pytest
import solution
from solution import add

@pytest.fixture(scope='module')
def total():
    return add(1, 2)

def test_sum():
    assert add(1, 2) == 3

def test_answer():
    if add(1, 2) == 3:
        pytest.skip('it can add')
    assert False

def test_name():
    if not hasattr(solution, 'bonus'):
        pytest.skip('no bonus')

def test_fixture(total):
    if total == 3:
        pytest.skip('it could add')

def test_expected():
    if add(1, 2) == 3:
        pytest.xfail('it fails here')

def test_of_the_host():
    pytest.importorskip('nothing_like_it')
";

const LEVELS: &str = "\
LEVEL = 3
class Wrong(Exception):
    pass
def add(a, b):
    return a + b
";

const MARKED: &str = "\
import pytest
from solution import NAMES, add

def test_sum():
    assert add(1, 2) == 3

@pytest.mark.skip
def test_is_skipped():
    assert add(1, 2) == 3

@pytest.mark.skip(reason='later')
class TestLater:
    def test_it(self):
        assert add(1, 2) == 3

@pytest.mark.skipif(add is None, reason='no function')
def test_condition():
    pass

@(pytest.mark.skip if NAMES else pytest.mark.slow)
def test_mark():
    pass

@pytest.mark.skipif(True, reason='on Tuesdays only')
def test_tuesday():
    pass
";

const MODULE: &str = "\
import pytest
pytest.importorskip('nothing_like_it')
from solution import add

def test_sum():
    assert add(1, 2) == 3
";

const MODULE_OF_PROGRAM: &str = "\
import pytest
from solution import later
try:
    later()
except NotImplementedError:
    pytest.skip('not written yet', allow_module_level=True)

def test_nothing():
    pass
";

fn prairielearn(judgement: &Judgement) -> Value {
    serde_json::from_str(&report(judgement, ReportFormat::PrairieLearn, None).unwrap()).unwrap()
}

fn gradescope(judgement: &Judgement) -> Vec<Value> {
    let text = report(judgement, ReportFormat::Gradescope, None).unwrap();
    let results: Value = serde_json::from_str(&text).unwrap();
    let tests = results["tests"].as_array().unwrap().iter();
    tests.map(|test| json!([test["score"], test["max_score"]])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skip_of_the_tests_costs_no_mark_and_one_that_the_program_has_caused_does() {
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture
        .judge(&tested(PROGRAM, &json!({ "test_it.py": TESTS }), &json!({})))
        .await;
    let loosely = json!({ "strict": false });
    let loose = fixture
        .judge(&tested(PROGRAM, &json!({ "test_it.py": TESTS }), &loosely))
        .await;
    fixture.close().await;
    let reasons: Vec<_> = judgement.tests.iter().map(|test| test.skip_reason.as_deref()).collect();
    assert_eq!(judgement.tests[5].verdict, Verdict::Rte, "{:#?}", judgement.tests[5]);
    assert_eq!(reasons[..2], [None, None]);
    assert!(reasons[2].unwrap().contains("nothing_like_it"), "{reasons:?}");
    assert!(reasons[3].unwrap().contains("on Tuesdays only"), "{reasons:?}");
    assert_eq!(reasons[4..], [Some("known"), None]);
    let (passed, failed, excused) = (json!([1, 1]), json!([0, 1]), json!([0, 0]));
    let marks = [&passed, &failed, &excused, &excused, &excused, &failed];
    assert_eq!(gradescope(&judgement).iter().collect::<Vec<_>>(), marks);
    let third = prairielearn(&judgement)["score"].as_f64().unwrap();
    assert!((third - 1.0 / 3.0).abs() < 1e-9, "{third}");
    // The program says there what is skipped, which must not excuse it.
    assert_eq!(loose.tests[5].verdict, Verdict::Sk);
    assert_eq!(gradescope(&loose).iter().collect::<Vec<_>>(), marks);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skip_behind_what_the_program_answered_is_not_excused() {
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let judgement = fixture
        .judge(&tested(PROGRAM, &json!({ "test_it.py": BEHIND_ANSWERS }), &json!({})))
        .await;
    fixture.close().await;
    let verdicts: Vec<_> = judgement.tests.iter().map(|test| test.verdict).collect();
    assert_eq!(verdicts[0], Verdict::Ac);
    assert_eq!(verdicts[1..], [Verdict::Sk; 5], "{:#?}", judgement.tests);
    let (passed, failed, excused) = (json!([1, 1]), json!([0, 1]), json!([0, 0]));
    let marks = [&passed, &failed, &failed, &failed, &failed, &excused];
    assert_eq!(gradescope(&judgement).iter().collect::<Vec<_>>(), marks);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_without_a_condition_is_excused_whatever_the_tests_import() {
    let by_value = MARKED.replace("NAMES", "LEVEL");
    let by_name = MARKED.replace("NAMES", "Wrong");
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let value = fixture
        .judge(&tested(LEVELS, &json!({ "test_it.py": by_value }), &json!({})))
        .await;
    let name = fixture
        .judge(&tested(LEVELS, &json!({ "test_it.py": by_name }), &json!({})))
        .await;
    fixture.close().await;
    let (passed, failed, excused) = (json!([1, 1]), json!([0, 1]), json!([0, 0]));
    // A condition may be what the program has answered.
    let marks = [&passed, &excused, &excused, &passed, &failed, &failed];
    assert_eq!(gradescope(&value).iter().collect::<Vec<_>>(), marks);
    // The class of an exception is a name, and says nothing.
    let marks = [&passed, &excused, &excused, &passed, &excused, &excused];
    assert_eq!(gradescope(&name).iter().collect::<Vec<_>>(), marks);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_skips_itself_is_one_skipped_test_and_no_error() {
    let both =
        json!({ "test_a.py": MODULE, "test_b.py": "from solution import add\ndef test_b(): assert add(1, 1) == 2\n" });
    let fixture = JudgeFixture::behind_the_cheapest_wall().await;
    let mixed = fixture.judge(&tested(PROGRAM, &both, &json!({}))).await;
    let alone = fixture
        .judge(&tested(PROGRAM, &json!({ "test_a.py": MODULE }), &json!({})))
        .await;
    let caused = json!({ "test_a.py": MODULE_OF_PROGRAM });
    let caused = fixture.judge(&tested(PROGRAM, &caused, &json!({}))).await;
    fixture.close().await;
    let told: Vec<_> = mixed
        .tests
        .iter()
        .map(|test| (test.name.as_str(), test.verdict))
        .collect();
    assert_eq!(told, [("test_a.py", Verdict::Sk), ("test_b.py::test_b", Verdict::Ac)]);
    assert_eq!(
        (mixed.verdict, prairielearn(&mixed)["score"].as_f64()),
        (Verdict::Ac, Some(1.0))
    );
    assert_eq!(
        (alone.verdict, alone.tests.len()),
        (Verdict::Sk, 1),
        "{:#?}",
        alone.tests
    );
    assert_eq!(prairielearn(&alone)["gradable"], false);
    assert!(report(&alone, ReportFormat::Gradescope, None).is_err());
    assert_eq!(caused.verdict, Verdict::Rte, "{:#?}", caused.tests);
}
