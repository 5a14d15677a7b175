"""Imports libraries in a box, and says as one line of JSON what became of each.

Names of the libraries come as arguments. What is imported is said on standard error before it is, so that it is known
when the box or the interpreter ends meanwhile.
"""

import importlib
import importlib.metadata
import json
import os
import pathlib
import sys
import time


def modules_of(library):
    """What a program imports of it: its modules that lie in no other one of its own."""
    found = set()
    for file in importlib.metadata.files(library) or []:
        parts = pathlib.PurePosixPath(file).parts
        if parts[-1] == "__init__.py":
            found.add(parts[:-1])
        elif len(parts) == 1 and parts[0].endswith((".py", ".so")):
            found.add((parts[0].partition(".")[0],))
    outermost = [parts for parts in found if not any(parts[:end] in found for end in range(1, len(parts)))]
    names = [".".join(parts) for parts in outermost if all(part.isidentifier() for part in parts)]
    return sorted(name for name in names if not name.startswith("_"))


def threads():
    return len(os.listdir("/proc/self/task"))


def tried(module):
    print(module, file=sys.stderr, flush=True)
    before, started = threads(), time.perf_counter()
    try:
        importlib.import_module(module)
        error = None
    except BaseException as caught:
        error = f"{type(caught).__name__}: {caught}"[:500]
    # A thread does not survive a fork, so what starts one is imported in every process.
    return {
        "module": module,
        "ms": round((time.perf_counter() - started) * 1000),
        "threads": threads() - before,
        "error": error,
    }


def main(libraries):
    output = sys.stdout
    sys.stdout = sys.stderr
    checked = [
        {"name": name, "version": importlib.metadata.version(name), "modules": [tried(module) for module in modules_of(name)]}
        for name in libraries
    ]
    print(json.dumps(checked), file=output)


main(sys.argv[1:])
