# What finalizers print behind an exit with a message.
# ends: exit 1
import sys


class Prints:
    def __del__(self):
        print("finalizer")


kept = Prints()


def generator():
    try:
        yield 1
    finally:
        print("generator closed")


started = generator()
next(started)
sys.exit("message")
