# technique: reads past the end of standard input, again and again, and by other ways than read
# source: THREATS: later tests
# verdict: WA
# invariant: standard input ends where the test ends
# without: seccomp capabilities network read_only_root
import fcntl, os, sys, termios, time

text = sys.stdin.read()
number = text.split()[1]
for _ in range(20):
    more = os.read(0, 65536)
    if more:
        print("LEAKED more input", more)
    time.sleep(0.01)
for path in ("/dev/stdin", "/proc/self/fd/0"):
    with open(path, "rb", buffering=0) as again:
        os.set_blocking(again.fileno(), False)
        more = again.read(65536)
        # Opened anew, a file begins at its start: the input of this test is no secret to it.
        if more and more != text.encode():
            print("LEAKED", more)
others = [word for word in text.split("attack") if word.strip() and word.split()[0] != number]
print("LEAKED" if others else "held", text)
