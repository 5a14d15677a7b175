# technique: __build_class__, metaclasses, __class_getitem__, __init_subclass__ and descriptors call what they should not
# source: CTF write-ups: "calling functions without call"
# verdict: WA
# invariant: os.execv finds no program, whatever calls it
# without: seccomp capabilities network read_only_root
import builtins, os

def shell(*ignored):
    for program in ("/bin/sh", "/usr/bin/env", "/bin/busybox"):
        try:
            os.execv(program, [program])
        except OSError:
            print("held", program)

class Meta(type):
    __getitem__ = __prepare__ = staticmethod(lambda *words, **more: shell() or {})

class Base:
    __init_subclass__ = __set_name__ = __get__ = shell

builtins.__build_class__(lambda: None, "Made", Base)
Meta("made", (), {})[0]
class Owner(metaclass=Meta):
    part = Base()
Owner.part
