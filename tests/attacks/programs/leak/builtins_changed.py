# technique: functions and constants of builtins, sys and os replaced
# source: THREATS: zygote mutation
# verdict: WA
# invariant: a test begins with the interpreter as it starts
# without: seccomp
import builtins, os, site, sys

if hasattr(builtins, "left") or hasattr(sys, "left") or hasattr(os, "left") or len.__name__ != "len":
    print("LEAKED a builtin")
builtins.left = sys.left = os.left = True
builtins.len = lambda thing: 0
builtins.len.__name__ = "other"
sys.path.append("/left")
sys.set_int_max_str_digits(0)
sys.setrecursionlimit(12345)
print("held")
