import warnings
def old():
    warnings.warn("old is old", DeprecationWarning)
    return 1
def slow(n): return sum(range(n))
# tests
import sys
import pytest
from solution import old, slow
pytestmark = pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_marked(): assert slow(1000) == 499500
def test_value(): assert old() == 1
@pytest.mark.skipif(sys.version_info < (3, 0), reason="Python 3")
def test_not_skipped(): assert slow(2) == 1
@pytest.mark.skipif(sys.version_info > (3, 0), reason="Python 2")
def test_skipped(): assert slow(2) == 0
@pytest.mark.xfail(raises=ZeroDivisionError)
def test_other_error(): assert slow("x") == 0
@pytest.mark.xfail(run=False)
def test_not_run(): assert False
def test_skips_itself():
    if slow(3) == 3: pytest.skip("no need")
    assert False
def test_xfails_itself(): pytest.xfail("known")
def test_importorskip(): pytest.importorskip("no_such_module")
def test_fails_itself():
    if slow(3) == 3: pytest.fail("as it should")
