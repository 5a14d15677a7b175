"""Says as one line of JSON what a program imports of libraries: their names come as arguments. Imports none of them."""

import importlib.metadata
import json
import pathlib
import sys


def modules_of(library):
    """Its modules that lie in no other one of its own."""
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


print(
    json.dumps(
        [{"name": name, "version": importlib.metadata.version(name), "modules": modules_of(name)} for name in sys.argv[1:]]
    )
)
