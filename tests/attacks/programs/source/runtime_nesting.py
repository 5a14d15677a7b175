# technique: ast built by hand, deeper than any parser would allow, and compiled
# source: CPython: crashes of the compiler by deep trees (docs of ast warn of it)
# verdict: RTE WA MLE TLE
# invariant: the interpreter may fall, the box does not
# without: seccomp
import ast, sys

sys.setrecursionlimit(10**6)
tree = ast.Constant(1)
for _ in range(100000):
    tree = ast.UnaryOp(ast.USub(), tree)
try:
    print(eval(compile(ast.fix_missing_locations(ast.Expression(tree)), 'deep', 'eval')))
except (RecursionError, MemoryError) as refused:
    print('held', type(refused).__name__)
