# technique: os.register_at_fork, sys.setprofile, threading hooks and codecs, for the fork that is the next test
# source: THREATS: patch the zygote by os.register_at_fork
# verdict: WA
# invariant: a test is a fork of the zygote, not of the test before
# without: seccomp
import builtins, codecs, os, sys, threading

if getattr(builtins, "_attack", None) or os.environ.get("ATTACK"):
    print("LEAKED hooks")
builtins._attack = True
os.environ["ATTACK"] = "1"
os.register_at_fork(before=lambda: None, after_in_child=lambda: os.write(1, b"LEAKED in a child\n") if os.getppid() == 1 else None)
threading.setprofile_all_threads(lambda *ignored: None)
codecs.register(lambda name: codecs.lookup("utf-8") if name == "attack" else None)
sys.addaudithook(lambda *ignored: None)
print("held")
