#!/bin/sh
# Stages PyPy and its whole standard library into TREE.
set -eu

tree=$1
stage=$(dirname "$0")/stage.sh

# What a submission cannot import to any use.
trim() {
    for part in ensurepip idlelib lib2to3 test tkinter turtledemo turtle.py venv sitecustomize.py; do
        rm -rf "${tree:?}$library/$part"
    done
    find "$tree" -name __pycache__ -type d -prune -exec rm -rf {} +
    find "$tree" -name '*.pth' -delete
}

# Compiled here because a box's root is read-only; unchecked, as for CPython.
compile_library() {
    pypy3 -I -m compileall -q -s "$tree" -p / --invalidation-mode unchecked-hash "$tree$library" >/dev/null
}

library=$(pypy3 -I -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
sh "$stage" lay "$tree"
sh "$stage" add "$tree" /usr/bin/pypy3 "$(readlink -f /usr/bin/pypy3)" "$library"
trim
sh "$stage" libs "$tree"
compile_library
sh "$stage" check "$tree"
