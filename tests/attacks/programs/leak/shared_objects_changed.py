# technique: immutable objects that forks share are changed in memory: small integers, interned texts, the empty tuple
# source: CPython: immortal objects, PEP 683; ctypes
# verdict: WA
# invariant: a write to a shared page makes a copy of it
# without: seccomp
import ctypes, os

address = id(200) + (ctypes.sizeof(ctypes.c_void_p) * 3)
value = ctypes.c_uint32.from_address(address)
if value.value != 200:
    os.write(1, b"LEAKED an integer\n")
text = "Anonymous"
kind = ctypes.c_char.from_address(id(text) + text.__sizeof__() - 2)
if kind.value != b"s":
    os.write(1, b"LEAKED a text\n")
os.write(1, b"held\n")
kind.value = b"X"
value.value = 201
os._exit(0)
