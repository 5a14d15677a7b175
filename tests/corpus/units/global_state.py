registry = []
config = {"debug": False}
count = 0
def register(x):
    global count
    count += 1
    registry.append(x)
    return len(registry)
def debug(): return config["debug"]
# tests
import solution
def test_first():
    assert solution.register("a") == 1
    assert solution.registry == ["a"] and solution.count == 1
def test_read(): assert solution.debug() is False and solution.config == {"debug": False}
def test_set():
    solution.config = {"debug": True}
    assert solution.debug() is True
class TestOne:
    def test_in_one_test(self):
        before = solution.count
        for n in range(3): solution.register(n)
        assert solution.count == before + 3
