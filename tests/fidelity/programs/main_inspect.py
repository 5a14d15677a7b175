# inspect finds the source of what the main program defines.
import inspect, sys
def function(a, b=1, *args, c: int = 2, **kwargs) -> str:
    """Documentation."""
    return "x"  # a comment
class Thing:
    def method(self):
        pass
print(inspect.getsource(function), inspect.getsource(Thing.method), inspect.getsourcefile(function), inspect.getsourcelines(Thing), inspect.signature(function))
print(inspect.getmodule(function), inspect.getfile(Thing), inspect.getdoc(function), inspect.currentframe().f_lineno)
print(len(inspect.getsource(sys.modules["__main__"])))
