#!/bin/sh
# Stages the interpreter, its whole standard library, numpy and pandas into TREE.
set -eu

tree=$1
stage=$(dirname "$0")/stage.sh

ask_python() {
    python3 -I -c "import os, site, sys, sysconfig; print(*($1))"
}

# pandas finds time zones in Python packages, zoneinfo in this directory.
add_python() {
    interpreter=$(ask_python "{sys.executable, os.path.realpath(sys.executable)}")
    packages=$(ask_python "[p for p in site.getsitepackages() if os.path.isdir(p)]")
    # shellcheck disable=SC2086 # one path per word is meant
    sh "$stage" add "$tree" /usr/bin/python3 $interpreter "$library" $packages /usr/share/zoneinfo
}

# Tests, headers and tools for building: nothing that a submission can import to any use. One module of numpy's tests is
# imported by numpy.testing.
# Start-up hooks go too: they would run before every submission.
trim() {
    stdlib=$tree$library
    for part in ensurepip idlelib lib2to3 test tkinter turtledemo turtle.py venv \
        sitecustomize.py EXTERNALLY-MANAGED; do
        rm -rf "${stdlib:?}/$part"
    done
    for part in posix right localtime; do
        rm -rf "$tree/usr/share/zoneinfo/$part"
    done
    rm -rf "$stdlib"/config-*
    rm -f "$stdlib"/lib-dynload/_tkinter.*
    find "$tree" \( -name __pycache__ -o -path '*/pandas/tests' -o -path '*/numpy/*/tests' \
        -o -path '*-packages/pip' -o -path '*-packages/pip-*' -o -path '*/numpy/*/include' \
        -o -path '*/numpy/f2py' \) -type d ! -path '*/numpy/_core/tests' -prune -exec rm -rf {} +
    find "$tree" -path '*/numpy/_core/tests/*' ! -path '*/numpy/_core/tests/__init__.py' \
        ! -path '*/numpy/_core/tests/_natype.py' -delete
    find "$tree" \( -name '*.pth' -o -name '*.a' -o -name '*.pyx' -o -name '*.pxd' \) -delete
    # An empty directory on the path would be searched at every import.
    find "$tree/usr/local" -depth -type d -empty -delete 2>/dev/null || true
    # Debian keeps numpy's headers elsewhere and leaves links to them.
    find "$tree" -path '*/numpy/*' -type l -delete
}

# What tests of numerical programs import has to be there.
check_testing() {
    for packages in "$tree"/usr/lib/python3/dist-packages "$tree"/usr/local/lib/python3.*/site-packages; do
        [ -d "$packages/numpy" ] || continue
        PYTHONPATH=$packages python3 -S -B -c 'import sys, numpy.testing, pandas.testing
at = sys.argv[1]
away = [each.__name__ for each in (numpy.testing, pandas.testing) if not each.__file__.startswith(at)]
sys.exit(f"{away} were not imported from {at}" if away else 0)' "$packages"
    done
}

# Compiled here because a box's root is read-only. By hash and unchecked: a layer may change a
# file's time, and the interpreter would then compile its library anew at every start.
compile_library() {
    python3 -I -m compileall -q -j 0 -s "$tree" -p / \
        --invalidation-mode unchecked-hash "$tree/usr" >/dev/null
}

# Debian's pytz opens every file of the time zone database at import, to list the zones. Here the
# list cannot change, so it is written down: 600 files fewer to open, half the time of importing
# pandas where a layer's files are slow to open.
freeze_time_zones() {
    pytz=$tree/usr/lib/python3/dist-packages/pytz/__init__.py
    [ -f "$pytz" ] || return 0
    zones=$(python3 -I -c 'import pytz; print(sorted(pytz.all_timezones_set))')
    sed -i "s|^all_timezones_set = zoneinfo.*|all_timezones_set = set($zones)|" "$pytz"
}

library=$(ask_python "[sysconfig.get_path('stdlib')]")
sh "$stage" lay "$tree"
add_python
trim
freeze_time_zones
check_testing
sh "$stage" libs "$tree"
compile_library
sh "$stage" check "$tree"
