# technique: a source of ten megabytes made and compiled at run time, nested and wide
# source: CPython docs: compile
# verdict: MLE TLE RTE
# invariant: compiling at run time is the program's own use
# without: seccomp
import sys

sys.setrecursionlimit(10**9)
text = '[' + ','.join(f'lambda a{i}: (a{i}, {i})' for i in range(400000)) + ']'
exec(compile(text, 'large', 'exec'))
print('held')
