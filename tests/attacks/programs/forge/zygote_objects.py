# technique: finds what zygote.py has left in the fork by gc under a computed name, and changes all of it
# source: THREATS: patch the zygote through a shared object
# verdict: WA
# invariant: forks are copies: what one changes no other one sees
# without: seccomp
collector = __import__("g" + "c")
collector.unfreeze()
marks = 0
for thing in collector.get_objects():
    code = getattr(thing, "__code__", None) if type(thing).__name__ == "function" else None
    if code is not None and code.co_name in ("prepare", "start", "leave", "warm_up", "take_place"):
        if thing.__dict__.get("attacked"):
            print("LEAKED a function of the zygote")
        thing.attacked = True
        thing.__code__ = (lambda *words: (compile("print('LEAKED code')", "x", "exec"), {})).__code__
        marks += 1
print("held", marks)
