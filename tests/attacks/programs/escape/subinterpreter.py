# technique: another interpreter in the same process, with its own modules, hooks and audit state
# source: PEP 684, PEP 734
# verdict: WA
# invariant: every interpreter of the process has the same rights
# without: seccomp capabilities network read_only_root
import _interpreters

other = _interpreters.create("legacy")
text = "import os\ntry:\n    os.execv('/bin/sh', ['sh', '-c', 'echo ESCAPED'])\nexcept OSError as refused:\n    print('held', refused, flush=True)\n"
failure = _interpreters.run_string(other, text)
if failure:
    print("held", failure.formatted)
_interpreters.destroy(other)
