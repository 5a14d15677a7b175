# A BaseException of one's own, and GeneratorExit.
# ends: exit 1
class Base(BaseException): pass
try: raise GeneratorExit
except BaseException as error: print(repr(error))
raise Base("x")
