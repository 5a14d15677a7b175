# technique: the runner's own program started by the submission, to find what it says and takes
# source: THREATS: forge the verdict, a second runner
# verdict: WA
# invariant: a second runner is a program without rights: its frames go to the submission, not to the judge
# without: seccomp capabilities network read_only_root
import subprocess

try:
    ended = subprocess.run(["/usr/lib/assize/runner", "/work", "/tmp"], input=b"", capture_output=True, timeout=1)
    print("held, it said", ended.stdout[:200], ended.stderr[:200], ended.returncode)
except OSError as refused:
    print("held", refused)
except subprocess.TimeoutExpired:
    print("held, it waits")
