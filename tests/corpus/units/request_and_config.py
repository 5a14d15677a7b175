def greet(lang): return {"en": "hello", "de": "hallo"}[lang]
def names(): return ["a", "b"]
# tests
import pytest
from solution import greet, names
@pytest.fixture(params=["en", "de"], ids=["english", "german"])
def lang(request): return request.param
@pytest.fixture
def length(request): return getattr(request, "param", 5)
def test_lang(lang, request):
    assert greet(lang) and request.node.name.startswith("test_lang")
@pytest.mark.parametrize("length", [5], indirect=True)
def test_indirect(length): assert len(greet("de")) == length
def test_dynamic(request): assert request.getfixturevalue("length") == 5
def test_finalizer(request):
    request.addfinalizer(lambda: names())
    assert names() == ["a", "b"]
def pytest_generate_tests(metafunc):
    if "generated" in metafunc.fixturenames: metafunc.parametrize("generated", [1, 2, 3])
def test_generated(generated): assert len(names()) < generated or generated < 3
def test_record(record_property): record_property("n", 1); assert names()
def test_caplog(caplog):
    import logging
    logging.getLogger("t").warning("from the test"); assert "from the test" in caplog.text and names()
