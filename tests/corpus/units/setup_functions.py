class Counter:
    def __init__(self): self.n = 0
    def up(self, by=1): self.n += by; return self.n
# tests
from solution import Counter
counter = None
def setup_module(module):
    global counter
    counter = Counter()
def teardown_module(module):
    counter.up()
def setup_function(function):
    function.mark = 1
def test_1(): assert counter.up() == 1
def test_2(): assert counter.up() == 2
class TestX:
    @classmethod
    def setup_class(cls): cls.own = Counter()
    @classmethod
    def teardown_class(cls): assert cls.own.n == 3
    def setup_method(self, method): self.own.up()
    def test_a(self): assert self.own.n == 1
    def test_b(self): assert self.own.up() == 3
    def teardown_method(self): assert self.own.n > 0
