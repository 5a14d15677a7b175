# technique: the environment, the limits and the standard streams of the process, changed for those after it
# source: environ(7)
# verdict: WA
# invariant: every test has the same environment
# without: seccomp
import ctypes, os

if "LEFT" in os.environ or ctypes.CDLL(None).getenv(b"LEFT"):
    print("LEAKED the environment")
os.environ["LEFT"] = "1"
os.putenv("PYTHONPATH", "/tmp")
os.environ["LD_PRELOAD"] = "/tmp/x.so"
with open("/proc/self/environ", "rb") as file:
    print("held", file.read())
