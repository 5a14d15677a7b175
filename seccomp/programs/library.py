"""The parts of the standard library that are written in C, and what solutions import most."""
import array
import bisect
import collections
import ctypes.util
import decimal
import fractions
import functools
import gc
import gzip
import hashlib
import heapq
import io
import itertools
import json
import lzma
import math
import pickle
import re
import sqlite3
import statistics
import string
import struct
import sys
import tempfile
import traceback
import xml.etree.ElementTree
import zipfile

decimal.getcontext().prec = 50
print(decimal.Decimal(2).sqrt(), fractions.Fraction(1, 3) + 1, math.comb(50, 25), statistics.median([3, 1, 2]))
with tempfile.TemporaryDirectory() as place:
    database = sqlite3.connect(f"{place}/db")
    database.execute("pragma journal_mode=wal")
    database.execute("create table numbers (n)")
    database.executemany("insert into numbers values (?)", [(n,) for n in range(1000)])
    database.commit()
    print(database.execute("select sum(n) from numbers").fetchone())
    database.execute("vacuum")
    database.close()
    with zipfile.ZipFile(f"{place}/zip", "w") as archive:
        archive.writestr("name", "content")
memory = sqlite3.connect(":memory:")
print(memory.execute("select sqlite_version() > '3'").fetchone())
print(hashlib.sha256(b"x").hexdigest()[:8], len(gzip.compress(b"x" * 100)), len(lzma.compress(b"x" * 100)) > 0)
print(json.dumps({"a": [1, None]}), pickle.loads(pickle.dumps({1: 2})), struct.pack("<i", 1), re.sub("a+", "b", "caat"))
print(heapq.nsmallest(2, [3, 1, 2]), bisect.bisect([1, 2, 3], 2), array.array("q", [1]), string.digits)
print(collections.Counter("aab"), list(itertools.islice(itertools.count(), 3)), functools.reduce(int.__add__, [1, 2]))
print(xml.etree.ElementTree.fromstring("<a><b/></a>")[0].tag, io.StringIO("x").read(), gc.collect() >= 0)
print(ctypes.util.find_library("there-is-no-such-library"))
sys.setrecursionlimit(100_000)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(50_000), sum([list(range(1_000_000))], [])[-1], len(bytes(300 << 20)) >> 20)
try:
    depth(-1)
except RecursionError:
    print("RecursionError")
try:
    bytes(1 << 60)
except MemoryError:
    print("MemoryError")
try:
    1 / 0
except ZeroDivisionError:
    print(traceback.format_exc().splitlines()[-1])
