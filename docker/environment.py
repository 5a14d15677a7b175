"""Prints what a box image holds as one JSON object: names of interpreters, libraries and tools with their versions.

usage: environment.py MODULE... [--tool NAME VERSION]...

The runner reads the result from /usr/lib/assize/environment.json, and every verdict shows it.
"""

import importlib.metadata
import json
import platform
import sys


def main(arguments):
    versions = {"python": platform.python_version()}
    if platform.python_implementation() == "PyPy":
        versions["pypy"] = ".".join(map(str, sys.pypy_version_info[:3]))
    words = iter(arguments)
    for word in words:
        if word == "--tool":
            name = next(words)
            versions[name] = next(words)
        else:
            # Without the local part, as Debian's in 2.2.3+dfsg: it is the same release.
            versions[word] = importlib.metadata.version(word).split("+")[0]
    print(json.dumps(versions))


main(sys.argv[1:])
