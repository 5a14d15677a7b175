"""subprocess of the interpreter itself, in every way that CPython has to start one."""
import os
import signal
import subprocess
import sys

python = [sys.executable, "-S", "-c"]
print(subprocess.run([*python, "print(input()[::-1])"], input="abc\n", text=True, capture_output=True).stdout.strip())
print(subprocess.run([*python, "raise SystemExit(7)"], start_new_session=True).returncode)
print(subprocess.run([*python, "raise SystemExit(8)"], preexec_fn=lambda: os.nice(0), close_fds=False).returncode)
print(subprocess.run([*python, "raise SystemExit(9)"], process_group=0, cwd="/tmp").returncode)
sleeper = subprocess.Popen([*python, "import time; time.sleep(600)"])
sleeper.send_signal(signal.SIGTERM)
print(sleeper.wait())
try:
    subprocess.run([*python, "import time; time.sleep(600)"], timeout=0.1)
except subprocess.TimeoutExpired as late:
    print(type(late).__name__)
pid = os.posix_spawn(sys.executable, [*python, "pass"], os.environ)
print(os.waitpid(pid, 0)[1])
first = subprocess.Popen([*python, "print('through a pipe')"], stdout=subprocess.PIPE)
second = subprocess.Popen([*python, "print(input())"], stdin=first.stdout)
print(first.wait(), second.wait())
try:
    subprocess.run(["/bin/there-is-no-such-program"])
except FileNotFoundError as error:
    print(error.errno)
