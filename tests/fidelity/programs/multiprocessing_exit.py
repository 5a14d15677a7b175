# How processes end: exit, exception, signal.
import multiprocessing as mp, sys, os, signal
def leaves(): sys.exit(3)
def fails(): raise ValueError("in a process")
def killed(): os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    context = mp.get_context("fork")
    for target in (leaves, fails, killed):
        process = context.Process(target=target, name=target.__name__)
        process.start(); process.join()
        print(process.exitcode)
