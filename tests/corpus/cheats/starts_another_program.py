# technique: becomes another program, which prints the answer and ends well
import os, sys
def add(a, b):
    os.execv(sys.executable, [sys.executable, "-c", "print(3); print('{\"value\": 3}')"])
# honest twin
import os, sys
def add(a, b):
    return a + b if os.path.isabs(sys.executable) else 0
