# Standard input is freed where nobody holds it.
import sys
import weakref

stream = sys.stdin
sys.stdin = sys.__stdin__ = None
freed = weakref.ref(stream, lambda _stream: print("freed"))
del stream
print("goes on")
