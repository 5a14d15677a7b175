# technique: lists nested a million deep, printed, compared, pickled, freed
# source: CPython: Py_ReprEnter, trashcan; bpo reports
# verdict: MLE RTE WA
# invariant: the interpreter may fall, the box does not
# without: seccomp capabilities
import pickle

deep = ()
for _ in range(10**6):
    deep = (deep,)
for action in (repr, hash, pickle.dumps, lambda thing: thing == ((thing,),)):
    try:
        action(deep)
    except (RecursionError, MemoryError) as refused:
        print("held", type(refused).__name__, flush=True)
del deep
