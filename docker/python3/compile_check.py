"""Tells whether Python can compile a submission, without running a line of it.

    python3 -I /usr/lib/assize/compile_check.py FILE...

Runs in a box under limits, beside the files. For a file that does not compile it prints what
`python3 FILE` would print. Exit status: 0 all compile, 1 one does not, 2 a file cannot be read.
"""

import sys
import warnings


def main(names):
    # A warning does not refuse a submission; it appears when the program runs.
    warnings.simplefilter("ignore")
    outcomes = [compiles(name) for name in names]
    return 0 if all(outcomes) else 1


def compiles(name):
    try:
        with open(name, "rb") as file:
            source = file.read()
    except OSError as error:
        print(f"compile_check: cannot read {name}: {error.strerror}", file=sys.stderr)
        sys.exit(2)
    # Bytes, not text: the encoding cookie, the byte order mark and null bytes are Python's to
    # judge. Any exception here means the same for the submission, a nesting too deep for the
    # parser (MemoryError) or the compiler (RecursionError) included.
    try:
        compile(source, name, "exec", dont_inherit=True)
    except Exception as error:
        # Without its traceback, which names this file and not the submission.
        sys.__excepthook__(type(error), error.with_traceback(None), None)
        return False
    return True


sys.exit(main(sys.argv[1:]))
