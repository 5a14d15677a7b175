"""Writes an initramfs to standard output, which holds these files and nothing else. The same files make the same bytes.

    initramfs.py NAME=FILE...

The format is newc (Documentation/driver-api/early-userspace/buffer-format.rst of the Linux kernel).
"""

import os
import sys

DIRECTORY = 0o040755
PROGRAM = 0o100755


def entry(number, name, mode, content=b""):
    fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    return padded(head) + padded(content)


def padded(data):
    return data + bytes(-len(data) % 4)


def main():
    files = dict(argument.split("=", 1) for argument in sys.argv[1:])
    directories = sorted({"dev", *filter(None, map(os.path.dirname, files))})
    entries = [(name, DIRECTORY, b"") for name in directories]
    for name, path in files.items():
        with open(path, "rb") as file:
            entries.append((name, PROGRAM, file.read()))
    for number, (name, mode, content) in enumerate(entries, 1):
        sys.stdout.buffer.write(entry(number, name, mode, content))
    sys.stdout.buffer.write(entry(0, "TRAILER!!!", 0))


main()
