"""Compiles the judge's own programs, so that a box need not compile them for every submission:

    python3 -I compile_programs.py DIRECTORY

Beside this file are `programs.txt`, which says of which parts each program consists, and these. A compiled program
lies under the name and the length of its source, which it holds: where the judge brings another one, that is compiled.
Of a program that imports the submission, what it defines is compiled apart from its last statement, which does the work:
a zygote has run the former when it is forked.
"""

import ast
import itertools
import marshal
import os
import sys
import warnings

PARTS = os.path.dirname(os.path.abspath(__file__))

# Where programs lie in a box.
WORK = "/work"

# What the judge puts before a program that imports the submission (`languages.python3.warm_libraries`).
WARM = ("numpy", "pandas")


def read(name):
    with open(os.path.join(PARTS, name), "rb") as file:
        return file.read()


def beginnings(name):
    """Only what lies beside the submission imports it."""
    if os.path.dirname(name):
        return [b""]
    chosen = itertools.chain.from_iterable(itertools.combinations(WARM, count) for count in range(len(WARM) + 1))
    return ["".join(f"import {library}\n" for library in libraries).encode() for libraries in chosen]


def compiled(source, name):
    """The code of a program, or of its two parts."""
    path = os.path.join(WORK, name)
    if os.path.dirname(name):
        return compile(source, path, "exec", dont_inherit=True)
    *definitions, last = ast.parse(source).body
    return [compile(ast.Module(part, []), path, "exec", dont_inherit=True) for part in (definitions, [last])]


def imports_of(source):
    """What a program imports before it does anything else."""
    names = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import):
            names += [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            names.append(statement.module)
    return names


def main():
    warnings.simplefilter("error")
    target = sys.argv[1]
    os.makedirs(target)
    for line in read("programs.txt").decode().splitlines():
        name, *parts = line.split()
        whole = b"".join(map(read, parts))
        for beginning in beginnings(name):
            source = beginning + whole
            with open(os.path.join(target, f"{os.path.basename(name)}.{len(source)}"), "wb") as file:
                marshal.dump((source, compiled(source, name), imports_of(source)), file)


main()
