"""PID 1 of a container without a runner: starts plain interpreters, one after the other.

A request per line of standard input, as JSON; an answer per line of standard output. What a program meets
is what the runner gives it: a session, a file to read, two pipes and no other descriptor, the work directory, limits, default
signals. It shares no code with the runner, so that it can be compared with it.
"""

import base64
import fcntl
import json
import os
import resource
import select
import shutil
import signal
import sys
import time
import traceback

PLACES = ("/work", "/tmp", "/dev/shm")
PIECE = 1 << 16
RESET = (signal.SIGPIPE, signal.SIGXFSZ)  # ignored by every Python, which exec would keep


def main():
    for line in sys.stdin:
        request = json.loads(line)
        clear()
        lay(request["files"])
        print(json.dumps(run(request)), flush=True)


def clear():
    for place in PLACES:
        for name in os.listdir(place):
            path = os.path.join(place, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)


def lay(files):
    for name, content in files:
        path = os.path.join("/work", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(content))


def run(request):
    stdin = file_of(base64.b64decode(request["stdin"]))
    from_program, stdout = os.pipe()
    # A worker makes it, which is another user, and programs open their streams by name.
    os.fchmod(stdout, 0o666)
    complaints, stderr = os.pipe()
    pid = os.fork()
    if pid == 0:
        become(request, (stdin, stdout, stderr))
    for end in (stdin, stdout, stderr):
        os.close(end)
    watched = Watched(pid, from_program, complaints, request)
    end = watched.until_it_ends()
    return {"end": end, **{name: base64.b64encode(bytes(data)).decode() for name, data in watched.seen.items()}}


def file_of(content):
    """A file without a name, open for reading at its start."""
    file = os.open("/dev/shm", os.O_TMPFILE | os.O_EXCL | os.O_RDWR, 0o600)
    with open(file, "wb", closefd=False) as writer:
        writer.write(content)
    os.fchmod(file, 0o400)
    reader = os.open(f"/proc/self/fd/{file}", os.O_RDONLY)
    os.close(file)
    return reader


def become(request, pipes):
    try:
        os.setsid()
        for number, pipe in enumerate(pipes):
            os.dup2(pipe, number)
        os.closerange(3, 1024)
        os.chdir("/work")
        for name, soft, hard in limits(request):
            most = resource.getrlimit(name)[1]
            hard = hard if most == resource.RLIM_INFINITY else min(hard, most)
            resource.setrlimit(name, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
        for number in RESET:
            signal.signal(number, signal.SIG_DFL)
        os.execve(request["argv"][0], request["argv"], dict(entry.split("=", 1) for entry in request["env"]))
    except BaseException:
        traceback.print_exc()
    os._exit(127)


def limits(request):
    seconds, stack = request["cpu_seconds"], request["stack_bytes"]
    return [(resource.RLIMIT_CPU, seconds, seconds + 1), (resource.RLIMIT_STACK, stack, resource.RLIM_INFINITY)]


class Watched:
    def __init__(self, pid, from_program, complaints, request):
        self.pid = pid
        self.deadline = time.monotonic() + request["wall"]
        self.reader_gone = request["reader_gone"]
        self.names = {from_program: "stdout", complaints: "stderr"}
        self.seen = {"stdout": bytearray(), "stderr": bytearray()}
        self.poll = select.poll()
        for end in self.names:
            self.poll.register(end, select.POLLIN)
        for end in self.names:
            fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_NONBLOCK)

    def until_it_ends(self):
        end, killed = None, ""
        while end is None:
            self.move(2)
            if not killed and time.monotonic() >= self.deadline:
                killed = " by the wall limit"
            if killed:
                kill_all()
            end = self.reap()
        # Nothing outlives the program.
        while self.anybody():
            kill_all()
        while self.names:
            self.move(1000)
        return end + killed

    def move(self, milliseconds):
        for descriptor, _ in self.poll.poll(milliseconds):
            self.drain(descriptor)

    def drain(self, descriptor):
        name = self.names[descriptor]
        data = os.read(descriptor, PIECE)
        hangs_up = self.reader_gone and name == "stdout"
        if data and not hangs_up:
            self.seen[name] += data
        else:
            self.poll.unregister(descriptor)
            del self.names[descriptor]
            os.close(descriptor)

    def reap(self):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == self.pid:
                code = os.waitstatus_to_exitcode(status)
                return f"exit {code}" if code >= 0 else f"signal {-code}"
            if pid == 0:
                return None

    def anybody(self):
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            time.sleep(0.0005)
        return True


def kill_all():
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


main()
