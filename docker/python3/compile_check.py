"""Tells whether Python can compile a submission, without running a line of it.

    python3 -I /usr/lib/assize/compile_check.py PROGRAM [MODULE...]

Runs in a box under limits, beside the files. PROGRAM is what `python3 PROGRAM` will start, the
others are what it may import. For a file that does not compile it prints what Python itself
would print. Exit status: 0 all compile, 1 one does not, 2 wrong use or a file cannot be read.
"""

import sys
import warnings


def main(program, *modules):
    # A warning does not refuse a submission; it appears when the program runs.
    warnings.simplefilter("ignore")
    outcomes = [compiles(program, check_program)]
    outcomes += [compiles(name, check) for name in modules if name != program]
    return 0 if all(outcomes) else 1


def compiles(name, check):
    # Any exception means the same for the submission, a nesting too deep for the parser
    # (MemoryError) or the compiler (RecursionError) included.
    try:
        check(name, read(name))
    except Exception as error:
        report(name, error)
        return False
    return True


def read(name):
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        print(f"compile_check: cannot read {name}: {error.strerror}", file=sys.stderr)
        sys.exit(2)


def check_program(name, source):
    refuse_undeclared_encoding(name, source)
    check(name, source)


def check(name, source):
    # Bytes, not text: the encoding cookie and the byte order mark are Python's to judge.
    try:
        compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        if b"\0" in source:
            line = line_of(source, source.index(b"\0"))
            raise SyntaxError("source code cannot contain null bytes", (name, line, None, None))
        raise


def refuse_undeclared_encoding(name, source):
    """Python demands UTF-8 of the whole program that it starts, even of its comments, but of a
    module only where the bytes matter. `compile` knows no more than the second rule."""
    try:
        source.decode()
    except UnicodeDecodeError as error:
        if not declares_encoding(source):
            line = line_of(source, error.start)
            raise SyntaxError(
                f"Non-UTF-8 code starting with '\\x{source[error.start]:02x}' in file {name} "
                f"on line {line}, but no encoding declared; "
                "see https://peps.python.org/pep-0263/ for details"
            ) from None


def declares_encoding(source):
    """The rule of PEP 263: in a comment of the first line, or of the second after another
    comment or an empty line."""
    import re

    comment = rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)"
    cookie = rb"[ \t\f]*#[^\r\n]*?coding[:=][ \t]*[-\w.]+"
    return source.startswith(b"\xef\xbb\xbf") or re.match(b"(?:%s)?%s" % (comment, cookie), source)


def line_of(source, position):
    return source.count(b"\n", 0, position) + 1


def report(name, error):
    if not isinstance(error, SyntaxError):
        print(f'  File "{name}"', file=sys.stderr)
    # Without its traceback and cause, which would name this file and not the submission.
    error.__cause__ = error.__context__ = None
    sys.__excepthook__(type(error), error.with_traceback(None), None)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("usage: compile_check.py PROGRAM [MODULE...]", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
