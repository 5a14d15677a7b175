# technique: cr_frame and ag_frame: builtins by the frames of coroutines and asynchronous generators
# source: CPython docs: inspect, "types and members"
# verdict: WA
# invariant: a connection to the host is refused
# without: seccomp network capabilities
async def coroutine():
    pass

async def generator():
    yield

one, other = coroutine(), generator()
load = one.cr_frame.f_builtins["__import__"]
assert load is other.ag_frame.f_builtins["__import__"]
one.close()
socket = load("socket")
port = int(open(0).read().split()[-1])
try:
    socket.create_connection(("172.17.0.1", port), 1)
    print("ESCAPED connected")
except OSError as refused:
    print("held", refused)
