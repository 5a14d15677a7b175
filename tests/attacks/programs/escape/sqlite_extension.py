# technique: sqlite3 loads a native extension, writes a file where it should not, and attaches another one
# source: CPython docs: sqlite3.Connection.enable_load_extension
# verdict: WA
# invariant: nothing executable can be loaded, nothing outside the scratch places be written
# without: seccomp capabilities network
import sqlite3

database = sqlite3.connect(":memory:")
try:
    database.enable_load_extension(True)
    database.execute("select load_extension('/tmp/evil.so')")
    print("ESCAPED")
except (AttributeError, sqlite3.Error) as refused:
    print("held", refused)
for path in ("/etc/cron.d/evil", "/usr/lib/assize/x.db", "/root/x.db"):
    try:
        database.execute(f"attach '{path}' as other{len(path)}")
        database.execute(f"create table other{len(path)}.t (x)")
        print("ESCAPED wrote", path)
    except sqlite3.Error as refused:
        print("held", refused)
