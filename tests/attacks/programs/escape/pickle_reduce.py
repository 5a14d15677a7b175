# technique: pickle.loads of a stream that calls os.system and builtins.open
# source: CPython docs: pickle, "not secure"
# verdict: WA
# invariant: what it calls finds no shell and no file
# without: seccomp capabilities network read_only_root
import pickle

streams = [
    b"cposix\nsystem\n(S'echo ESCAPED by pickle'\ntR.",
    b"cbuiltins\nopen\n(S'/etc/shadow'\ntR.",
    b"csubprocess\ncheck_output\n((S'/usr/bin/id'\nltR.",
]
for stream in streams:
    try:
        print("done", pickle.loads(stream))
    except (OSError, TypeError, pickle.UnpicklingError) as refused:
        print("held", type(refused).__name__)
