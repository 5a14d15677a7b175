# technique: marshal.loads of a code object that imports os and starts a shell
# source: CPython docs: marshal
# verdict: WA
# invariant: the code has no more rights than the program
# without: seccomp capabilities network read_only_root
import marshal

text = "import os\ntry: os.execv('/bin/sh', ['sh', '-c', 'echo ESCAPED'])\nexcept OSError as refused: print('held', refused)"
stream = marshal.dumps(compile(text, "hidden", "exec"))
exec(marshal.loads(stream))
