# unittest.main finds the tests of the main program.
# ends: exit 1
import unittest, sys
class Tests(unittest.TestCase):
    def test_right(self): self.assertEqual(1, 1)
    @unittest.skip("why not")
    def test_skipped(self): pass
    def test_wrong(self): self.assertEqual([1, 2], [1, 3])
class Result(unittest.TextTestResult):
    def printErrors(self):
        self.stream.writeln("errors: %d" % len(self.failures))
        self.printErrorList("FAIL", self.failures)
class Runner(unittest.TextTestRunner):
    def run(self, test):
        result = Result(unittest.runner._WritelnDecorator(sys.stderr), True, 2)
        test(result); result.printErrors()
        return result
unittest.main(testRunner=Runner)
