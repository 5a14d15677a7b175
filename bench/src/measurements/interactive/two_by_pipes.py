"""Starts the validator and the submission of the interactive workload with two plain pipes between them."""

import subprocess
import sys
import tempfile

asks, answers = sys.argv[1:]
with tempfile.TemporaryDirectory() as feedback:
    submission = subprocess.Popen([sys.executable, "-c", answers], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    ends = {"stdin": submission.stdout, "stdout": submission.stdin}
    subprocess.run([sys.executable, "-c", asks, "-", "-", feedback], **ends)
    submission.stdin.close()
    submission.wait()
    with open(f"{feedback}/judgemessage.txt") as file:
        print(file.read().strip())
